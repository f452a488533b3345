/** API tokens: made for a program, shown once, listed and revoked; one's own, and those of service accounts. */
import { z } from 'zod';
import { recordAct } from '../../models/audit/record';
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { refuseBeyond, rightsAt } from '../../models/users/escalation';
import { heldOf, type Permission } from '../../models/users/permissions';
import { hashOf } from '../auth/opaque-token';
import { Line } from '../http/input/fields';
import type { ListSources } from '../http/list/readable';
import { Reference } from '../http/reference';
import { doerOf, type By } from '../http/request';
import { defineRoute, type Access, type Route } from '../http/route';
import { newApiToken } from './token';

export interface TokenSources extends ListSources {
  readonly permissions: readonly Permission[];
}

/** Whose tokens these routes are about. */
export interface Owner {
  /** Below which they are: `/me/api-tokens`. */
  readonly path: string;
  readonly access: Exclude<Access, 'public'>;
  readonly tag: string;
  readonly params: z.ZodObject;
  /** Gives the id of the owner, or throws not_found. */
  readonly of: (
    tx: Tx,
    by: By['actor'],
    params: Readonly<Record<string, unknown>>,
  ) => Promise<string>;
}

const ApiToken = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.string()),
    addresses: z.array(z.string()).nullable().describe('Null: from everywhere.'),
    createdBy: Reference,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().describe('To the minute.'),
    lastUsedFrom: z.string().nullable(),
  })
  .meta({ id: 'ApiToken' });

const NewApiToken = ApiToken.extend({
  token: z.string().describe('Shown this once. Send it as `Authorization: Bearer`.'),
}).meta({ id: 'NewApiToken' });

const wish = z.strictObject({
  name: Line,
  scopes: z
    .array(z.string().max(100))
    .min(1)
    .max(200)
    .refine((names) => new Set(names).size === names.length, { message: 'names one twice' })
    .describe('Permissions as in `GET /permissions`: all that the token may do.'),
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  addresses: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .min(1)
    .max(50)
    .nullable()
    .default(null)
    .describe('Addresses and networks that it may be used from.'),
});

type Wish = z.output<typeof wish>;

export function tokenRoutes(sources: TokenSources, owner: Owner): Route[] {
  return [makeRoute(sources, owner), listRoute(sources, owner), revokeRoute(sources, owner)];
}

function makeRoute(
  { database, permissions: all }: TokenSources,
  { path, access, tag, params, of }: Owner,
): Route {
  return defineRoute({
    method: 'post',
    path,
    tag,
    access,
    secret: true,
    freshFactor: true,
    ifMatch: false,
    summary: 'Make an API token.',
    params,
    body: wish,
    reply: { status: 201, description: 'It is shown this once.', body: NewApiToken },
    handle: async ({ actor, params: given, body, request }) => {
      const token = newApiToken(actor.organizationId);
      const row = await database.inOrganization(actor.organizationId, async (tx) => {
        const userId = await of(tx, actor, given);
        await refuseScopes(tx, { userId, by: actor, wish: body }, all);
        const id = request.commandId;
        await insert(tx, { id, userId, hash: hashOf(token), by: actor.id }, body);
        const target = { type: 'token', id, name: body.name };
        const after = { ...body, userId };
        await recordAct(tx, doerOf({ actor, request }), { action: 'token.created', target, after });
        return read(tx, userId, id);
      });
      return { body: { ...present(row), token } };
    },
  });
}

/** What the owner does not hold would never count; what the maker does not hold is not theirs to give. */
async function refuseScopes(
  tx: Tx,
  { userId, by, wish: { scopes, expiresAt } }: { userId: string; by: By['actor']; wish: Wish },
  all: readonly Permission[],
): Promise<void> {
  const now = await tx.now();
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.parse(now))
    throw invalid('/expiresAt', 'must lie in the future');
  const rights = await rightsAt(tx, userId, now);
  const held = rights ? heldOf(rights, all) : [];
  const beyond = scopes.findIndex((scope) => !held.includes(scope));
  if (beyond !== -1) throw invalid(`/scopes/${beyond}`, 'is no permission that the account has');
  if (userId !== by.id || by.scopes !== undefined)
    await refuseBeyond(tx, by, { permissions: scopes, until: expiresAt }, all);
}

