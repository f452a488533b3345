/** Policies as a resource: edits are drafts beside the version that is in force. */
import { z } from 'zod';
import { SlaPolicyRow } from '../../models/resources/tables';
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { PolicyRules } from '../../models/sla/policy/schema';
import type { ProcessDeclaration } from '../../workflows/process';
import { Line } from '../http/input/fields';
import { without } from '../http/resource/links';
import type { Change, Resource } from '../http/resource/resource';
import { refuseWrong } from './ground';
import { policyFrom, policyListing, policySelect, SlaPolicy, type StoredPolicy } from './shown';

const furthest = 1_000_000;

const edits = z.strictObject({
  name: Line,
  position: z.int().min(-furthest).max(furthest).default(0),
  rules: PolicyRules.meta({ id: 'PolicyRules' }),
});
const input = edits.extend({ ticketType: z.string().max(60).default('incident') });

/** A resource whose policies are checked against these processes. */
export function policiesFor(processes: readonly ProcessDeclaration[]): Resource<StoredPolicy> {
  return {
    path: '/sla-policies',
    tag: 'Catalogue',
    one: 'policy',
    many: 'SLA policies',
    access: 'signedIn',
    manage: 'sla-policy:manage',
    model: SlaPolicyRow,
    input,
    edits,
    columns: ({ input: given }) =>
      given['rules'] === undefined
        ? given
        : { ...without(given, 'rules'), draft: { rules: given['rules'] } },
    refuse: (tx, change) => refuse(tx, change, processes),
    alongside: beginDraft,
    listing: policyListing,
    item: SlaPolicy,
    select: policySelect,
    from: policyFrom,
    present: (row) => SlaPolicy.parse(row),
  };
}

async function refuse(
  tx: Tx,
  { did, id, input: given }: Change,
  processes: readonly ProcessDeclaration[],
): Promise<void> {
  if (did === 'deleted') return refusePublished(tx, id);
  if (given['rules'] === undefined) return;
  const type = did === 'created' ? String(given['ticketType']) : await typeOf(tx, id);
  await refuseWrong(tx, promising(processes, type), { rules: PolicyRules.parse(given['rules']) });
}

/** The process of a type that takes policies. Throws invalid_input. */
export function promising(
  processes: readonly ProcessDeclaration[],
  type: string,
): ProcessDeclaration {
  const takers = processes.filter(({ sla }) => sla !== undefined);
  const process = takers.find((one) => one.type === type);
  if (process !== undefined) return process;
  const names = takers.map((one) => one.type).join(', ');
  throw invalid('/ticketType', `must be one that takes SLA policies: ${names}`);
}

async function typeOf(tx: Tx, id: string): Promise<string> {
  const [row] = await tx.rows<{ type: string }>(
    'select ticket_type as type from sla_policy_heads where organization_id = $1 and id = $2',
    [tx.organizationId, id],
  );
  if (row === undefined) throw new Refusal('not_found', 'There is no such policy.');
  return row.type;
}

/** Clocks and feeds name versions, also one that was withdrawn. */
async function refusePublished(tx: Tx, id: string): Promise<void> {
  const rows = await tx.rows(
    'select 1 from sla_policies where organization_id = $1 and id = $2 limit 1',
    [tx.organizationId, id],
  );
  if (rows.length === 0) return;
  throw new Refusal('conflict', 'The policy was published: retire it instead.');
}

/** An edit that says nothing of the rules is a draft of those that are published. */
async function beginDraft(tx: Tx, { did, id }: Change): Promise<void> {
  if (did !== 'edited') return;
  await tx.rows(
    `update sla_policy_heads h set draft = jsonb_build_object('rules', v.rules)
       from (select rules from sla_policies
              where organization_id = $1 and id = $2 and published_at < 'infinity'
              order by version desc limit 1) v
      where h.organization_id = $1 and h.id = $2 and h.draft is null and v.rules <> '[]'`,
    [tx.organizationId, id],
  );
}
