/** Writes down an act in the transaction that does it: both are there, or neither. */
import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../database';
import { insertRow } from '../statement';
import type { Person } from '../users/actor';
import { AuditEventRow } from './audit-event.table';

type Facts = Readonly<Record<string, unknown>>;

/** Who runs the installation: nobody of an organization, so without an id. */
export interface Operator {
  readonly kind: 'operator';
  readonly name: string;
}

/** Holdfast itself, for a ticket that owes it. */
export interface Itself {
  readonly kind: 'system';
  readonly name: string;
}

/** By whom and from where. */
export interface Doer {
  readonly actor: Pick<Person, 'id' | 'name'> | Operator | Itself;
  readonly address: string;
  readonly requestId: string;
}

export interface Act {
  /** What was done to what: `service.created`. */
  readonly action: `${string}.${string}`;
  readonly target: { readonly type: string; readonly id: string; readonly name: string };
  /** As it was and as it is; absent: it was, or is, not there. No secrets. */
  readonly before?: Facts;
  readonly after?: Facts;
}

/** Of what was there before and after only the fields that differ are kept. */
export async function recordAct(tx: Tx, by: Doer, { action, target, ...facts }: Act) {
  const { before, after } = differing(facts.before, facts.after);
  await insertRow(tx, AuditEventRow, {
    organizationId: tx.organizationId,
    id: uuidv7(),
    action,
    actor: actorOf(by),
    actorId: 'id' in by.actor ? by.actor.id : null,
    address: by.address,
    requestId: by.requestId,
    targetType: target.type,
    targetId: target.id,
    targetName: target.name,
    before,
    after,
  });
}

function actorOf({ actor }: Doer): Facts {
  if ('id' in actor) return { kind: 'person', id: actor.id, name: actor.name };
  return { kind: actor.kind, id: null, name: actor.name };
}

/** Both whole where the other is absent. */
export function differing(before: Facts | undefined, after: Facts | undefined) {
  if (before === undefined || after === undefined)
    return { before: before ?? null, after: after ?? null };
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
  const of = (facts: Facts): Facts =>
    Object.fromEntries(names.flatMap((name) => (name in facts ? [[name, facts[name]]] : [])));
  return { before: of(before), after: of(after) };
}