function listRoute({ database }: TokenSources, { path, access, tag, params, of }: Owner): Route {
  return defineRoute({
    method: 'get',
    path,
    tag,
    access,
    summary: 'List API tokens that have not ended, the newest first.',
    params,
    reply: { status: 200, description: 'All.', body: z.object({ data: z.array(ApiToken) }) },
    handle: async ({ actor, params: given }) => {
      const rows = await database.inOrganization(actor.organizationId, async (tx) => {
        const userId = await of(tx, actor, given);
        return tx.rows<TokenRow>(`${tokensSql} order by t.created_at desc, t.id desc`, [
          tx.organizationId,
          userId,
        ]);
      });
      return { body: { data: rows.map(present) } };
    },
  });
}

function revokeRoute({ database }: TokenSources, { path, access, tag, params, of }: Owner): Route {
  return defineRoute({
    method: 'delete',
    path: `${path}/{tokenId}`,
    tag,
    access,
    ifMatch: false,
    summary: 'Revoke an API token; acts at once.',
    params: params.extend({ tokenId: z.uuid() }),
    reply: { status: 204, description: 'It has ended.' },
    handle: async ({ actor, params: given, request }) => {
      await database.inOrganization(actor.organizationId, async (tx) => {
        const userId = await of(tx, actor, given);
        const [ended] = await tx.rows<{ name: string }>(
          `update api_tokens set revoked_at = clock_timestamp()
            where organization_id = $1 and user_id = $2 and id = $3 and revoked_at is null
          returning name`,
          [tx.organizationId, userId, given['tokenId']],
        );
        if (!ended) throw new Refusal('not_found', 'There is no such token.');
        const target = { type: 'token', id: String(given['tokenId']), name: ended.name };
        await recordAct(tx, doerOf({ actor, request }), { action: 'token.revoked', target });
      });
      return {};
    },
  });
}

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: string[];
  readonly addresses: string[] | null;
  readonly createdBy: Reference;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedFrom: string | null;
}

const tokensSql = `
  select t.id, t.name, t.scopes, t.addresses::text[] as addresses,
         jsonb_build_object('id', c.id, 'name', c.name) as "createdBy",
         t.created_at as "createdAt", t.expires_at as "expiresAt",
         t.last_used_at as "lastUsedAt", t.last_used_from as "lastUsedFrom"
    from api_tokens t join users c on c.organization_id = t.organization_id and c.id = t.created_by
   where t.organization_id = $1 and t.user_id = $2 and t.revoked_at is null
     and coalesce(t.expires_at > clock_timestamp(), true)`;

async function read(tx: Tx, userId: string, id: string): Promise<TokenRow> {
  const [row] = await tx.rows<TokenRow>(`${tokensSql} and t.id = $3`, [
    tx.organizationId,
    userId,
    id,
  ]);
  if (!row) throw new Error('A token that was written is not there.');
  return row;
}

async function insert(
  tx: Tx,
  { id, userId, hash, by }: { id: string; userId: string; hash: string; by: string },
  { name, scopes, expiresAt, addresses }: Wish,
): Promise<void> {
  await tx.rows(
    `insert into api_tokens (organization_id, id, user_id, token_hash, created_by, name, scopes,
                             expires_at, addresses)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text[]::inet[])`,
    [tx.organizationId, id, userId, hash, by, name, scopes, expiresAt, addresses],
  );
}

function present(row: TokenRow): z.infer<typeof ApiToken> {
  const { createdAt, expiresAt, lastUsedAt } = row;
  return {
    ...row,
    createdAt: toInstant(createdAt),
    expiresAt: expiresAt && toInstant(expiresAt),
    lastUsedAt: lastUsedAt && toInstant(lastUsedAt),
  };
}
