import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canPass, canReach } from './account';

/** Nobody on this machine. */
const stranger = { uid: 54_321, gid: 54_321 };
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-account-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'inner'));
  chmodSync(join(folder, 'inner'), 0o755);
  file = join(folder, 'inner', 'file');
  writeFileSync(file, '');
  chmodSync(file, 0o644);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('another account', () => {
  it('reaches a file that all may read', () => {
    expect(canReach(stranger, file)).toBe(true);
  });

  it('does not reach a file that it may not read', () => {
    chmodSync(file, 0o600);
    expect(canReach(stranger, file)).toBe(false);
  });

  it('does not reach a file below a closed folder, however far up that is', () => {
    chmodSync(folder, 0o700);
    expect(canReach(stranger, file)).toBe(false);
    expect(canPass(stranger, join(folder, 'inner'))).toBe(false);
  });

  it('passes a folder that it may not list', () => {
    chmodSync(folder, 0o711);
    expect(canReach(stranger, file)).toBe(true);
  });

  it('is judged by what its group may do when it belongs to that', () => {
    const { gid = 0 } = { gid: process.getgid?.() };
    chmodSync(file, 0o604);
    expect(canReach({ uid: stranger.uid, gid }, file)).toBe(false);
    chmodSync(file, 0o640);
    expect(canReach({ uid: stranger.uid, gid }, file)).toBe(true);
  });
});
