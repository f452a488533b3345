/** Make, edit and delete a plain resource: with revision, refusals and a record of who did what. */
import type { Model, ModelStatic } from 'sequelize';
import { z } from 'zod';
import type { Tx } from '../../../models/database';
import { Refusal } from '../../../models/errors';
import { insertRow, updateRow } from '../../../models/statement';
import { readRoutes, type ListSources, type Readable } from '../list/readable';
import type { By } from '../request';
import { defineRoute, type Access, type Route } from '../route';
import { refusingBroken } from './constraint';
import { record } from './record';

type Fields = Readonly<Record<string, unknown>>;

export interface Resource<Row extends Identified> extends Readable<Row> {
  readonly model: ModelStatic<Model>;
  /** Who may write. */
  readonly manage: Exclude<Access, 'public'>;
  /** Whether writing asks for a fresh proof of who it is. */
  readonly freshFactor?: boolean;
  /** Fields of a new one, by the names of the model. */
  readonly input: z.ZodObject;
  /** Those that may be edited later; default: all. */
  readonly edits?: z.ZodObject;
  /** What is never deleted, as too much refers to it. */
  readonly stays?: boolean;
  /** What is stored of an input, worked out before the transaction; default: the input itself. */
  readonly stored?: (input: Fields, id: string) => Promise<Fields>;
  /** What of a change its own table keeps, where `stored` says nothing; default: the input. */
  readonly columns?: (change: Change) => Fields;
  /** Refuses whoever may not do this to this thing, before it is looked at or locked. */
  readonly admit?: (tx: Tx, change: Change) => Promise<void>;
  /** Whether what is done to it is the organization's to know; default: all is. */
  readonly isRecorded?: (row: Row) => boolean;
  /** Refuses what no constraint of the table can, in the transaction, before it is written. */
  readonly refuse?: (tx: Tx, change: Change) => Promise<void>;
  /** Writes what belongs to it elsewhere, in the transaction, after it is written. */
  readonly alongside?: (tx: Tx, change: Change) => Promise<void>;
  /** What a new one causes, in its transaction, once it is recorded. */
  readonly made?: (tx: Tx, change: Change) => Promise<void>;
  /** Told after the transaction of a new one. */
  readonly committed?: () => void;
}

/** What somebody is about to do; the input of what is deleted is empty. */
export interface Change extends By {
  readonly did: Did;
  readonly id: string;
  readonly input: Fields;
}

type Did = 'created' | 'edited' | 'deleted';

export interface Identified {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
}

const base = '/api/v1';

export function resourceRoutes<Row extends Identified>(
  sources: ListSources,
  resource: Resource<Row>,
): Route[] {
  return [
    ...readRoutes(sources, resource),
    createRoute(sources, resource),
    editRoute(sources, resource),
    ...(resource.stays === true ? [] : [deleteRoute(sources, resource)]),
  ];
}

const Params = z.strictObject({ id: z.uuid() });

function createRoute<Row extends Identified>(
  { database }: ListSources,
  resource: Resource<Row>,
): Route {
  const { one, path, tag, manage, freshFactor = false, item, input } = resource;
  return defineRoute({
    method: 'post',
    path,
    tag,
    access: manage,
    freshFactor,
    summary: `Make a ${one}.`,
    body: input.meta({ id: `New${nameOf(item)}` }),
    reply: { status: 201, description: 'It is there.', body: item },
    handle: async ({ actor, body, request }) => {
      const id = request.commandId;
      const change: Change = { did: 'created', id, input: body, actor, request };
      const fields = (await resource.stored?.(body, id)) ?? columnsOf(resource, change);
      const row = await write(resource, () =>
        database.inOrganization(actor.organizationId, async (tx) => {
          const made = await find(tx, resource, id);
          if (made) return made;
          return makeIn(tx, resource, change, fields);
        }),
      );
      resource.committed?.();
      const location = `${base}${path}/${id}`;
      return { body: resource.present(row, actor), revision: row.revision, location };
    },
  });
}

function editRoute<Row extends Identified>(
  { database }: ListSources,
  resource: Resource<Row>,
): Route {
  const { one, path, tag, manage, freshFactor = false, item } = resource;
  const { edits = resource.input } = resource;
  return defineRoute({
    method: 'patch',
    path: `${path}/{id}`,
    tag,
    access: manage,
    freshFactor,
    summary: `Edit a ${one}.`,
    params: Params,
    body: partial(edits).meta({ id: `Edit${nameOf(item)}` }),
    reply: { status: 200, description: 'It is edited.', body: item },
    handle: async ({ actor, params: { id }, body, request }) => {
      const row = await write(resource, () =>
        database.inOrganization(actor.organizationId, async (tx) => {
          const change: Change = { did: 'edited', id, input: body, actor, request };
          return editIn(tx, resource, change, request.ifMatch);
        }),
      );
      return { body: resource.present(row, actor), revision: row.revision };
    },
  });
}

