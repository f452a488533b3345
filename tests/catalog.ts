/** Items in the catalog of a world, written straight into its rows, and requests for them. */
import { randomUUID } from 'node:crypto';
import type { ItemDefinition } from '../models/service-catalog/shape';
import type { World } from './harness';
import { beginLife, leadLife, type LivingTicket } from './life/living';
import { anItem } from './requests';
import { eventually } from './harness';

/** A published item; gives what a request names of it. */
export async function publishItem(
  { organizationId, rows, id: idOf }: World,
  name: string,
  definition: Partial<ItemDefinition>,
): Promise<{ id: string; version: number }> {
  const [category, id] = [randomUUID(), randomUUID()];
  await rows(`insert into catalog_categories (organization_id, id, name) values ($1, $2, $3)`, [
    organizationId,
    category,
    `For ${name}`,
  ]);
  await rows(
    `insert into catalog_items (organization_id, id, category_id, name, state)
     values ($1, $2, $3, $4, 'published')`,
    [organizationId, id, category, name],
  );
  await rows(
    `insert into catalog_item_versions
       (organization_id, id, version, name, definition, state, written_by_id, published_at)
     values ($1, $2, 1, $3, $4, 'published', $5, now())`,
    [
      organizationId,
      id,
      name,
      JSON.stringify(anItem(definition).definition),
      idOf('person', 'manager'),
    ],
  );
  return { id, version: 1 };
}

/** A request for it, with its life. */
export function beginRequest(
  world: World,
  item: { id: string; version: number },
  input: Readonly<Record<string, unknown>> = {},
): Promise<LivingTicket> {
  return beginLife(world, {
    type: 'request',
    input: {
      ...{ requesterId: world.id('person', 'user'), serviceId: null, channel: 'portal' },
      ...{ orderId: randomUUID(), item, answers: {} },
      ...input,
    },
  });
}

/** The task ticket of a task of a request, once its life has begun. */
export async function taskOf(
  world: World,
  request: LivingTicket,
  key: string,
): Promise<LivingTicket> {
  const [row] = await eventually(`the task ${key}`, async () => {
    const found = await world.rows(
      `select id, number from tickets where type = 'task' and organization_id = $1
          and snapshot #>> '{details,subjectId}' = $2 and snapshot #>> '{details,key}' = $3
        order by opened_at desc, number desc`,
      [world.organizationId, request.id, key],
    );
    return found.length > 0 ? found : undefined;
  });
  const task = leadLife(world, {
    id: String(row?.['id']),
    number: String(row?.['number']),
    type: 'task',
  });
  await eventually(`the life of ${key}`, () =>
    task.handle.describe().then(
      () => true as const,
      () => undefined,
    ),
  );
  return task;
}

/** `{ laptop: 'running' }`. */
export async function tasksOf(request: LivingTicket): Promise<Record<string, string>> {
  const { details } = await request.row();
  const tasks = details['tasks'] as readonly { key: string; state: string }[];
  return Object.fromEntries(tasks.map(({ key, state }) => [key, state]));
}
