import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roles } from '../models/users/actor';
import * as lives from './index';
import { isOpenState, permissionOf, type ProcessDeclaration } from './process';
import { processes } from './registry';

const each = processes.map((process): [string, (typeof processes)[number]] => [
  process.declaration.type,
  process,
]);

const foldersWithProcess = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(__dirname, entry.name, 'process.ts')))
  .map(({ name }) => name);

describe('the registry', () => {
  it('holds the folders that have a process, no more and no fewer', () => {
    expect(foldersWithProcess).not.toEqual([]);
    expect(processes.map(({ declaration }) => declaration.path).sort()).toEqual(
      foldersWithProcess.sort(),
    );
  });

  it('is what the bundler exports, under the name of each type, beside mails and runs', () => {
    expect(Object.keys(lives).sort()).toEqual(
      ['mail', 'slaRun', ...processes.map(({ declaration }) => declaration.type)].sort(),
    );
  });

  it('has types, paths and prefixes that differ', () => {
    for (const field of ['type', 'path', 'prefix'] as const) {
      const values = processes.map(({ declaration }) => declaration[field]);
      expect(new Set(values).size).toBe(values.length);
    }
  });
});

describe.each(each)('the process %s', (type, { declaration, inputs, rules, details }) => {
  const commands = Object.entries(declaration.commands);
  const states = Object.keys(declaration.states);
  const moves = [declaration.commands, declaration.signals, declaration.timers ?? {}].flatMap(
    (declared) => Object.values<Move>(declared),
  );

  it('is serialisable', () => {
    expect(JSON.parse(JSON.stringify(declaration))).toEqual(declaration);
  });

  it('has an input and a rule for every command and signal, and for nothing else', () => {
    for (const kind of ['commands', 'signals'] as const) {
      const declared = Object.keys(declaration[kind]).sort();
      expect(Object.keys(inputs[kind]).sort()).toEqual(declared);
      expect(Object.keys(rules[kind]).sort()).toEqual(declared);
    }
  });

  it('leads from and to states that it has', () => {
    expect(states).toContain(declaration.opening.state);
    for (const { from = [], to = [] } of moves) {
      expect(states).toEqual(expect.arrayContaining([...from]));
      expect([...states, 'same']).toEqual(expect.arrayContaining([...to]));
    }
    for (const [, { from, requester = [] }] of commands) {
      expect(from).toEqual(expect.arrayContaining([...requester]));
    }
  });

  it('is opened in a state that lives and has an end', () => {
    expect(isOpenState(declaration, declaration.opening.state)).toBe(true);
    expect(states.some((state) => !isOpenState(declaration, state))).toBe(true);
  });

  it('has no command on a final state', () => {
    const final = states.filter((state) => !isOpenState(declaration, state));
    for (const [, { from }] of commands) {
      expect(from.filter((state) => final.includes(state))).toEqual([]);
    }
  });

  it('can reach every state', () => {
    const reached = new Set([declaration.opening.state]);
    for (let before = 0; before < reached.size;) {
      before = reached.size;
      for (const { from = states, to = [] } of moves) {
        if (from.some((state) => reached.has(state))) to.forEach((state) => reached.add(state));
      }
    }
    expect([...reached]).toEqual(expect.arrayContaining(states));
  });

  it('names permissions after itself and roles that exist', () => {
    for (const [name, { role }] of commands) {
      expect(permissionOf(declaration, name)).toMatch(new RegExp(`^${type}:[a-z][A-Za-z]*$`));
      expect(roles).toContain(role);
    }
  });

  it('shares a permission only with a command that needs the same role', () => {
    for (const [, { permission, role }] of commands) {
      if (permission === undefined) continue;
      const shared = declaration.commands[permission.slice(type.length + 1)];
      expect(shared?.role).toBe(role);
    }
  });

  it('lets links forbid commands that it has, and follow only with words that it knows', () => {
    const { links = {}, signals }: ProcessDeclaration = declaration;
    for (const { forbids = [], follows } of Object.values(links)) {
      expect(commands.map(([name]) => name)).toEqual(expect.arrayContaining([...forbids]));
      const words = follows === 'closure' ? ['linkedEnded'] : ['linkedEnded', 'linkedReopened'];
      for (const name of follows ? words : [])
        expect([name, signals[name]?.by]).toEqual([name, 'lives']);
    }
  });

  it('declares every notice that its rules send', () => {
    expect(Object.keys(declaration.notices)).toEqual(
      expect.arrayContaining(noticesIn(declaration.path)),
    );
  });

  it('answers what its declaration says that policies may ask and ladders may do', () => {
    const { facets = {}, sla } = declaration;
    expect(Object.keys(rules.sla?.facets(rules.details) ?? {}).sort()).toEqual(
      Object.keys(facets).sort(),
    );
    const offered = sla?.ladder.filter((action) => action !== 'notify') ?? [];
    expect(Object.keys(rules.sla?.ladder ?? {}).sort()).toEqual([...offered].sort());
  });

  it('begins with details of the declared shape', () => {
    expect(details.strict().safeParse(rules.details).error).toBeUndefined();
  });
});

interface Move {
  readonly from?: readonly string[];
  readonly to?: readonly string[];
}

/** Names of notices in the source of a folder's rules, and of ladders and waits if it has an SLA. */
function noticesIn(path: string): string[] {
  const folder = join(__dirname, path);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(folder, name));
  const own = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const kernels = ['climb', 'waiting'].map((name) =>
    readFileSync(join(__dirname, `../models/sla/${name}.ts`), 'utf8'),
  );
  const source = own.includes('SlaRules') ? [own, ...kernels].join('\n') : own;
  const sent = [...source.matchAll(/\.notify\(\s*[^,;]+,\s*'(\w+)'/g)].map(([, name]) => name);
  const steps = [...source.matchAll(/\bnotice: '(\w+)'/g)].map(([, name]) => name);
  return [...sent, ...steps].filter((name) => name !== undefined);
}
