/** Forms as functions: the schema of a form compiled by ajv, once for each version of an item. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import type { InputIssue } from '../errors';
import type { Schema } from './answer-field';
import { issueOf } from './form-issue';
import { boundedFormat, formats } from './formats';
import { linear } from './linear-pattern';
import { lookups, type Form } from './shape';

/**
 * Always the same function for the same form, forgotten with it; forms of published versions are kept by
 * `readItemVersion`. It finds every fault, but says nothing of what is required: that depends on what is shown.
 */
export function compiledForm(form: Form): ValidateFunction {
  const known = made.get(form) ?? compileSchema(form.schema);
  made.set(form, known);
  return known;
}

const made = new WeakMap<Form, ValidateFunction>();

/** What ajv finds wrong with a schema: with its meta-schema, or in strict mode. */
export function ajvIssues(schema: Schema, below: string): InputIssue[] {
  if (metaSchema.validateSchema(schema) !== true)
    return (metaSchema.errors ?? []).map((error) => issueOf(error, below));
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [
      { pointer: below, detail: `is no schema that can be used: ${detail}`, code: 'invalid' },
    ];
  }
}

/** Each has an ajv of its own: one for all would never forget what it compiled. */
function compileSchema(schema: Schema): ValidateFunction {
  const ajv = new Ajv2020({
    ...{ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true },
    ...{ validateSchema: false, addUsedSchema: false, logger: false, ownProperties: true },
    code: { regExp: linear },
  });
  for (const format of formats) ajv.addFormat(format, boundedFormat(format));
  ajv.addKeyword(lookup);
  return ajv.compile({ ...schema, required: [], additionalProperties: false });
}

/** What is looked up is an id; whether there is such a thing is asked of the database. */
const lookup = {
  keyword: 'lookup',
  type: 'string',
  schemaType: 'string',
  metaSchema: { enum: [...lookups] },
  errors: false,
  validate: (_: string, answer: string) => uuid.test(answer),
} as const;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const metaSchema = new Ajv2020({ allErrors: true, logger: false, strict: false });
