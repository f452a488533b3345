/** Formats of texts that forms may ask for; the others of JSON Schema are no questions to people. */
import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';

export const formats = [
  'date',
  'date-time',
  'time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uuid',
] as const;

/** Beyond that no address and no date is; the expressions of formats are not in proportion to the text. */
const longest = 2_000;

/** As ajv asks for it: whether a text has this format. */
export function boundedFormat(format: (typeof formats)[number]): (text: string) => boolean {
  return (text) => text.length <= longest && validatorOf(format)(text);
}

const validators = new Map<string, ValidateFunction>();

function validatorOf(format: string): ValidateFunction {
  const known = validators.get(format) ?? source.compile({ type: 'string', format });
  validators.set(format, known);
  return known;
}

const source = new Ajv2020();
addFormats(source, [...formats]);
