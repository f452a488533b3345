import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSecrets } from './secrets';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-secrets-'));
  path = join(folder, 'secrets.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('secrets', () => {
  it('are made once and stay the same', () => {
    const first = loadSecrets(folder);
    expect(first.jwtSecret.length).toBeGreaterThanOrEqual(32);
    expect(new Set(Object.values(first)).size).toBe(6);
    expect(loadSecrets(folder)).toEqual(first);
  });

  it('are of each installation its own', () => {
    expect(loadSecrets(folder)).not.toEqual(loadSecrets(join(folder, 'another')));
  });

  it('are readable by their owner only, even after someone opened them', () => {
    loadSecrets(folder);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    loadSecrets(folder);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('that an older release did not know are added, the others kept', () => {
    const { demoPassword, ...older } = loadSecrets(folder);
    writeFileSync(path, JSON.stringify(older));
    const now = loadSecrets(folder);
    expect(now).toMatchObject(older);
    expect(now.demoPassword).not.toBe(demoPassword);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(now);
  });

  it('that are damaged are an error, never silently new', () => {
    writeFileSync(path, '{"jwtSecret": "short"}');
    expect(() => loadSecrets(folder)).toThrow('is damaged');
    expect(readFileSync(path, 'utf8')).toBe('{"jwtSecret": "short"}');
  });
});
