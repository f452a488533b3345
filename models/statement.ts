/** Statements on one table, made once from its model: the model alone says what the columns are. */
import { DataTypes, type Model, type ModelStatic } from 'sequelize';
import type { Tx } from './database';

type Fields = Readonly<Record<string, unknown>>;

/** Where a row that is there already is no error; by the names of the model. */
export interface Inserting {
  /** `keep`: the one that is there stays; a list: these fields of it are overwritten. */
  readonly onDuplicate?:
    'keep' | { readonly key: readonly string[]; readonly set: readonly string[] };
}

/** Inserts one row with the given fields; columns that are left out have their defaults. */
export async function insertRow<M extends Model>(
  tx: Tx,
  model: ModelStatic<M>,
  row: Fields,
  { onDuplicate }: Inserting = {},
): Promise<void> {
  const names = Object.keys(row);
  const text = once(model, `insert/${names.join()}`, () => {
    const columns = names.map((name) => columnOf(model, name)).join(', ');
    const binds = names.map((_, index) => `$${index + 1}`).join(', ');
    return `insert into ${model.tableName} (${columns}) values (${binds})${clauseOf(model, onDuplicate)}`;
  });
  await tx.rows(text, bindsOf(model, row, names));
}

/** Overwrites fields of the row with this key. */
export async function updateRow<M extends Model>(
  tx: Tx,
  model: ModelStatic<M>,
  key: Fields,
  changed: Fields,
): Promise<void> {
  const names = Object.keys(changed);
  const keys = Object.keys(key);
  const text = once(model, `update/${keys.join()}/${names.join()}`, () => {
    const equal = (name: string, n: number) => `${columnOf(model, name)} = $${n}`;
    const set = names.map((name, index) => equal(name, index + 1)).join(', ');
    const where = keys.map((name, index) => equal(name, names.length + index + 1)).join(' and ');
    return `update ${model.tableName} set ${set} where ${where}`;
  });
  await tx.rows(text, [...bindsOf(model, changed, names), ...bindsOf(model, key, keys)]);
}

/** All columns under the names of the model, each behind this alias: `t.opened_at as "openedAt"`. */
export function columnsOf<M extends Model>(model: ModelStatic<M>, alias: string): string {
  return once(model, `columns/${alias}`, () =>
    Object.keys(model.getAttributes())
      .map((name) => `${alias}.${columnOf(model, name)} as "${name}"`)
      .join(', '),
  );
}

const texts = new WeakMap<object, Map<string, string>>();

function once(model: object, what: string, make: () => string): string {
  const known = texts.get(model) ?? new Map<string, string>();
  texts.set(model, known);
  const text = known.get(what) ?? make();
  known.set(what, text);
  return text;
}

function attributeOf(model: ModelStatic<Model>, name: string) {
  const attribute = model.getAttributes()[name];
  if (attribute === undefined) throw new Error(`${model.tableName} has no field ${name}`);
  return attribute;
}

function columnOf(model: ModelStatic<Model>, name: string): string {
  return attributeOf(model, name).field ?? name;
}

/** The driver takes arrays for arrays of PostgreSQL, so what goes into jsonb is written out here. */
function bindsOf(model: ModelStatic<Model>, row: Fields, names: readonly string[]): unknown[] {
  return names.map((name) =>
    attributeOf(model, name).type instanceof DataTypes.JSONB
      ? JSON.stringify(row[name])
      : row[name],
  );
}

function clauseOf(model: ModelStatic<Model>, onDuplicate: Inserting['onDuplicate']): string {
  if (onDuplicate === undefined) return '';
  if (onDuplicate === 'keep') return ' on conflict do nothing';
  const columns = (names: readonly string[]) => names.map((name) => columnOf(model, name));
  const set = columns(onDuplicate.set).map((column) => `${column} = excluded.${column}`);
  return ` on conflict (${columns(onDuplicate.key).join(', ')}) do update set ${set.join(', ')}`;
}
