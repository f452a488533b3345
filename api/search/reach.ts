/** How far somebody's search goes: what narrows the candidates. Who sees which of them is decided by `sight`. */
import { representedBy, seesInternal, typesWith } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { wallsFor, type Bind } from '../tickets/sight';

export interface Reach {
  /** Types of which they see all tickets; null: of every type. */
  readonly whole: readonly string[] | null;
  /** Those of all other types must concern one of these people. */
  readonly people: readonly string[];
  readonly isInternal: boolean;
}

export function reachOf(actor: Actor): Reach {
  const all = typesWith(actor, 'all', 'agent');
  return {
    whole: all === 'every' ? null : all,
    people: representedBy(actor),
    isInternal: seesInternal(actor),
  };
}

/** A statement under way: its values, and the caller's sight of the rows that it calls `t`. */
export interface Statement {
  readonly binds: unknown[];
  readonly bind: Bind;
  // Asked for where they are needed: no statement takes a value that it does not use.
  readonly isReadable: () => string;
  readonly isShown: () => string;
  /** Whether they read internal notes of it. */
  readonly isInner: () => string;
}

/** `$1` is the organization. */
export function statementFor(actor: Actor): Statement {
  const binds: unknown[] = [actor.organizationId];
  const bind: Bind = (value) => `$${binds.push(value)}`;
  const walls = wallsFor(actor, bind);
  return {
    ...{ binds, bind },
    isReadable: () => walls.isReadable('t'),
    isShown: () => walls.isShown('t'),
    isInner: () => (seesInternal(actor) ? walls.isInside('t') : 'false'),
  };
}

export const serviceSql = `(select jsonb_build_object('id', s.id, 'name', s.name) from services s
  where s.organization_id = t.organization_id and s.id = t.service_id)`;
