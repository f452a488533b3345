/** What somebody sees of the tickets of a type, as SQL: the reading rules, and the walls of confidential ones. */
import { z } from 'zod';
import type { Process } from '../../models/tickets/rules';
import {
  abilityIn,
  asOutsider,
  reachesConfidential,
  representedBy,
  seesConfidential,
  typesWith,
} from '../../models/users/ability';
import type { Ability } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';

/** Somebody who reads tickets of one type. */
export interface Viewer {
  readonly type: string;
  readonly actor: Actor;
  readonly ability: Ability;
}

export function viewerOf(process: Process, actor: Actor): Viewer {
  const { declaration } = process;
  return { type: declaration.type, actor, ability: abilityIn(declaration, actor) };
}

/** What counts of the caller on this ticket: outside of the team of a confidential one only what everybody has. */
export function actorOn({ isInside }: { readonly isInside: boolean }, actor: Actor): Actor {
  return isInside ? actor : asOutsider(actor);
}

/** Conditions on rows of tickets; `$1` is the organization. */
export interface Sight {
  /** Of the rows that the statement calls `t`. */
  readonly isVisible: string;
  /** Whether their own rights count on it: it is open, or they are one of those whom it is confided to. */
  readonly isInside: string;
  /** The walls of confidential tickets alone, on the rows that the statement calls `alias`. */
  readonly isShown: (alias: string) => string;
  /** Whether they may read tickets of whatever type on the rows that the statement calls `alias`. */
  readonly isReadable: (alias: string) => string;
}

/** Takes a value, gives its place in the statement. */
export type Bind = (value: unknown) => string;

/** What they may see. */
export function sightOf({ ability, actor, type }: Viewer, bind: Bind): Sight {
  const walls = wallsFor(actor, bind);
  const isVisible = `${readingSql(ability, type, bind)} and ${walls.isShown('t')}`;
  return { ...walls, isVisible, isInside: walls.isInside('t') };
}

/** What they saw a moment ago: who acts on a ticket is told what became of it, even if it is hidden by that. */
export function lastLook({ actor }: Viewer, bind: Bind): Sight {
  const walls = wallsFor(actor, bind);
  return { ...walls, isVisible: 'true', isInside: walls.isInside('t') };
}

/** The walls of confidential tickets for somebody. */
export function wallsFor(actor: Viewer['actor'], bind: Bind) {
  const seesEvery = seesConfidential(actor);
  let place: string | undefined;
  // No statement takes a value that it does not use.
  const me = () => (place ??= `${bind(actor.id)}::uuid`);
  let represented: string | undefined;
  const asked = () => (represented ??= bind(representedBy(actor)));
  const isOpen = (alias: string) => `${alias}.confidential_team_id is null`;
  // The teams are found once for the statement, and only when a confidential row is met.
  const isConfided = (alias: string) =>
    reachesConfidential(actor)
      ? `${alias}.confidential_team_id = any(array(
           select m.team_id from team_members m where m.organization_id = $1 and m.user_id = ${me()}))
         or ${alias}.assignee_id is not distinct from ${me()}`
      : 'false';
  const isShown = (alias: string) =>
    seesEvery
      ? 'true'
      : `(${isOpen(alias)} or ${isConfided(alias)} or ${alias}.requester_id = ${me()}
            or ${me()} = any(${alias}.watcher_ids)
            or ${alias}.awaited_ids && ${asked()}::uuid[])`;
  const isOwn = (alias: string) =>
    `${alias}.requester_id = ${me()} or ${alias}.opened_by_id = ${me()}
       or ${me()} = any(${alias}.watcher_ids) or ${alias}.awaited_ids && ${asked()}::uuid[]`;
  const among = (alias: string, types: readonly string[]) =>
    `${alias}.type = any(${bind(types)}::text[])`;
  return {
    isInside: (alias: string) =>
      seesEvery ? 'true' : `(${isOpen(alias)} or ${isConfided(alias)})`,
    isShown,
    isReadable: (alias: string) => {
      const [read, all] = [typesWith(actor, 'read', 'end_user'), typesWith(actor, 'all', 'agent')];
      return [
        isShown(alias),
        ...(read === 'every' ? [] : [among(alias, read)]),
        ...(all === 'every' ? [] : [`(${among(alias, all)} or ${isOwn(alias)})`]),
      ].join(' and ');
    },
  };
}

const inList = z.object({ $in: z.array(z.uuid()) });

const fieldSql: Readonly<Record<string, (value: string) => string>> = {
  requesterId: (value) => `t.requester_id = ${value}::uuid`,
  openedById: (value) => `t.opened_by_id = ${value}::uuid`,
  watcherIds: (value) => `${value}::uuid = any(t.watcher_ids)`,
  awaitedIds: (value) => `t.awaited_ids && ${value}::uuid[]`,
};

/** The reading rules of an ability as SQL; the same rules that decide a single read. */
function readingSql(ability: Ability, type: string, bind: Bind): string {
  const rules = ability.rulesFor('read', type);
  if (rules.some(({ conditions }) => conditions === undefined)) return 'true';
  const parts = rules.flatMap(({ conditions }) =>
    Object.entries(conditions ?? {}).map(([field, value]) => {
      const sql = fieldSql[field];
      if (!sql) throw new Error(`A reading rule names ${field}, which lists cannot narrow by`);
      return sql(bind(inList.safeParse(value).data?.$in ?? value));
    }),
  );
  return parts.length === 0 ? 'false' : `(${parts.join(' or ')})`;
}