function deleteRoute<Row extends Identified>(
  { database }: ListSources,
  resource: Resource<Row>,
): Route {
  const { one, path, tag, manage, freshFactor = false, model } = resource;
  return defineRoute({
    method: 'delete',
    path: `${path}/{id}`,
    tag,
    access: manage,
    freshFactor,
    summary: `Delete a ${one} that nothing refers to.`,
    params: Params,
    reply: { status: 204, description: 'It is gone.' },
    handle: async ({ actor, params: { id }, request }) => {
      await write(resource, () =>
        database.inOrganization(actor.organizationId, async (tx) => {
          const change: Change = { did: 'deleted', id, input: {}, actor, request };
          await resource.admit?.(tx, change);
          const before = await hold(tx, resource, id, request.ifMatch);
          await resource.refuse?.(tx, change);
          await tx.rows(`delete from ${model.tableName} where organization_id = $1 and id = $2`, [
            tx.organizationId,
            id,
          ]);
          await record(tx, { actor, request }, resource, { did: 'deleted', before });
        }),
      );
      return {};
    },
  });
}

/** Makes one inside a transaction: `fields` are what is stored of its input. Throws what refuses it. */
export async function makeIn<Row extends Identified>(
  tx: Tx,
  resource: Resource<Row>,
  change: Change,
  fields: Fields,
): Promise<Row> {
  const { id } = change;
  await resource.admit?.(tx, change);
  await resource.refuse?.(tx, change);

  await insertRow(tx, resource.model, { organizationId: tx.organizationId, id, ...fields });
  await resource.alongside?.(tx, change);
  const after = await read(tx, resource, id);
  await record(tx, change, resource, { did: 'created', after });
  await resource.made?.(tx, change);
  return after;
}

/** Edits one inside a transaction. Throws what refuses it, not_found, stale_version. */
export async function editIn<Row extends Identified>(
  tx: Tx,
  resource: Resource<Row>,
  change: Change,
  ifMatch?: number,
): Promise<Row> {
  const { id } = change;
  await resource.admit?.(tx, change);
  const before = await hold(tx, resource, id, ifMatch);
  await resource.refuse?.(tx, change);
  const key = { organizationId: tx.organizationId, id };
  const fields = columnsOf(resource, change);
  await updateRow(tx, resource.model, key, { ...fields, revision: before.revision + 1 });
  await resource.alongside?.(tx, change);
  const after = await read(tx, resource, id);
  await record(tx, change, resource, { did: 'edited', before, after });
  return after;
}

function columnsOf<Row extends Identified>({ columns }: Resource<Row>, change: Change): Fields {
  return columns?.(change) ?? change.input;
}

function write<T>({ model }: { readonly model: ModelStatic<Model> }, work: () => Promise<T>) {
  return refusingBroken(model.tableName, work);
}

/** Every field may be left out; defaults of new ones would overwrite what is there. */
function partial(input: z.ZodObject): z.ZodObject {
  const fields = Object.entries<z.ZodType>(input.shape);
  const shape = fields.map(([name, field]) => [name, withoutDefault(field).optional()] as const);
  return z
    .strictObject(Object.fromEntries(shape))
    .refine((given) => Object.keys(given).length > 0, { message: 'give at least one field' });
}

function withoutDefault(field: z.ZodType): z.ZodType {
  if (!(field instanceof z.ZodDefault)) return field;
  const inner = field.unwrap();
  if (inner instanceof z.ZodType) return inner;
  throw new Error('A default of no field');
}

/** As in the OpenAPI document: `Service`. */
function nameOf(item: z.ZodObject): string {
  return item.meta()?.id ?? '';
}

async function find<Row extends Identified>(
  tx: Tx,
  { select, from, listing, within = 'true' }: Resource<Row>,
  id: string,
): Promise<Row | undefined> {
  const [row] = await tx.rows<Row>(
    `select ${select} from ${from} where ${listing.idSql} = $1::uuid and (${within})`,
    [id],
  );
  return row;
}

/** Throws not_found. */
export async function read<Row extends Identified>(tx: Tx, resource: Resource<Row>, id: string) {
  const row = await find(tx, resource, id);
  if (row === undefined) throw new Refusal('not_found', `There is no such ${resource.one}.`);
  return row;
}

/**
 * As it is, locked until the transaction ends; not so that rows which refer to it must wait: two that are
 * put below each other would wait for ever. Throws not_found and stale_version.
 */
export async function hold<Row extends Identified>(
  tx: Tx,
  resource: Resource<Row>,
  id: string,
  ifMatch: number | undefined,
): Promise<Row> {
  await tx.rows(
    `select 1 from ${resource.model.tableName} where organization_id = $1 and id = $2
        for no key update`,
    [tx.organizationId, id],
  );
  const row = await read(tx, resource, id);
  if (ifMatch === undefined || ifMatch === row.revision) return row;
  throw new Refusal(
    'stale_version',
    `The ${resource.one} is at revision ${row.revision}, not at ${ifMatch}: read it again.`,
    { revision: row.revision },
  );
}
