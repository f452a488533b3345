/** Tasks that take people into teams and out of them; undone, they take back only what they did. */
import type { z } from 'zod';
import type { Database } from '../../models/database';
import {
  TeamJoin,
  TeamLeave,
  type TeamJoined,
  type TeamLeft,
} from '../../models/fulfilment/inputs';
import { doneOnce, type Work } from '../../models/fulfilment/once';
import { holdTeam, join, leave, memberOf } from '../../models/teams/membership';
import { presentPerson } from './people';
import { doerOf, taskActivity } from './scope';

type Deps = Pick<Database, 'inOrganization'>;

export function teamActivities(database: Deps) {
  return {
    'team.join': taskActivity(TeamJoin, (input, work) => joinTeam(database, input, work)),
    'team.leave': taskActivity(TeamLeave, (input, work) => leaveTeam(database, input, work)),
  };
}

function joinTeam(database: Deps, { userId, teamId, left }: z.infer<typeof TeamJoin>, work: Work) {
  return doneOnce<z.infer<typeof TeamJoined>>(database, work, async (tx) => {
    const team = await holdTeam(tx, teamId);
    const before = await memberOf(tx, team.id, userId);
    const result = { wasMember: before !== undefined };
    // Who is in it keeps what is said of them.
    if (before || left?.wasMember === false) return result;
    const { id, name } = await presentPerson(tx, userId);
    const { skills, capacity } = left ?? { skills: [], capacity: null };
    await join(tx, doerOf(work), { team, before, after: { id, name, skills, capacity } });
    return result;
  });
}

function leaveTeam(
  database: Deps,
  { userId, teamId, joined }: z.infer<typeof TeamLeave>,
  work: Work,
) {
  return doneOnce<z.infer<typeof TeamLeft>>(database, work, async (tx) => {
    const team = await holdTeam(tx, teamId);
    const member = await memberOf(tx, team.id, userId);
    if (!member) return { wasMember: false, skills: [], capacity: null };
    const { skills, capacity } = member;
    if (joined?.wasMember !== true) await leave(tx, doerOf(work), { team, member });
    return { wasMember: true, skills: [...skills], capacity };
  });
}
