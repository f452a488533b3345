/** The demo's stories against the real thing: nothing of them is refused, and a second start sends nothing. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadDemo } from '../../scripts/demo';
import { openWorld, type World } from '../harness';

let world: World;
let server: Server;
beforeAll(async () => {
  world = await openWorld({ carries: true });
  server = world.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await world.close();
});

async function load(): Promise<string[]> {
  const lines: string[] = [];
  const { port } = server.address() as AddressInfo;
  await loadDemo({
    ...{ apiUrl: `http://127.0.0.1:${port}`, databaseUrl: world.databaseUrl },
    ...{ password: 'Correct-horse-1', log: (line) => lines.push(line) },
  });
  return lines;
}

it('is told to its end', async () => {
  const lines = await load();
  expect(lines.filter((line) => !/^Demo data: \d+ of \d+ steps$/.test(line))).toEqual([]);
  const tickets = await world.rows(
    `select type, state, count(*)::int as n from tickets
      where type in ('request', 'problem') group by type, state order by type, state`,
  );
  expect(tickets.map(({ type, state, n }) => [type, state, n])).toEqual([
    ['problem', 'cancelled', 1],
    ['problem', 'closed', 1],
    ['problem', 'fixInProgress', 1],
    ['request', 'awaitingApproval', 1],
    ['request', 'cancelled', 1],
    ['request', 'closed', 1],
    ['request', 'fulfilled', 2],
    ['request', 'inFulfilment', 1],
    ['request', 'onHold', 1],
  ]);
  expect(await load()).toEqual([]);
});
