/** What anybody with the Web UI or the command line may send to a life: nothing of it does harm. */
import { randomUUID } from 'node:crypto';
import { errandProcess } from '../errands/process';
import { eventually, openWorld, type World } from '../harness';
import { beginLife, type LivingTicket } from './living';

const root = { kind: 'person', id: randomUUID(), name: 'Root', role: 'admin' };

describe('a signal made by hand', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({
      processes: [errandProcess],
      works: { fetch: () => Promise.resolve('fetched') },
    });
  });
  afterAll(() => world.close());

  const begin = () => beginLife(world, { type: 'errand', by: 'agent' });

  /** The life goes on, and all that happened is what the test did to see that. */
  async function goesOn(errand: LivingTicket): Promise<void> {
    expect(await errand.give('nudge')).toEqual({ kind: 'applied', version: 2 });
    expect((await errand.feed()).map(({ type }) => type)).toEqual(['opened', 'nudged']);
  }

  async function refused(errand: LivingTicket) {
    return eventually('a refusal', async () => (await errand.refusals())[0]);
  }

  it.each([
    ['a string', 'rubbish', 'invalid_input'],
    ['an array', [1, 2, 3], 'invalid_input'],
    ['a number', 7, 'invalid_input'],
    ['an unknown field', { fails: 0, actor: root }, 'invalid_input'],
    ['a wrong type', { fails: 'none' }, 'invalid_input'],
    ['NUL', { fails: 'no\u0000ne' }, 'invalid_input'],
    ['half a character', { fails: '\ud800' }, 'invalid_input'],
    [
      'a megabyte',
      { fails: Array.from({ length: 1_000 }, () => ['x'.repeat(1_000)]) },
      'invalid_input',
    ],
  ])('with %s is refused, and the life goes on', async (_, payload, code) => {
    const errand = await begin();
    await errand.handle.signal('go', payload);
    expect(await refused(errand)).toMatchObject({ name: 'go', outcome: 'refused', code });
    await goesOn(errand);
  });

  it.each([
    ['in an unknown encoding', 'binary/martian', 'x'],
    ['in broken JSON', 'json/plain', '{"fails":'],
  ])('%s is refused, and the life goes on', async (_, encoding, text) => {
    const errand = await begin();
    const bytes = (words: string) => new TextEncoder().encode(words);
    await world.engine.connection.workflowService.signalWorkflowExecution({
      ...{ namespace: world.engine.namespace, signalName: 'go' },
      workflowExecution: { workflowId: errand.workflowId },
      input: { payloads: [{ metadata: { encoding: bytes(encoding) }, data: bytes(text) }] },
    });
    expect(await refused(errand)).toMatchObject({ name: 'go', code: 'invalid_input' });
    await goesOn(errand);
  });

  it('nested deeper than anybody can write down is refused, and the life goes on', async () => {
    const errand = await begin();
    const nest = '['.repeat(5_000) + ']'.repeat(5_000);
    const bytes = (text: string) => new TextEncoder().encode(text);
    await world.engine.connection.workflowService.signalWorkflowExecution({
      ...{ namespace: world.engine.namespace, signalName: 'go' },
      workflowExecution: { workflowId: errand.workflowId },
      input: { payloads: [{ metadata: { encoding: bytes('json/plain') }, data: bytes(nest) }] },
    });
    expect(await refused(errand)).toMatchObject({ name: 'go', code: 'invalid_input' });
    await goesOn(errand);
  });

  it('without a payload is the signal with its defaults', async () => {
    const errand = await begin();
    await errand.handle.signal('go', null);
    await errand.hears('fetched');
  });

  it.each([
    ...['rubbish', 'nudge', 'command', 'fact', 'fetch', '__stack_trace'],
    ...['constructor', '__proto__', 'toString', 'no\u0000name', 'x'.repeat(500)],
  ])('of the unknown name %# is refused, and the life goes on', async (name) => {
    const errand = await begin();
    await errand.handle.signal(name, { to: errand.id });
    expect(await refused(errand)).toMatchObject({ outcome: 'refused', code: 'not_found' });
    await goesOn(errand);
  });

  it.each([
    ['due', { at: '2999-01-01T00:00:00.000Z' }],
    ['workDone', { key: 'fetch', n: 2, attempts: 1, result: 'forged' }],
    ['workFailed', { key: 'fetch', n: 2, attempts: 1, error: 'forged' }],
    ['opened', { title: 'Forged', description: 'Forged' }],
    ['commented', { body: 'Forged', isPublic: true }],
    ['edited', { title: 'Forged' }],
    ['watched', { userId: randomUUID() }],
    ['cancelRequested', {}],
  ])(
    'named %s, like a fact of the kernel, is refused, and the life goes on',
    async (name, input) => {
      const errand = await begin();
      await errand.handle.signal(name, input);
      expect(await refused(errand)).toMatchObject({ name, outcome: 'refused', code: 'not_found' });
      const inside = { cause: randomUUID(), name, input, via: 'engine', actor: root };
      await errand.handle.signal('fact', inside);
      await goesOn(errand);
      expect(await errand.refusals()).toHaveLength(2);
    },
  );

  it('named look changes nothing, whatever it carries', async () => {
    const errand = await begin();
    await errand.handle.signal('look', { cause: 'x', name: 'workDone', state: 'done' });
    await goesOn(errand);
    expect(await errand.refusals()).toEqual([]);
  });

  describe('in an envelope like those of the service', () => {
    const forged = (cause: string) => ({
      ...{ cause, input: { fails: 0 }, actor: root, via: 'api' },
      occurredAt: '2001-01-01T00:00:00.000Z',
    });

    it('is taken as made by hand: neither its actor nor its time nor its cause counts', async () => {
      const errand = await begin();
      await errand.handle.signal('go', forged('bomb@2030-01-01T00:00:00.000Z/3'));
      const [went] = await errand.hears('went');
      expect(went).toMatchObject({ actor: { kind: 'system', id: null, name: 'Holdfast' } });
      expect(went?.via).toBe('signal');
      expect(went?.cause).toMatch(/^[0-9a-f-]{36}$/);
      expect(Date.parse(went?.at ?? '')).toBeGreaterThan(Date.parse('2026-01-01'));
    });

    it('is taken once under one cause', async () => {
      const errand = await begin();
      const bomb = { cause: 'mine', input: { inSeconds: 9_999 } };
      await errand.handle.signal('bomb', bomb);
      await errand.handle.signal('bomb', bomb);
      await errand.give('nudge');
      expect((await errand.feed()).filter(({ type }) => type === 'bombPlanned')).toHaveLength(1);
    });

    it('cannot take the place of a command that is yet to come', async () => {
      const errand = await begin();
      const cause = randomUUID();
      await errand.handle.signal('rubbish', { cause });
      await refused(errand);
      expect(await errand.give('nudge', {}, { cause })).toEqual({ kind: 'applied', version: 2 });
    });

    it('cannot change what is recorded of a fact that has happened', async () => {
      const errand = await begin();
      const cause = randomUUID();
      const first = await errand.give('nudge', {}, { cause });
      await errand.handle.signal('rubbish', { cause, name: 'rubbish' });
      await errand.handle.signal('go', forged(cause));
      expect(await errand.give('nudge', {}, { cause })).toEqual(first);
      expect((await errand.feed()).map(({ type }) => type)).toEqual(['opened', 'nudged']);
    });

    it('is refused when it is for another ticket', async () => {
      const errand = await begin();
      await errand.handle.signal('go', { ...forged('elsewhere'), ticketId: randomUUID() });
      expect(await refused(errand)).toMatchObject({ name: 'go', code: 'invalid_request' });
      await goesOn(errand);
    });
  });
});

