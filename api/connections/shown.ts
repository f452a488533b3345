/** A connection as it is given and shown: what is secret comes in and never goes out. */
import { z } from 'zod';
import { ConnectionRow } from '../../models/connections/connection.table';
import { sealedHeaders, sealedSecret } from '../../models/connections/rows';
import { faultOfBase, type AllowedHosts } from '../../models/connections/target';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import { toInstant } from '../../models/instant';
import type { Seal } from '../../models/seal';
import { defineListing } from '../http/list/listing';
import type { Change, Resource } from '../http/resource/resource';

const at = z.iso.datetime().nullable();

const Connection = z
  .object({
    id: z.uuid(),
    name: z.string(),
    baseUrl: z.string(),
    isActive: z.boolean().describe('Tasks wait for one that is not, as long as they are patient.'),
    isSigned: z.boolean().describe('It has a secret, by which requests are signed.'),
    secretGivenAt: at,
    headerNames: z.array(z.string()).describe('What is sent with each request; values are secret.'),
    headersGivenAt: at,
    revision: z.int(),
  })
  .meta({ id: 'Connection' });

export interface ConnectionShown {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly isActive: boolean;
  readonly isSigned: boolean;
  readonly secretGivenAt: Date | null;
  readonly headerNames: string[];
  readonly headersGivenAt: Date | null;
  readonly revision: number;
}

/** What Holdfast says itself, and what belongs to the way and not to the message. */
const taken =
  /^(host|connection|content-(length|type|encoding)|transfer-encoding|upgrade|te|trailer|expect|keep-alive|proxy-.*|accept|user-agent|idempotency-key|holdfast-.*)$/;

const Headers = z
  .record(
    z
      .string()
      .toLowerCase()
      .max(60)
      .regex(/^[a-z0-9-]+$/)
      .refine((name) => !taken.test(name), { message: 'is not yours to give' }),
    z
      .string()
      .max(4_000)
      .regex(/^[\x20-\x7e]*$/, 'is one line of ASCII'),
  )
  .refine((headers) => Object.keys(headers).length <= 20, { message: 'are more than 20' });

const Secret = z.string().min(16).max(500).nullable();

const input = z.strictObject({
  name: z
    .string()
    .max(80)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is lower-case words with dashes')
    .describe('Tasks name it so; it stays as it is.'),
  baseUrl: z.string().max(500).describe('https://…; paths of tasks are below it.'),
  secret: Secret.default(null).describe('Signs requests; null: they are not signed. Never shown.'),
  headers: Headers.default({}).describe(
    'Sent with each request, such as authorization. Never shown.',
  ),
  isActive: z.boolean().default(true),
});

const listing = defineListing({
  name: 'connections',
  item: Connection,
  idSql: 'c.id',
  fields: {
    name: { type: 'text', column: 'c.name', nullable: false },
    isActive: { type: 'boolean', column: 'c.is_active', nullable: false },
  },
  sorts: ['name'],
  defaultSort: 'name',
});

export function connectionResource(seal: Seal, hosts: AllowedHosts): Resource<ConnectionShown> {
  return {
    path: '/connections',
    tag: 'Administration',
    one: 'connection',
    many: 'connections',
    access: 'connection:use',
    manage: 'connection:manage',
    freshFactor: true,
    model: ConnectionRow,
    input,
    edits: input.omit({ name: true }),
    columns: (change) => columnsOf(seal, change),
    refuse: (tx, change) => refuseBase(tx, change, hosts),
    listing,
    item: Connection,
    select: `c.id, c.name, c.base_url as "baseUrl", c.is_active as "isActive",
      c.signing_secret is not null as "isSigned", c.signing_secret_at as "secretGivenAt",
      c.header_names as "headerNames", c.headers_at as "headersGivenAt", c.revision`,
    from: 'connections c',
    present: ({ secretGivenAt, headersGivenAt, ...shown }) => ({
      ...shown,
      secretGivenAt: secretGivenAt && toInstant(secretGivenAt),
      headersGivenAt: headersGivenAt && toInstant(headersGivenAt),
    }),
  };
}

const Given = input.partial();

function columnsOf(seal: Seal, { id, input: given }: Change): Record<string, unknown> {
  const { secret, headers, ...plain } = givenIn(given);
  const now = new Date();
  return {
    ...plain,
    ...(secret !== undefined && {
      signingSecret: sealedSecret(seal, id, secret),
      signingSecretAt: secret === null ? null : now,
    }),
    ...(headers !== undefined && {
      headersSecret: sealedHeaders(seal, id, headers),
      headerNames: Object.keys(headers).sort(),
      headersAt: Object.keys(headers).length === 0 ? null : now,
    }),
  };
}

/** Without the defaults of what is not given. */
function givenIn(given: Change['input']): z.infer<typeof Given> {
  const parsed = Given.parse(given);
  return Object.fromEntries(Object.entries(parsed).filter(([name]) => name in given));
}

async function refuseBase(tx: Tx, { did, id, input: given }: Change, hosts: AllowedHosts) {
  const { baseUrl, secret, headers } = givenIn(given);
  if (baseUrl === undefined) return;
  const fault = faultOfBase(baseUrl, hosts);
  if (fault !== undefined) throw invalid('/baseUrl', fault);
  if (did !== 'edited') return;
  const [before] = await tx.rows<Kept>(keptSql, [tx.organizationId, id]);
  if (!before || new URL(before.baseUrl).origin === new URL(baseUrl).origin) return;
  // Whoever could send what they may not read to a host of their own could read it.
  const detail = 'must be given anew, as the host is another one';
  if (before.hasSecret && secret === undefined) throw invalid('/secret', detail);
  if (before.hasHeaders && headers === undefined) throw invalid('/headers', detail);
}

interface Kept {
  readonly baseUrl: string;
  readonly hasSecret: boolean;
  readonly hasHeaders: boolean;
}

const keptSql = `select base_url as "baseUrl", signing_secret is not null as "hasSecret",
    headers_secret is not null as "hasHeaders"
  from connections where organization_id = $1 and id = $2`;
