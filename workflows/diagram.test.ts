import fc from 'fast-check';
import { diagramOf, type Drawn, type Way } from './diagram';
import type { ProcessDeclaration } from './process';
import { processes } from './registry';

/**
 * The part of Mermaid's grammar for state diagrams that is drawn with; the words at the beginning of a line
 * that it takes for something else (release 11).
 */
const keyword =
  /^(accDescr|accTitle|class|classDef|click|default|href|note|scale|state|stateDiagram|style)$/i;
const id = String.raw`(?:\[\*\]|[A-Za-z_]\w*)`;
const label = String.raw`[^:;#{}"\n]+`;
const statements: Readonly<Record<string, RegExp>> = {
  state: new RegExp(`^state "([^"]+)" as (${id})$`),
  arrow: new RegExp(`^(${id}) --> (${id}) : (${label})$`),
  end: new RegExp(`^(${id}) --> (\\[\\*\\])$`),
  staying: new RegExp(`^(${id}) : (${label})$`),
  note: new RegExp(`^note right of (${id}) : (${label})$`),
  colour: /^classDef (\w+) [\w#:,-]+$/,
  coloured: /^class ([\w,]+) (\w+)$/,
};

interface Statement {
  readonly kind: string;
  readonly parts: readonly string[];
}

/** Throws at what Mermaid would not take. */
function read(text: string): Statement[] {
  const [head, ...lines] = text.trimEnd().split('\n');
  expect(head).toBe('stateDiagram-v2');
  return lines.map((line) => {
    for (const [kind, form] of Object.entries(statements)) {
      const match = form.exec(line.trim());
      if (!match) continue;
      const [, ...parts] = match;
      const named = kind === 'state' ? parts.slice(1) : parts.slice(0, 1);
      expect(named.filter((one) => keyword.test(one))).toEqual([]);
      return { kind, parts };
    }
    throw new Error(`Mermaid does not take: ${line}`);
  });
}

const partsOf = (drawn: readonly Statement[], kind: string) =>
  drawn.filter((one) => one.kind === kind).map(({ parts }) => parts);
const wordsOf = (labels: readonly (string | undefined)[]) =>
  labels.flatMap((one) => one?.split(/[\s,]+/) ?? []);

const command = (from: string[], to: string[], event: string) =>
  ({ from, to, role: 'agent', summary: 'Do it.', event }) as const;
const loan: ProcessDeclaration = {
  type: 'loan',
  path: 'loans',
  prefix: 'LOA',
  title: 'Loan',
  version: 1,
  states: { asked: 'open', lent: 'open', returned: 'final' },
  opening: { state: 'asked', role: 'end_user' },
  commands: {
    lend: command(['asked'], ['lent'], 'lent'),
    hand: command(['asked'], ['lent'], 'handed'),
    extend: command(['lent'], ['same'], 'extended'),
    take: command(['lent'], ['returned'], 'returned'),
  },
  signals: { scanned: { summary: 'The scanner saw it.' } },
  notices: {},
};

describe('the diagram of a process', () => {
  it('is the same text for the same declaration', () => {
    expect(diagramOf(loan)).toBe(
      [
        'stateDiagram-v2',
        '  state "asked" as asked',
        '  state "lent" as lent',
        '  state "returned" as returned',
        '  lent : extend',
        '  [*] --> asked : open',
        '  asked --> lent : lend, hand',
        '  lent --> returned : take',
        '  returned --> [*]',
        '  note right of asked : At any time scanned',
        '',
      ].join('\n'),
    );
  });

  it.each(processes.map(({ declaration }) => [declaration.type, declaration] as const))(
    'of %s has every state, every command and every way between two states',
    (_, declaration) => {
      const drawn = read(diagramOf(declaration));
      const states = Object.entries(declaration.states);
      expect(partsOf(drawn, 'state').map(([name]) => name)).toEqual(states.map(([name]) => name));
      expect(partsOf(drawn, 'end').map(([from]) => from)).toEqual(
        states.filter(([, kind]) => kind === 'final').map(([name]) => name),
      );
      const arrows = partsOf(drawn, 'arrow');
      for (const [name, { from, to }] of Object.entries(declaration.commands)) {
        for (const before of from) {
          const after = to.filter((one) => one !== 'same' && one !== before);
          const own = arrows.filter(([start, , words]) => {
            return start === before && wordsOf([words]).includes(name);
          });
          expect([name, own.map(([, end]) => end).sort()]).toEqual([name, [...after].sort()]);
          const stays = to.includes('same') || to.includes(before);
          const staying = partsOf(drawn, 'staying').filter(([state]) => state === before);
          expect(wordsOf(staying.map(([, words]) => words)).includes(name)).toBe(stays);
        }
      }
    },
  );
});

describe('signals and time', () => {
  const driven: Drawn = {
    ...loan,
    signals: {
      ...loan.signals,
      claim: { summary: 'Wanted back.', from: ['lent'], to: ['returned'] },
      ask: { summary: 'Where is it?', from: ['lent'], to: ['same'] },
    },
    timers: { expire: { summary: 'Too late.', from: ['asked'], to: ['returned'] } },
  };

  it('are drawn like commands when they say where they lead', () => {
    const drawn = read(diagramOf(driven));
    expect(partsOf(drawn, 'arrow')).toEqual([
      ['[*]', 'asked', 'open'],
      ['asked', 'lent', 'lend, hand'],
      ['asked', 'returned', 'expire'],
      ['lent', 'returned', 'claim, take'],
    ]);
    expect(partsOf(drawn, 'staying')).toEqual([['lent', 'ask, extend']]);
    expect(partsOf(drawn, 'note')).toEqual([['asked', 'At any time scanned']]);
  });
});

describe('the way of a ticket', () => {
  const way: Way = {
    states: ['asked', 'lent', 'asked', 'lent', 'returned'],
    moves: [
      { from: 'asked', to: 'lent', event: 'handed' },
      { from: 'lent', to: 'asked', event: 'expired' },
      { from: 'asked', to: 'lent', event: 'handed' },
      { from: 'lent', to: 'returned', event: null },
    ],
  };

  it('has a tick at the commands that were given, and at what led there without one', () => {
    expect(partsOf(read(diagramOf(loan, way)), 'arrow')).toEqual([
      ['[*]', 'asked', 'open'],
      ['asked', 'lent', 'lend, ✓ hand'],
      ['lent', 'asked', '✓ expired'],
      ['lent', 'returned', 'take, ✓ not shown'],
    ]);
  });

  it('colours where it has been and where it is', () => {
    expect(partsOf(read(diagramOf(loan, way)), 'coloured')).toEqual([
      ['asked,lent', 'been'],
      ['returned', 'present'],
    ]);
    const first = { states: ['asked'], moves: [] };
    expect(partsOf(read(diagramOf(loan, first)), 'coloured')).toEqual([['asked', 'present']]);
  });

  it('has the states of an earlier definition', () => {
    const drawn = read(
      diagramOf(loan, {
        states: ['draft', 'asked'],
        moves: [{ from: 'draft', to: 'asked', event: 'sent' }],
      }),
    );
    expect(partsOf(drawn, 'state').map(([name]) => name)).toContain('draft');
    expect(partsOf(drawn, 'arrow')).toContainEqual(['draft', 'asked', '✓ sent']);
  });
});

describe('whatever states and commands are called', () => {
  const name = fc.oneof(
    fc.constantFrom('state', 'note', 'class', 'Default', 'end', 'click', 'scale', 'style', 'fork'),
    fc.stringMatching(/^[a-z][A-Za-z0-9-]{0,12}$/),
    fc.string({ minLength: 1, maxLength: 8 }).filter((text) => /[a-z]/i.test(text)),
  );
  const declared = fc
    .uniqueArray(name, { minLength: 2, maxLength: 6 })
    .chain((states) =>
      fc.record({
        states: fc.constant(states),
        commands: fc.dictionary(
          name,
          fc.record({ from: fc.subarray(states), to: fc.subarray([...states, 'same']) }),
          { maxKeys: 6 },
        ),
      }),
    )
    .map(({ states, commands }): ProcessDeclaration => ({
      ...loan,
      states: Object.fromEntries(states.map((state, k) => [state, k === 0 ? 'open' : 'final'])),
      opening: { state: states[0] ?? '', role: 'agent' },
      commands: Object.fromEntries(
        Object.entries(commands).map(([key, { from, to }]) => [key, command(from, to, key)]),
      ),
    }));

  it('Mermaid takes the text, and every state has a name of its own', () => {
    fc.assert(
      fc.property(declared, (process) => {
        const ids = partsOf(read(diagramOf(process)), 'state').map(([, own]) => own);
        expect(new Set(ids).size).toBe(Object.keys(process.states).length);
      }),
    );
  });
});
