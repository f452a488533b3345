/** Tries a policy on tickets that are over, before it counts. */
import { z } from 'zod';
import { invalid, Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { PolicyRules } from '../../models/sla/policy/schema';
import type { PolicyDefinition } from '../../models/sla/policy/shape';
import type { ProcessDeclaration } from '../../workflows/process';
import { Moment } from '../http/input/fields';
import type { ListSources } from '../http/list/readable';
import { read, type Resource } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';
import { beginRunOf } from '../sla-runs/begin';
import { SlaRun } from '../sla-runs/shown';
import { refuseWrong } from './ground';
import { promising } from './resource';
import type { StoredPolicy } from './shown';

const DryRun = z
  .strictObject({
    from: Moment.describe('Tickets that were resolved from then on,'),
    until: Moment.describe('and before that, are looked at.'),
    definition: z
      .strictObject({ rules: PolicyRules })
      .optional()
      .describe('What to try; left out: the draft, else the version in force.'),
  })
  .meta({ id: 'DryRunSlaPolicy' });

export function dryRunRoute(
  { database }: ListSources,
  policies: Resource<StoredPolicy>,
  processes: readonly ProcessDeclaration[],
): Route {
  return defineRoute({
    method: 'post',
    path: `${policies.path}/{id}/dry-run`,
    tag: policies.tag,
    access: policies.manage,
    summary: 'Try a policy on tickets that were resolved; nothing is changed by it.',
    description:
      'As if it had been in force in place of this policy, among the others. Follow the `Location`; what it finds is at its `/flips`.',
    params: z.strictObject({ id: z.uuid() }),
    body: DryRun,
    reply: { status: 202, description: 'It begins.', body: SlaRun },
    handle: ({ actor, params, body, request }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        const policy = await read(tx, policies, params.id);
        const { ticketType, name, id: policyId } = policy;
        const period = periodOf(body);
        const definition = body.definition ?? presentOf(policy);
        await refuseWrong(tx, promising(processes, ticketType), definition, '/definition');
        const run = { id: request.commandId, kind: 'dryRun', startsAt: await tx.now() } as const;
        const about = { ticketType, policyId, definition, period, name };
        return beginRunOf(tx, { ...run, ...about }, { actor, request });
      }),
  });
}

function periodOf(body: Pick<z.infer<typeof DryRun>, 'from' | 'until'>) {
  const from = toInstant(Date.parse(body.from));
  const until = toInstant(Date.parse(body.until));
  if (until <= from) throw invalid('/until', 'must be after from');
  return { from, until };
}

function presentOf({ draft, inForce }: StoredPolicy): PolicyDefinition {
  const found = draft ?? (inForce && { rules: inForce.rules });
  if (found && found.rules.length > 0) return found;
  throw new Refusal('conflict', 'The policy has neither a draft nor rules in force: send some.');
}
