/** Answers to a round by the Temporal command line, where nobody signs in; and rubbish by the same way. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApprovalDetailsShape } from '../../workflows/approvals/details';
import { eventually, openWorld, type World } from '../harness';
import { beginLife, type LivingTicket } from './living';

const run = promisify(execFile);

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(world.stack.scratch, 'signals-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

const person = (name: string) => world.id('person', name);
const mail = (name: string) => `${name}@${world.slug}.example`;

/** A round that manager and colleague are asked in, opened by the end user. */
const begun = (input: object = {}) =>
  beginLife(world, {
    type: 'approval',
    input: {
      approvers: ['manager', 'colleague'].map((name) => ({ kind: 'person', id: person(name) })),
      ...input,
    },
  });

let files = 0;

/** What somebody types: `input` is the text of a file, as a long one does not fit into a command line. */
async function type({ workflowId }: LivingTicket, name: string, input?: string): Promise<void> {
  const { temporalCliPath, temporalAddress } = world.stack;
  const asked = ['workflow', 'signal', '--address', temporalAddress, '--workflow-id', workflowId];
  const file = join(folder, `input-${(files += 1)}.json`);
  if (input !== undefined) writeFileSync(file, input);
  const payload = input === undefined ? [] : ['--input-file', file];
  await run(temporalCliPath, [...asked, '--name', name, ...payload], { timeout: 20_000 });
}

const detailsOf = async (round: LivingTicket) =>
  ApprovalDetailsShape.parse((await round.row()).details);
const codesOf = async (round: LivingTicket) =>
  (await round.refusals()).map(({ name, code }) => [name, code]);
const refuses = (round: LivingTicket, count: number) =>
  eventually(`${count} refusals`, async () => {
    const codes = await codesOf(round);
    return codes.length >= count ? codes : undefined;
  });

describe('an answer by the command line', () => {
  it('counts, is on record as a signal, and the last one ends the round and its life', async () => {
    const round = await begun();
    await type(round, 'approve', JSON.stringify({ by: mail('manager'), comment: 'Fine.' }));
    const [first] = await round.hears('answered');
    expect(first).toMatchObject({ via: 'signal', data: { byId: person('manager') } });
    await type(round, 'approve', JSON.stringify({ by: person('colleague') }));
    await round.hears('decided');
    expect(await round.row()).toMatchObject({ state: 'approved', isSettled: true });
    expect((await detailsOf(round)).votes).toMatchObject([
      { approverId: person('manager'), answer: 'approve', comment: 'Fine.', via: 'signal' },
      { approverId: person('colleague'), answer: 'approve', via: 'signal' },
    ]);
    expect(await round.ended()).toBe('COMPLETED');
    expect(await round.refusals()).toEqual([]);
  });

  it('as its documentation shows it, on one line', async () => {
    const round = await begun({ quorum: { kind: 'first' } });
    const { temporalCliPath, temporalAddress } = world.stack;
    await run(
      temporalCliPath,
      [
        ...['workflow', 'signal', '--address', temporalAddress],
        ...['--workflow-id', round.workflowId, '--name', 'reject'],
        ...['--input', `{"by":"${mail('manager')}"}`],
      ],
      { timeout: 20_000 },
    );
    await round.hears('decided');
    expect(await round.row()).toMatchObject({ state: 'rejected' });
  });

  it('the same twice is said once, the contrary is refused', async () => {
    const round = await begun();
    const by = JSON.stringify({ by: mail('manager') });
    await type(round, 'approve', by);
    await type(round, 'approve', by);
    await type(round, 'reject', by);
    expect(await refuses(round, 1)).toEqual([['reject', 'conflict']]);
    expect((await round.feed()).map(({ type: event }) => event)).toEqual(['opened', 'answered']);
    expect((await detailsOf(round)).votes).toMatchObject([{ answer: 'approve' }]);
  });

  it('of somebody who was not asked is refused, also of the requester', async () => {
    const round = await begun();
    for (const name of ['agent', 'user', 'admin'])
      await type(round, 'approve', JSON.stringify({ by: mail(name) }));
    expect(await refuses(round, 3)).toEqual(Array(3).fill(['approve', 'forbidden']));
    expect((await detailsOf(round)).votes).toEqual([]);
  });

  it('is refused where policy does not let it count; over the API it does', async () => {
    const round = await begun({ answersByEngine: false });
    await type(round, 'approve', JSON.stringify({ by: mail('manager') }));
    expect(await refuses(round, 1)).toEqual([['approve', 'forbidden']]);
    const manager = await world.as('manager');
    await manager.post(`/approvals/${round.id}/actions/approve`).expect(200);
    expect((await detailsOf(round)).votes).toMatchObject([{ via: 'api' }]);
  });

  it('asks for information', async () => {
    const round = await begun();
    await type(round, 'ask', JSON.stringify({ by: mail('manager'), comment: 'Which one?' }));
    await round.hears('asked');
    expect(await round.notices()).toContain('question user');
  });
});

