/** `npm run bench`: what Holdfast takes, beside the bare engine on the same machine in the same run. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { reportOf, underHead } from './bench/report';
import { type Findings, runBench } from './bench/run';
import { full, quick, readWish, type Wish } from './bench/wish';
import { progressBar } from './replay/progress-bar';
import { openRig } from './rig/rig';
import { messageOf } from './stack/failure';
import { seconds } from './stack/progress';

const say = (line: string) => {
  console.log(line);
};
/** What a shell expects of a program that was interrupted. */
const exitOfInterrupted = 130;
const interruption = new AbortController();

void main();

async function main(): Promise<void> {
  try {
    const wish = readWish(process.argv.slice(2));
    publish(wish, await onRig(wish));
  } catch (error) {
    // What was under way when it was interrupted still fails; nobody waits for that.
    if (interruption.signal.aborted) process.exit(exitOfInterrupted);
    console.error(messageOf(error));
    process.exit(1);
  }
}

async function onRig({ isQuick }: Wish): Promise<Findings> {
  const stop = interruption.signal;
  const interrupted = untilInterrupted();
  const since = performance.now();
  // Eight who sign in over and over are more than an office does in a minute.
  const settings = { LOGIN_LIMIT_PER_MINUTE: '1000000', RATE_LIMIT_PER_MINUTE: '1000000' };
  const rig = await openRig({ kind: 'bench', settings, say });
  const coldMs = performance.now() - since;
  say(`An installation is ready (${seconds(coldMs)})`);
  try {
    const sizes = isQuick ? quick : full;
    const running = runBench({ rig, coldMs, sizes, say, progress, stop });
    const found = await Promise.race([interrupted, running]);
    if (found === undefined) throw new Error('Interrupted');
    return found;
  } finally {
    await rig.close();
  }
}

/** Resolves at Ctrl-C; an installation that is just being made is made first, then closed. */
function untilInterrupted(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        say('Closing');
        interruption.abort();
        resolve(undefined);
      });
    }
  });
}

function progress(steps: number): () => void {
  const write = (text: string) => process.stdout.write(text);
  const bar = progressBar(steps, process.stdout.isTTY, write, 'steps');
  let done = 0;
  return () => {
    bar((done += 1));
  };
}

function publish({ json, report: path }: Wish, findings: Findings): void {
  const report = reportOf(findings);
  say(report);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(findings, undefined, 2)}\n`);
  if (path === undefined) return;
  const present = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  writeFileSync(path, underHead(present, report));
}
