/**
 * `npm run new:process` in a copy of the sources: what it writes compiles, passes its own tests, and lives
 * through API and engine as every other type does. Nothing is written here.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { surroundings } from '../../scripts/stack/environment';
import { each, type Ticket, ticketOf } from '../api/incident';
import { eventually, openWorld, type World } from '../harness';
import { services } from '../setup/services';
import { testStack } from '../setup/stack';

const parts = ['activities', 'api', 'engine', 'metrics', 'models', 'scripts', 'tests', 'workflows'];
const files = readdirSync(resolve('.')).filter((name) =>
  /\.(ts|cjs|json)$|^\.prettierrc/.test(name),
);

let checkout: string;
beforeAll(async () => {
  checkout = mkdtempSync(join(testStack().scratch, 'process-'));
  for (const name of [...parts, ...files]) {
    cpSync(resolve(name), join(checkout, name), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
  await run('--import', 'tsx', 'scripts/new-process.ts', 'lostProperty');
});

/** A program of node in the copy, to its end; rejects with all that it said when that is a bad one. */
async function run(...args: string[]): Promise<string> {
  const said = await promisify(execFile)(process.execPath, args, {
    ...{ cwd: checkout, env: surroundings({}), timeout: 60_000 },
  }).catch((error: unknown) => {
    const { stdout, stderr } = z.object({ stdout: z.string(), stderr: z.string() }).parse(error);
    throw new Error(`node ${args.join(' ')}: ${stdout}${stderr}`);
  });
  return said.stdout;
}

const source = (path: string) => readFileSync(join(checkout, path), 'utf8');
const folders = () => readdirSync(join(checkout, 'workflows'));

describe('a process that npm run new:process wrote', () => {
  it('is a folder of its own and a line in each list that knows of every process', () => {
    expect(readdirSync(join(checkout, 'workflows/lost-properties')).sort()).toEqual(
      ['details', 'inputs', 'process.test', 'process', 'rules.test', 'rules'].map((n) => `${n}.ts`),
    );
    const before = (path: string) => readFileSync(resolve(path), 'utf8').split('\n');
    const added = (path: string) =>
      source(path)
        .split('\n')
        .filter((line) => !before(path).includes(line));
    expect(added('workflows/index.ts').join('\n')).toContain('live as lostProperty');
    expect(added('workflows/registry.ts')).toEqual([
      "import { lostPropertyProcess } from './lost-properties/rules';",
      '  lostPropertyProcess,',
    ]);
    expect(source('workflows/lost-properties/rules.ts')).not.toMatch(/specimen|sample/i);
  });

  it('is not written a second time, and nothing changes', async () => {
    const lists = ['workflows/index.ts', 'workflows/registry.ts'];
    const before = [folders(), lists.map(source)];
    const again = run('--import', 'tsx', 'scripts/new-process.ts', 'lostProperty');
    await expect(again).rejects.toThrow('The name lostProperty is taken.');
    expect([folders(), lists.map(source)]).toEqual(before);
  });

  it('compiles with all the rest', () => run('node_modules/typescript-native/bin/tsc', '--noEmit'));

  it('passes its own tests and those of every process', async () => {
    const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', 'unit', '--maxWorkers', '1'];
    const patterns = ['--testPathPatterns', 'workflows/lost-properties', 'workflows/registry'];
    await run(...jest, ...patterns, '--json', '--outputFile', 'outcome.json');
    const Outcome = z.object({ numPassedTestSuites: z.int(), numFailedTestSuites: z.int() });
    expect(Outcome.parse(JSON.parse(source('outcome.json')))).toEqual({
      ...{ numPassedTestSuites: 3, numFailedTestSuites: 0 },
    });
  });
});

describe('a ticket of it', () => {
  let world: World;
  let own: Awaited<ReturnType<typeof services>>;
  beforeAll(async () => {
    world = await openWorld({ worker: false });
    own = await services(world, { TEMPORAL_TASK_QUEUE: world.taskQueue }, checkout);
    await Promise.all([own.worker(), own.api()]);
    for (const port of Object.values(own.metricsPorts)) {
      await eventually(`readiness at ${port}`, () => ready(port), 50_000);
    }
  }, 60_000);
  afterAll(async () => {
    await own.close();
    await world.close();
  });

  async function ready(port: number): Promise<true | undefined> {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.status === 200 ? true : undefined;
  }

  it('is led from its opening to its end by API and engine', async () => {
    const callers = world.callersAt(own.url);
    const [user, agent] = [await callers.as('user'), await callers.as('agent')];
    const wish = { title: 'Grey umbrella', description: 'Left in the lobby.' };
    const ticket = ticketOf(await user.post('/lost-properties', wish).expect(201));
    expect(ticket).toMatchObject({ number: 'LOS0000001', state: 'open', allowed: ['cancel'] });
    const at = `/lost-properties/${ticket.number}`;
    const agenda = z.object({ data: z.array(z.object({ key: z.string() })) });
    const ahead = agenda.parse((await user.get(`${at}/agenda`).expect(200)).body).data;
    expect(ahead.map(({ key }) => key)).toEqual(['beginReminder']);
    const act = async (command: string, input: object = {}): Promise<Ticket> =>
      ticketOf(await agent.post(`${at}/actions/${command}`, input).expect(200));
    await agent.post(`${at}/comments`, { body: 'Not seen yet.' }).expect(201);
    await act('assign', { assigneeId: world.id('person', 'agent') });
    await act('start');
    const done = await act('finish', { outcome: 'It is back.' });
    expect(done).toMatchObject({ state: 'done', outcome: 'It is back.', allowed: [] });
    expect(await each(user, `${at}/events`, 'type')).toEqual([
      ...['opened', 'commented', 'assigned', 'started', 'finished'],
    ]);
    const path = z.object({ data: z.array(z.object({ state: z.string() })) });
    const steps = path.parse((await user.get(`${at}/path`).expect(200)).body).data;
    expect(steps.map(({ state }) => state)).toEqual(['open', 'inProgress', 'done']);
    const life = world.engine.client.workflow.getHandle(
      world.workflowId(ticket.number, 'lostProperty'),
    );
    await eventually('the end of its life', async () => {
      const { status, type } = await life.describe();
      return type === 'lostProperty' && status.name === 'COMPLETED' ? true : undefined;
    });
  });
});
