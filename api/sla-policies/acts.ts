/** How versions of a policy come into force, and how they do not. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import type { PolicyDefinition } from '../../models/sla/policy/shape';
import type { ProcessDeclaration } from '../../workflows/process';
import { Moment } from '../http/input/fields';
import type { ListSources } from '../http/list/readable';
import { actOn } from '../http/resource/act';
import type { Resource } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';
import { refuseWrong } from './ground';
import { published, type Publication } from './published';
import { promising } from './resource';
import { hasCome, isComing, SlaPolicy, type StoredPolicy } from './shown';

interface Acting extends ListSources {
  readonly policies: Resource<StoredPolicy>;
  readonly processes: readonly ProcessDeclaration[];
}

export function actRoutes(deps: Acting): Route[] {
  return [publishRoute(deps), withdrawRoute(deps), retireRoute(deps)];
}

const Nothing = z.strictObject({});
const Publish = z
  .strictObject({
    at: Moment.optional().describe('When it comes into force; left out: now.'),
    appliesTo: z.enum(['new', 'open']).default('new'),
  })
  .meta({ id: 'PublishSlaPolicy' });

function publishRoute(deps: Acting): Route {
  const work: Work<z.infer<typeof Publish>> = async (tx, policy, { at, appliesTo }) => {
    refuseScheduled(policy);
    if (policy.draft === null)
      throw new Refusal('conflict', 'There is nothing to publish: edit the policy first.');
    const now = await tx.now();
    const from = at === undefined ? now : toInstant(Date.parse(at));
    if (from < now) throw invalid('/at', 'is in the past');
    await refuseWrong(tx, promising(deps.processes, policy.ticketType), policy.draft);
    await publish(tx, policy, { definition: policy.draft, at: from, appliesTo });
    await settle(tx, policy.id, { draft: null, state: 'published' });
  };
  return actRoute(deps, {
    name: 'publish',
    did: 'published',
    summary: 'Publish the draft as the next version.',
    body: Publish,
    work,
  });
}

function withdrawRoute(deps: Acting): Route {
  const work: Work<z.infer<typeof Nothing>> = async (tx, policy) => {
    const { scheduled } = policy;
    if (scheduled === null)
      throw new Refusal('conflict', 'No version of the policy is scheduled: nothing is withdrawn.');
    await withdraw(tx, policy.id, scheduled.version);
    const state = await stateOf(tx, policy.id);
    await settle(tx, policy.id, { draft: policy.draft ?? { rules: scheduled.rules }, state });
  };
  return actRoute(deps, {
    name: 'withdraw',
    did: 'withdrawn',
    summary: 'Withdraw the version that is scheduled; its rules are the draft again.',
    description: 'A draft that was begun since is kept in their place.',
    body: Nothing,
    work,
  });
}

function retireRoute(deps: Acting): Route {
  const work: Work<z.infer<typeof Nothing>> = async (tx, policy) => {
    refuseScheduled(policy);
    if (policy.state !== 'published')
      throw new Refusal(
        'conflict',
        `The policy is ${policy.state}: only a published one is retired.`,
      );
    const at = await tx.now();
    await publish(tx, policy, { definition: { rules: [] }, at, appliesTo: 'new' });
    await settle(tx, policy.id, { draft: policy.draft, state: 'retired' });
  };
  return actRoute(deps, {
    name: 'retire',
    did: 'retired',
    summary: 'Promise nothing to new tickets any more: publish a version without rules.',
    description: 'Tickets that are open keep what they were promised. Publishing again ends it.',
    body: Nothing,
    work,
  });
}

type Work<Body> = (tx: Tx, policy: StoredPolicy, body: Body) => Promise<void>;

interface Act<Body extends z.ZodObject> {
  readonly name: string;
  readonly did: string;
  readonly summary: string;
  readonly description?: string;
  readonly body: Body;
  readonly work: Work<z.infer<Body>>;
}

function actRoute<Body extends z.ZodObject>(
  { database, policies }: Acting,
  { name, did, work, ...facts }: Act<Body>,
): Route {
  return defineRoute({
    ...facts,
    method: 'post',
    path: `${policies.path}/{id}/actions/${name}`,
    tag: policies.tag,
    access: policies.manage,
    params: z.strictObject({ id: z.uuid() }),
    reply: { status: 200, description: `It is ${did}.`, body: SlaPolicy },
    handle: async ({ actor, params: { id }, body, request }) => {
      const deed = { did, id, actor, request, ifMatch: request.ifMatch };
      const row = await database.inOrganization(actor.organizationId, (tx) =>
        actOn(tx, policies, deed, (policy) => work(tx, policy, body)),
      );
      return { body: SlaPolicy.parse(row), revision: row.revision };
    },
  });
}

/** Two that are scheduled would be in force in an order that nobody reads from their numbers. */
function refuseScheduled({ scheduled }: StoredPolicy): void {
  if (scheduled === null) return;
  const { version, publishedAt } = scheduled;
  const when = `Version ${version} is scheduled for ${publishedAt ?? 'never'}`;
  throw new Refusal('conflict', `${when}: withdraw it first, or wait.`, { scheduled: version });
}

interface NextVersion extends Pick<Publication, 'at' | 'appliesTo'> {
  readonly definition: PolicyDefinition;
}

async function publish(
  tx: Tx,
  { id }: StoredPolicy,
  { definition, at, appliesTo }: NextVersion,
): Promise<void> {
  const [row] = await tx.rows<{ version: number }>(
    `insert into sla_policies (organization_id, id, version, ticket_type, name, position, rules,
                               applies_to_open, published_at)
     select h.organization_id, h.id,
            1 + coalesce((select max(version) from sla_policies v
                           where v.organization_id = h.organization_id and v.id = h.id), 0),
            h.ticket_type, h.name, h.position, $3::jsonb, $4, $5::timestamptz
       from sla_policy_heads h where h.organization_id = $1 and h.id = $2
     returning version`,
    [tx.organizationId, id, JSON.stringify(definition.rules), appliesTo === 'open', at],
  );
  if (row === undefined) throw new Error(`The policy ${id} is gone although it is locked`);
  await published(tx, { policyId: id, version: row.version, at, appliesTo });
}

/** The row stays, so that its number is never another's. Throws conflict when it has come into force just now. */
async function withdraw(tx: Tx, id: string, version: number): Promise<void> {
  const rows = await tx.rows(
    `update sla_policies v set published_at = 'infinity'
      where organization_id = $1 and id = $2 and version = $3 and ${isComing} returning version`,
    [tx.organizationId, id, version],
  );
  if (rows.length === 0)
    throw new Refusal('conflict', `Version ${version} is in force: publish another one.`);
}

/** What a policy is by the versions that have come into force. */
async function stateOf(tx: Tx, id: string): Promise<StoredPolicy['state']> {
  const [row] = await tx.rows<{ promises: boolean }>(
    `select v.rules <> '[]' as promises from sla_policies v
      where v.organization_id = $1 and v.id = $2 and ${hasCome} order by version desc limit 1`,
    [tx.organizationId, id],
  );
  if (row === undefined) return 'draft';
  return row.promises ? 'published' : 'retired';
}

async function settle(
  tx: Tx,
  id: string,
  { draft, state }: Pick<StoredPolicy, 'draft' | 'state'>,
): Promise<void> {
  await tx.rows(
    `update sla_policy_heads set draft = $3::jsonb, state = $4, revision = revision + 1
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id, draft && JSON.stringify(draft), state],
  );
}