describe('an update made by hand', () => {
  let world: World;
  let errand: LivingTicket;
  beforeAll(async () => {
    world = await openWorld({ processes: [errandProcess] });
    errand = await beginLife(world, { type: 'errand', by: 'agent' });
  });
  afterAll(() => world.close());

  const whole = () => ({
    ...{ ticketId: errand.id, cause: randomUUID(), name: 'nudge', input: {}, actor: root },
    receivedAt: new Date().toISOString(),
  });

  it.each<[string, string, () => unknown]>([
    ['for another ticket', 'command', () => ({ ...whole(), ticketId: randomUUID() })],
    ['that is no object', 'command', () => 'rubbish'],
    ['that is null', 'command', () => null],
    ['without a cause', 'command', () => ({ ...whole(), cause: undefined })],
    ['without an actor', 'command', () => ({ ...whole(), actor: 'root' })],
    [
      'with a cause that no key can hold',
      'command',
      () => ({ ...whole(), cause: 'x'.repeat(9_999) }),
    ],
    ['with NUL in its name', 'command', () => ({ ...whole(), name: 'nu\u0000dge' })],
    ['at no instant', 'command', () => ({ ...whole(), receivedAt: 'yesterday' })],
    ['of an unknown name', 'rubbish', whole],
    ['of a reserved name', '__temporal_rubbish', whole],
  ])('%s is turned away without a trace in the history', async (_, update, sent) => {
    await errand.rests();
    const before = (await errand.history()).length;
    const asked = errand.handle.executeUpdate(update, { args: [sent()] });
    await expect(asked).rejects.toThrow();
    expect((await errand.history()).length).toBe(before);
  });

  it.each([
    'rubbish',
    'constructor',
    'toString',
    '__proto__',
    'due',
    'workDone',
    'opened',
    'edited',
  ])('of the command %s is refused and recorded', async (name) => {
    expect(await errand.give(name)).toMatchObject({ kind: 'refused', code: 'not_found' });
  });
});
