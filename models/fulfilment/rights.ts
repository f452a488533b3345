/**
 * A plan acts with nobody's rights when its time has come. So whoever publishes it must hold all that its
 * automatic tasks give, as if they gave it themselves.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Tx } from '../database';
import { invalid } from '../errors';
import { findRole, permissionsOf } from '../roles/assignments';
import type { Person, Rights } from '../users/actor';
import { refuseBeyond } from '../users/escalation';
import type { NamedPermission, Permission } from '../users/permissions';
import { undoOf, type ActivityName } from './activities';
import { hasPlaceholder } from './filled';
import type { AutomaticTask, Plan } from './shape';

export type Publisher = Pick<Person, 'id'> & Rights;

/** What it takes beside what is given by it. */
const needed: Readonly<Record<ActivityName, readonly NamedPermission[]>> = {
  'http.call': ['connection:use'],
  'mail.send': [],
  'role.give': ['role:manage'],
  'role.take': ['role:manage'],
  'team.join': ['team:manage'],
  'team.leave': ['team:manage'],
};

interface Step {
  readonly activity: string;
  readonly input: AutomaticTask['input'];
  /** JSON pointer of the step in what is published. */
  readonly at: string;
  /** It only takes back what the task gave. */
  readonly isOwnUndo: boolean;
}

/**
 * Throws forbidden for what the publisher does not hold for ever, and invalid_input for a connection or a
 * role that is not there, or that whoever orders could choose. `at` points to the plan.
 */
export async function refusePlanBeyond(
  tx: Tx,
  publisher: Publisher,
  { plan, at }: { readonly plan: Pick<Plan, 'tasks'>; readonly at: string },
  all: readonly Permission[],
): Promise<void> {
  for (const step of stepsOf(plan, at)) {
    const permissions = [...neededFor(step.activity), ...(await givenBy(tx, step, all))];
    await refuseBeyond(tx, publisher, { permissions, until: null }, all);
  }
}

/** Whether the plan gives or takes roles: publishing it then asks for a fresh proof of who it is. */
export function changesRoles(plan: Pick<Plan, 'tasks'>): boolean {
  return stepsOf(plan, '').some(({ activity }) => activity.startsWith('role.'));
}

function stepsOf({ tasks }: Pick<Plan, 'tasks'>, at: string): Step[] {
  return tasks.flatMap((task, k): Step[] => {
    if (task.kind !== 'automatic') return [];
    const { key, activity, input, undo } = task;
    const pointer = `${at}/tasks/${k}`;
    const does = { activity, input, at: pointer, isOwnUndo: false };
    if (!undo) return [does];
    const isOwnUndo = isDeepStrictEqual(undo, undoOf(key, activity, input));
    return [does, { ...undo, at: `${pointer}/undo`, isOwnUndo }];
  });
}

function neededFor(activity: string): readonly NamedPermission[] {
  return Object.entries(needed).find(([name]) => name === activity)?.[1] ?? [];
}

async function givenBy(tx: Tx, step: Step, all: readonly Permission[]): Promise<readonly string[]> {
  const { activity, isOwnUndo } = step;
  if (activity === 'http.call') await refuseUnknownConnection(tx, step);
  if (activity !== 'role.give' && activity !== 'role.take') return [];
  const role = await roleIn(tx, step);
  // From whom it will be taken is not known: perhaps from somebody who holds more than the publisher.
  if (activity === 'role.take' && !isOwnUndo) return all.map(({ name }) => name);
  if (
    activity === 'role.give' &&
    role.base !== null &&
    (step.input['until'] ?? null) === null &&
    !isOwnUndo
  )
    throw invalid(
      `${step.at}/input/until`,
      'is needed: a protected role is given for a while only',
    );
  return permissionsOf(role, all);
}

async function roleIn(tx: Tx, step: Step) {
  const id = z.uuid().safeParse(fixed(step, 'roleId'));
  const role = id.success ? await findRole(tx, id.data) : undefined;
  if (!role) throw invalid(`${step.at}/input/roleId`, 'is no role', 'not_found');
  return role;
}

async function refuseUnknownConnection(tx: Tx, step: Step): Promise<void> {
  const rows = await tx.rows('select 1 from connections where organization_id = $1 and name = $2', [
    tx.organizationId,
    fixed(step, 'connection'),
  ]);
  if (rows.length === 0)
    throw invalid(`${step.at}/input/connection`, 'is no connection', 'not_found');
}

/** Whoever orders must not choose it. */
function fixed({ input, at }: Step, field: string): string {
  const value = input[field];
  if (typeof value === 'string' && !hasPlaceholder(value)) return value;
  throw invalid(`${at}/input/${field}`, 'must be given in the plan itself');
}
