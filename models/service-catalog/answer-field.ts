/** What conditions can ask about an answer, read from the schema of its property. */
import { operatorsOf, type ConditionField, type FieldType } from '../filter/field';
import type { Json } from '../tickets/ticket';

export type Schema = Readonly<Record<string, Json>>;

/**
 * A field that may be null, as every answer may be left out or hidden; a list of texts can be asked what is in
 * it. Undefined: no condition asks for it (an object, a list of objects).
 */
export function answerField(schema: Schema): ConditionField | undefined {
  const type = typeOf(schema);
  if (type === 'array') {
    const items = schemaOf(schema['items']);
    return items && listed(scalarField(items, typeOf(items)));
  }
  return scalarField(schema, type);
}

/** A member as a schema; undefined: it is none, or it is `true` or `false`. */
export function schemaOf(value: Json | undefined): Schema | undefined {
  const isObject = typeof value === 'object' && value !== null && !isList(value);
  return isObject ? value : undefined;
}

/** `Array.isArray` does not narrow lists that are read-only. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** By name; empty when it has none. */
export function propertiesOf(schema: Schema): readonly (readonly [string, Schema])[] {
  return Object.entries(schemaOf(schema['properties']) ?? {}).map(([name, property]) => [
    name,
    schemaOf(property) ?? {},
  ]);
}

/** The one type beside `null`. */
function typeOf({ type }: Schema): Json | undefined {
  if (!isList(type)) return type;
  const types = type.filter((one) => one !== 'null');
  return types.length === 1 ? types[0] : undefined;
}

function scalarField(schema: Schema, type: Json | undefined): ConditionField | undefined {
  if (type === 'boolean' || type === 'integer' || type === 'number') return fieldOf(type);
  if (type !== 'string') return undefined;
  if (schema['lookup'] !== undefined) return { ...fieldOf('reference'), isIdOnly: true };
  const values = choicesOf(schema);
  if (values !== undefined) return { ...fieldOf('enum'), values };
  const { format } = schema;
  return fieldOf(format === 'date' || format === 'date-time' ? 'instant' : 'text');
}

/** `enum`, or `oneOf` of constants with titles. */
function choicesOf(schema: Schema): readonly string[] | undefined {
  const { enum: values, oneOf } = schema;
  const given = isList(values) ? values : isList(oneOf) ? oneOf.map(constantOf) : undefined;
  const texts = given?.flatMap((one) => (typeof one === 'string' ? [one] : []));
  return given !== undefined && texts?.length === given.length ? texts : undefined;
}

function constantOf(alternative: Json): Json {
  return schemaOf(alternative)?.['const'] ?? null;
}

function fieldOf(type: FieldType): ConditionField {
  return { type, values: [], nullable: true, operators: operatorsOf({ type, nullable: true }) };
}

/** A list has no order. */
function listed(field: ConditionField | undefined): ConditionField | undefined {
  return field && { ...field, operators: ['eq', 'ne', 'in', 'nin', 'isnull'] };
}
