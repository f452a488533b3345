import type { Desk } from '../rig/desk';
import { readArguments } from './arguments';
import { nextDeed, opening, type Scene } from './deed';
import { diceOf } from './dice';
import { faultKinds, nextFault, type FaultKind } from './fault';
import { lineOf } from './recorder';
import { sayingsOf } from './saying';

const seedless = () => 'thrown';

describe('dice', () => {
  it('throw the same for the same seed, and something else for another', () => {
    const throws = (seed: string) => {
      const dice = diceOf(seed);
      return Array.from({ length: 20 }, () => dice.whole(1, 1_000));
    };
    expect(throws('a')).toEqual(throws('a'));
    expect(throws('a')).not.toEqual(throws('b'));
  });

  it('give a part of the story dice of its own, whatever was thrown before', () => {
    const dice = diceOf('a');
    const before = dice.of('life 1').next();
    dice.next();
    expect(dice.of('life 1').next()).toBe(before);
    expect(dice.of('life 2').next()).not.toBe(before);
  });

  it('keep to their bounds, and come near their weights', () => {
    const dice = diceOf('a');
    const wholes = Array.from({ length: 2_000 }, () => dice.whole(3, 5));
    expect(new Set(wholes)).toEqual(new Set([3, 4, 5]));
    const often = Array.from({ length: 2_000 }, () => dice.weigh({ a: 3, b: 1, c: 0 }));
    const share = often.filter((name) => name === 'a').length / often.length;
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.8);
    expect(often).not.toContain('c');
  });
});

describe('the command line of the soak', () => {
  it('has a default for everything', () => {
    expect(readArguments([], seedless)).toEqual({
      minutes: 5,
      lives: undefined,
      faults: faultKinds,
      everySeconds: 7,
      seed: 'thrown',
      crowd: 16,
      keep: false,
      stories: false,
      messages: 1000,
      facts: 10000,
    });
  });

  it('takes a word for all faults that begin with it, and none for none', () => {
    expect(readArguments(['--faults', 'cut,kill-api'], seedless)).toMatchObject({
      faults: ['cut-postgres', 'cut-temporal', 'kill-api'],
    });
    expect(readArguments(['--faults', 'none'], seedless)).toMatchObject({ faults: [] });
  });

  it.each([
    ['--faults', 'fire', '--faults knows no "fire".'],
    ['--minutes', '0', '--minutes must be a number above 0, not 0.'],
    ['--lives', 'many', '--lives must be a number above 0, not many.'],
  ])('refuses %s %s and tells how it is used', (flag, value, message) => {
    expect(() => readArguments([flag, value], seedless)).toThrow(message);
    expect(() => readArguments([flag, value], seedless)).toThrow('Usage: npm run soak');
  });
});

describe('the next fault', () => {
  const targets = {
    parts: ['PostgreSQL', 'Temporal', 'worker', 'worker 2', 'API', 'API 2'],
    links: ['API to PostgreSQL', 'API to Temporal', 'worker to PostgreSQL', 'worker to Temporal'],
  };
  const of = (kind: FaultKind, broken: readonly string[] = []) =>
    Array.from({ length: 40 }, (_, n) =>
      nextFault(diceOf(`${n}`), [kind], targets, new Set(broken)),
    );

  it.each([
    ['kill-worker', ['worker', 'worker 2']],
    ['freeze-api', ['API', 'API 2']],
    ['kill-postgres', ['PostgreSQL']],
    ['restart-temporal', ['Temporal']],
    ['kill-all', targets.parts],
    ['cut-postgres', ['API to PostgreSQL', 'worker to PostgreSQL']],
    ['stall-temporal', ['API to Temporal', 'worker to Temporal']],
  ] as const)('of the kind %s hits these and no others', (kind, names) => {
    expect(new Set(of(kind).flatMap((fault) => fault?.targets ?? []))).toEqual(new Set(names));
  });

  it('lasts between nothing and seven seconds', () => {
    for (const kind of faultKinds) {
      for (const fault of of(kind)) {
        expect(fault?.forMs).toBeGreaterThanOrEqual(0);
        expect(fault?.forMs).toBeLessThanOrEqual(7_000);
      }
    }
  });

  it('leaves alone what is broken already', () => {
    expect(new Set(of('kill-worker', ['worker']).flatMap((f) => f?.targets ?? []))).toEqual(
      new Set(['worker 2']),
    );
    expect(of('kill-postgres', ['PostgreSQL'])).toEqual(Array(40).fill(undefined));
    expect(of('kill-all', ['API'])).toEqual(Array(40).fill(undefined));
  });
});

describe('deeds', () => {
  const desk: Desk = {
    ...{ slug: 'north', organizationId: 'o', password: 'p', manager: 'manager@north.example' },
    agents: ['agent-1@north.example'],
    requesters: ['requester-1@north.example'],
  };
  const scene = (n: number): Scene => ({ dice: diceOf(`${n}`), desk, mark: `m-${n}`, now: 0 });
  const seen = { id: 't', number: 'INC1', requester: 'requester-1@north.example' };
  const deeds = (state: string) =>
    Array.from({ length: 400 }, (_, n) => nextDeed(scene(n), { ...seen, state }));

  it('are all that a ticket in its state is for', () => {
    expect(new Set(deeds('onHold').map(({ kind }) => kind))).toEqual(
      new Set([
        ...['comment', 'edit', 'watch', 'unwatch', 'assign', 'prioritize', 'escalate', 'cancel'],
        ...['resume', 'hold', 'resolve', 'start', 'reopen', 'close'],
      ]),
    );
  });

  it('carry their mark in every text, so that they can be counted', () => {
    const said = deeds('inProgress').filter(({ kind }) => kind === 'comment');
    expect(said.length).toBeGreaterThan(50);
    for (const { body } of said) expect(JSON.stringify(body)).toContain('m-');
    expect(JSON.stringify(opening(scene(1)).body)).toContain('Soak m-1');
  });
});

describe('a record', () => {
  const call = { as: 'a', path: '/incidents/t/actions/hold', kind: 'hold', key: 'k', body: {} };
  const line = (at: number, status?: number, text = '{"id":"t"}') =>
    lineOf({
      ...{ call, at, until: at + 10, isGivenUp: false },
      answer: status === undefined ? undefined : { status, text, isReplayed: false },
    });

  it('becomes one saying of each key, decided by the first answer that decides', async () => {
    const [saying, ...others] = await sayingsOf([
      line(100),
      line(200, 503, '{"code":"unavailable"}'),
      line(300, 409, '{"code":"idempotency_in_progress"}'),
      line(400, 202),
      line(500, 200),
      line(600, 200),
    ]);
    expect(others).toEqual([]);
    expect(saying).toMatchObject({ key: 'k', at: 100, decidedAt: 510, tries: 6 });
    expect(saying?.told.map(({ status, id }) => [status, id])).toEqual([
      [200, 't'],
      [200, 't'],
    ]);
  });

  it('tells of a saying that nobody decided that it was sent', async () => {
    const [saying] = await sayingsOf([line(100), line(200, 202)]);
    expect(saying).toMatchObject({ tries: 2, told: [], decidedAt: undefined });
  });
});
