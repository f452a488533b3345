/** How a policy and its versions look. */
import { z } from 'zod';
import { PolicyRuleShape } from '../../models/sla/policy/schema';
import { defineListing } from '../http/list/listing';

export const states = ['draft', 'published', 'retired'] as const;

const Rules = z.array(PolicyRuleShape);

export const SlaPolicyVersion = z
  .object({
    version: z.int(),
    name: z.string(),
    position: z.int(),
    rules: Rules.describe('None: it promises nothing, as the policy was retired.'),
    appliesTo: z
      .enum(['new', 'open'])
      .describe('Tickets that are opened from then on, or open ones, too.'),
    publishedAt: z.iso
      .datetime()
      .nullable()
      .describe('When it comes, or came, into force; null: it was withdrawn before.'),
  })
  .meta({ id: 'SlaPolicyVersion' });

export const SlaPolicy = z
  .object({
    id: z.uuid(),
    name: z.string(),
    ticketType: z.string(),
    position: z
      .int()
      .describe(
        'Policies are asked in this order, then by name. A version keeps what it was published with.',
      ),
    state: z.enum(states).describe('Draft: it was never published.'),
    draft: z
      .object({ rules: Rules })
      .nullable()
      .describe('What the next version will say; null: nothing was edited since the last one.'),
    inForce: SlaPolicyVersion.nullable().describe('For tickets that are opened now.'),
    scheduled: SlaPolicyVersion.nullable(),
    revision: z.int(),
  })
  .meta({ id: 'SlaPolicy' });

export type StoredPolicy = z.infer<typeof SlaPolicy>;

export const policyListing = defineListing({
  name: 'slaPolicies',
  item: SlaPolicy,
  idSql: 'h.id',
  fields: {
    name: { type: 'text', column: 'h.name', nullable: false },
    ticketType: { type: 'text', column: 'h.ticket_type', nullable: false },
    position: { type: 'integer', column: 'h.position', nullable: false },
    state: { type: 'enum', column: 'h.state', values: states, nullable: false },
  },
  sorts: ['position', 'name'],
  defaultSort: 'position,name',
});

/** Infinity is no instant: `to_char` makes null of it. */
export const versionSql = `jsonb_build_object(
  'version', v.version, 'name', v.name, 'position', v.position, 'rules', v.rules,
  'appliesTo', case when v.applies_to_open then 'open' else 'new' end,
  'publishedAt', to_char(v.published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;

export const isComing = `v.published_at > statement_timestamp() and v.published_at < 'infinity'`;
export const hasCome = 'v.published_at <= statement_timestamp()';

const newest = (which: string) => `lateral (
    select ${versionSql} as shown from sla_policies v
     where v.organization_id = h.organization_id and v.id = h.id and ${which}
     order by v.version desc limit 1)`;

export const policySelect = `h.id, h.name, h.ticket_type as "ticketType", h.position, h.state, h.draft,
  f.shown as "inForce", s.shown as scheduled, h.revision`;

export const policyFrom = `sla_policy_heads h
  left join ${newest(hasCome)} f on true
  left join ${newest(isComing)} s on true`;
