/** Tasks that give and take roles; undone, somebody has what they had before. */
import type { z } from 'zod';
import { recordAct } from '../../models/audit/record';
import type { Database, Tx } from '../../models/database';
import { HopelessWork } from '../../models/fulfilment/hopeless-work';
import { RoleGive, RoleTake, type RoleGiven } from '../../models/fulfilment/inputs';
import { doneOnce, type Work } from '../../models/fulfilment/once';
import {
  assignmentOf,
  findRole,
  give,
  take,
  type Assigned,
  type RoleOfRow,
} from '../../models/roles/assignments';
import { holdPerson } from '../../models/users/hold';
import { presentPerson } from './people';
import { doerOf, taskActivity } from './scope';

type Deps = Pick<Database, 'inOrganization'>;
type Had = z.infer<typeof RoleGiven>;

export function roleActivities(database: Deps) {
  return {
    'role.give': taskActivity(RoleGive, (input, work) => giveRole(database, input, work)),
    'role.take': taskActivity(RoleTake, (input, work) => takeRole(database, input, work)),
  };
}

function giveRole(database: Deps, input: z.infer<typeof RoleGive>, work: Work) {
  const { userId, roleId, until, taken } = input;
  return doneOnce(database, work, async (tx) => {
    const ground = await groundOf(tx, userId, roleId);
    const now = await tx.now();
    if (!taken) {
      const wanted = wantedUntil(ground.role, until, now);
      if (!isLonger(ground.before, wanted)) await set(tx, work, ground, { validUntil: wanted });
    } else if (taken.had && !ground.before && isAhead(taken.hadUntil, now)) {
      await set(tx, work, ground, { validUntil: taken.hadUntil });
    }
    return hadOf(ground.before);
  });
}

function takeRole(database: Deps, input: z.infer<typeof RoleTake>, work: Work) {
  const { userId, roleId, given } = input;
  return doneOnce(database, work, async (tx) => {
    const ground = await groundOf(tx, userId, roleId);
    const hadBefore = given?.had === true && isAhead(given.hadUntil, await tx.now());
    // What somebody else took meanwhile is not given back.
    if (ground.before)
      await set(tx, work, ground, hadBefore ? { validUntil: given.hadUntil } : undefined);
    return hadOf(ground.before);
  });
}

interface Ground {
  readonly person: { readonly id: string; readonly name: string };
  readonly role: RoleOfRow;
  readonly before: Assigned | undefined;
}

async function groundOf(tx: Tx, userId: string, roleId: string): Promise<Ground> {
  const person = await holdPerson(tx, userId);
  const role = await findRole(tx, roleId);
  if (!role) throw new HopelessWork(`There is no role ${roleId}`);
  return { person, role, before: await assignmentOf(tx, userId, roleId) };
}

/** As an instant of ISO 8601 in UTC. */
function wantedUntil({ base, name }: RoleOfRow, until: string | null, now: string): string | null {
  if (until === null && base !== null)
    throw new HopelessWork(`The role ${name} is given for a while only: \`until\` is needed`);
  if (!isAhead(until, now)) throw new HopelessWork(`\`until\` has passed: ${until ?? ''}`);
  return until === null ? null : new Date(until).toISOString();
}

function isAhead(until: string | null, now: string): boolean {
  return until === null || Date.parse(until) > Date.parse(now);
}

/** A task takes nothing away: whoever has it for longer keeps it so. */
function isLonger(before: Assigned | undefined, until: string | null): boolean {
  if (!before) return false;
  return before.validUntil === null || (until !== null && before.validUntil >= until);
}

function hadOf(before: Assigned | undefined): Had {
  return { had: before !== undefined, hadUntil: before?.validUntil ?? null };
}

/** Makes it so, on record; undefined: they have it not. */
async function set(
  tx: Tx,
  work: Work,
  { person, role, before }: Ground,
  after: Assigned | undefined,
): Promise<void> {
  if (before?.validUntil === after?.validUntil && (before === undefined) === (after === undefined))
    return;
  if (after) {
    await presentPerson(tx, person.id);
    await give(tx, person.id, { roleId: role.id, ...after });
  } else await take(tx, person.id, role.id);
  await recordAct(tx, doerOf(work), {
    action: after ? 'role.given' : 'role.taken',
    target: { type: 'person', ...person },
    ...(before && { before: { role: role.name, ...before } }),
    ...(after && { after: { role: role.name, ...after } }),
  });
}
