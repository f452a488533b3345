/** Tickets that an opening names by id: whoever opens it must see them, and be able to edit them. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import type { Kernel, Process } from '../../models/tickets/rules';
import { mayEdit } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import type { Caller } from './door';
import { actorOn, sightOf, viewerOf } from './sight';

const Ids = z.array(z.uuid());

interface Opener {
  readonly process: Process;
  readonly caller: Caller;
}

/** By what the declaration says under `opening.names`. Throws invalid_input, and forbidden. */
export async function refuseStrangers(
  tx: Tx,
  kernel: Kernel,
  { process, caller: { actor } }: Opener,
  input: object,
): Promise<void> {
  const { names = {} } = process.declaration.opening;
  for (const [member, type] of Object.entries(names)) {
    const ids = Ids.parse(new Map(Object.entries(input)).get(member) ?? []);
    if (ids.length === 0) continue;
    const seen = await seenOf(tx, kernel.processOf(type), actor, ids);
    for (const [k, id] of ids.entries()) refuseStranger(seen, actor, type, { id, member, k });
  }
}

interface Named {
  readonly id: string;
  readonly member: string;
  readonly k: number;
}

/** By id, whether their own rights count on it. */
type Seen = ReadonlyMap<string, { readonly isInside: boolean }>;

function refuseStranger(seen: Seen, actor: Actor, type: string, { id, member, k }: Named): void {
  const found = seen.get(id);
  if (!found) throw invalid(`/${member}/${k}`, `is not a known ${type}`, 'not_found');
  if (mayEdit(actorOn(found, actor), type)) return;
  throw new Refusal('forbidden', `Only who may edit every ${type} that is named links them.`);
}

async function seenOf(
  tx: Tx,
  process: Process,
  actor: Actor,
  ids: readonly string[],
): Promise<Seen> {
  const viewer = viewerOf(process, actor);
  // A program reads only what its scopes name.
  if (actor.scopes?.includes(`${viewer.type}:read`) === false) return new Map();
  const binds: unknown[] = [actor.organizationId, viewer.type, ids];
  const { isVisible, isInside } = sightOf(viewer, (value) => `$${binds.push(value)}`);
  const rows = await tx.rows<{ id: string; isInside: boolean }>(
    `select t.id, ${isInside} as "isInside" from tickets t
      where t.organization_id = $1 and t.type = $2 and t.id = any($3::uuid[]) and ${isVisible}`,
    binds,
  );
  return new Map(rows.map((row) => [row.id, row]));
}