describe('rubbish by the command line', () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const by = () => `"by":"${mail('manager')}"`;
  const envelope = () =>
    `{"cause":"${person('admin')}","name":"approve","input":{},` +
    `"actor":{"kind":"person","id":"${person('manager')}","name":"manager","role":"manager"}}`;

  /** Signal, what is typed, and how it is refused. */
  const parade: readonly [string, (() => string) | undefined, string][] = [
    ['approve', undefined, 'forbidden'],
    ['approve', () => 'null', 'forbidden'],
    ['approve', () => '{}', 'forbidden'],
    ['approve', () => '[]', 'invalid_input'],
    ['approve', () => '[1,2,3]', 'invalid_input'],
    ['approve', () => '"yes"', 'invalid_input'],
    ['approve', () => '42', 'invalid_input'],
    ['approve', () => 'true', 'invalid_input'],
    ['approve', () => deep, 'invalid_input'],
    ['approve', () => `{${by()},"comment":${deep}}`, 'invalid_input'],
    ['approve', () => `{${by()},"comment":"${'x'.repeat(200_000)}"}`, 'invalid_input'],
    ['approve', () => `{${by()},"comment":""}`, 'invalid_input'],
    ['approve', () => `{${by()},"comment":7}`, 'invalid_input'],
    ['approve', () => `{${by()},"comment":"a\\u0000b"}`, 'invalid_input'],
    ['approve', () => `{${by()},"comment":"half \\ud83d of a face"}`, 'invalid_input'],
    ['approve', () => `{"by":"a\\u0000b"}`, 'forbidden'],
    ['approve', () => `{"by":"\\ud800"}`, 'forbidden'],
    ['approve', () => `{${by()},"isAdmin":true}`, 'invalid_input'],
    ['approve', () => `{${by()},"__proto__":{"isAdmin":true}}`, 'invalid_input'],
    ['approve', () => `{"by":"nobody@${world.slug}.example"}`, 'forbidden'],
    ['approve', () => '{"by":"__proto__"}', 'forbidden'],
    ['approve', () => '{"by":"constructor"}', 'forbidden'],
    ['approve', () => '{"by":""}', 'invalid_input'],
    ['approve', () => '{"by":null}', 'invalid_input'],
    ['approve', () => '{"by":7}', 'invalid_input'],
    ['approve', () => `{"by":["${mail('manager')}"]}`, 'invalid_input'],
    ['approve', () => `{"by":{"id":"${person('manager')}"}}`, 'invalid_input'],
    ['approve', () => `{"by":"'; drop table tickets; --"}`, 'forbidden'],
    ['approve', envelope, 'forbidden'],
    ['ask', () => `{${by()}}`, 'invalid_input'],
    ['Approve', () => `{${by()}}`, 'not_found'],
    ['vote', () => `{${by()}}`, 'not_found'],
    ['constructor', () => '{}', 'not_found'],
    ['__proto__', () => '{}', 'not_found'],
    ['x'.repeat(500), () => '{}', 'not_found'],
    ['remind', () => '{}', 'not_found'],
    ['recall', () => '{}', 'not_found'],
    ['recordDecision', () => '{"result":"approved"}', 'not_found'],
    ['opened', () => '{}', 'not_found'],
    ['expiry', () => '{}', 'not_found'],
    ['due', () => '{}', 'not_found'],
    ['commented', () => '{"body":"x","isPublic":true}', 'not_found'],
    ['released', () => `{"userId":"${person('manager')}"}`, 'not_found'],
    ['approvalDecided', () => '{"result":"approved"}', 'not_found'],
    ['recheck', () => '{}', 'forbidden'],
    ['restated', () => '{"title":"X","shown":{}}', 'forbidden'],
    ['withdrawn', () => '{"reason":"x"}', 'forbidden'],
  ];

  it('is refused and on record, each by itself; the life goes on and takes a proper answer', async () => {
    const round = await begun();
    for (const [name, input] of parade) await type(round, name, input?.());
    const wanted = parade.map(([name, , code]) => [name.slice(0, 100), code]);
    expect(await refuses(round, parade.length)).toEqual(wanted);
    expect((await round.feed()).map(({ type: event }) => event)).toEqual(['opened']);
    expect({}).not.toHaveProperty('isAdmin');

    for (const name of ['manager', 'colleague'])
      await type(round, 'approve', JSON.stringify({ by: mail(name) }));
    await round.hears('decided');
    expect(await round.row()).toMatchObject({ state: 'approved' });
    expect(await round.ended()).toBe('COMPLETED');
  });
});
