/** A form: its schema, its hints, and that its questions can be asked in some order. */
import type { InputIssue } from '../../errors';
import type { Json } from '../../tickets/ticket';
import { isList, propertiesOf, schemaOf, type Schema } from '../answer-field';
import { answerFields } from '../conditions';
import { ajvIssues } from '../form';
import { formSchemaIssues } from '../form-schema';
import { partOf } from '../form-schema/references';
import type { Form } from '../shape';
import { orderOf } from '../visible';
import { conditionIssues } from './condition';

export function formIssues(form: Form, below: string): InputIssue[] {
  const place = `${below}/schema`;
  const ofSchema = formSchemaIssues(form.schema, place);
  if (ofSchema.length > 0) return ofSchema;
  const ofAjv = ajvIssues(form.schema, place);
  return ofAjv.length > 0 ? ofAjv : hintIssues(form, below);
}

function hintIssues(form: Form, below: string): InputIssue[] {
  const { order, fields } = form.hints;
  const names = propertiesOf(form.schema).map(([name]) => name);
  const place = `${below}/hints`;
  const conditions = Object.entries(fields).flatMap(([name, { visibleWhen }]) =>
    conditionIssues(answerFields(form), visibleWhen, `${place}/fields/${name}/visibleWhen`),
  );
  const unknown = (name: string, pointer: string) =>
    names.includes(name) ? [] : [issue(pointer, 'is no property', 'not_found')];
  return [
    ...order.flatMap((name, n) => [
      ...unknown(name, `${place}/order/${n}`),
      ...(order.indexOf(name) < n ? [issue(`${place}/order/${n}`, 'is given twice', 'taken')] : []),
    ]),
    ...Object.keys(fields).flatMap((name) => unknown(name, `${place}/fields/${name}`)),
    ...conditions,
    ...(conditions.length > 0 ? [] : circleIssues(form, place)),
    ...demandIssues(form, `${below}/schema`),
  ];
}

function circleIssues(form: Form, place: string): InputIssue[] {
  return orderOf(form).circle.map((name) =>
    issue(`${place}/fields/${name}/visibleWhen`, 'waits for its own answer', 'cycle'),
  );
}

/**
 * What may be hidden is required by the `required` of the form alone, which counts only while it is shown; other
 * parts of the schema would demand what may not be given.
 */
function demandIssues({ schema, hints }: Form, below: string): InputIssue[] {
  const isHideable = (name: string) => hints.fields[name]?.visibleWhen !== undefined;
  const hidden = [...new Set(demandedBeside(schema, schemaOf(schema['$defs']) ?? {}))].filter(
    isHideable,
  );
  return hidden.map((name) =>
    issue(`${below}/properties/${name}`, 'may be hidden: only the form itself requires it'),
  );
}

/** Those that must hold in some case; `if` and `not` only ask. */
const inPlace = ['allOf', 'anyOf', 'oneOf', 'then', 'else', 'dependentSchemas'];

/** Names that schemas of the same object, beside its own `required`, ask for. */
function demandedBeside(schema: Schema, parts: Schema): string[] {
  const beside = inPlace.flatMap((name) => schemasIn(schema[name], name === 'dependentSchemas'));
  const part = partOf(schema['$ref']);
  const named = part === undefined ? undefined : schemaOf(parts[part]);
  const inner = [...beside, ...(named === undefined ? [] : [named])];
  const dependent = Object.values(schemaOf(schema['dependentRequired']) ?? {}).flatMap(textsIn);
  return [
    ...dependent,
    ...inner.flatMap((one) => [...textsIn(one['required']), ...demandedBeside(one, parts)]),
  ];
}

function schemasIn(value: Json | undefined, isMap: boolean): Schema[] {
  const object = schemaOf(value);
  const values = isList(value) ? value : isMap ? Object.values(object ?? {}) : [value];
  return values.map(schemaOf).filter((one) => one !== undefined);
}

function textsIn(value: Json | undefined): string[] {
  return isList(value) ? value.flatMap((one) => (typeof one === 'string' ? [one] : [])) : [];
}

function issue(pointer: string, detail: string, code = 'invalid'): InputIssue {
  return { pointer, detail, code };
}
