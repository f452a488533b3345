/** `npm run bench`: what Holdfast takes, beside the bare engine on the same machine in the same run. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { deadlineReport } from './bench/deadlines/report';
import { runDeadlines } from './bench/deadlines/run';
import { fullDeadlines, quickDeadlines } from './bench/deadlines/sizes';
import { reportOf, underHead } from './bench/report';
import { runBench } from './bench/run';
import { searchReport } from './bench/search/report';
import { runSearch } from './bench/search/run';
import { fullSearch, quickSearch } from './bench/search/sizes';
import { runViews, viewReport } from './bench/views/run';
import { full, quick, readWish, type Wish } from './bench/wish';
import { progressBar } from './replay/progress-bar';
import { openRig, type Rig } from './rig/rig';
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

/** What was measured, and as Markdown. */
interface Measured {
  readonly findings: object;
  readonly report: string;
}

async function onRig(wish: Wish): Promise<Measured> {
  const interrupted = untilInterrupted();
  const since = performance.now();
  // Eight who sign in over and over are more than an office does in a minute.
  const settings = { LOGIN_LIMIT_PER_MINUTE: '1000000', RATE_LIMIT_PER_MINUTE: '1000000' };
  const rig = await openRig({ kind: 'bench', settings, say });
  const coldMs = performance.now() - since;
  say(`An installation is ready (${seconds(coldMs)})`);
  try {
    const found = await Promise.race([interrupted, measured(wish, rig, coldMs)]);
    if (found === undefined) throw new Error('Interrupted');
    return found;
  } finally {
    await rig.close();
  }
}

async function measured({ part, isQuick }: Wish, rig: Rig, coldMs: number): Promise<Measured> {
  if (part === 'deadlines') {
    const sizes = isQuick ? quickDeadlines : fullDeadlines;
    const findings = await runDeadlines({ rig, sizes, say });
    return { findings, report: deadlineReport(findings) };
  }
  if (part === 'search') {
    const sizes = isQuick ? quickSearch : fullSearch;
    const findings = await runSearch({ rig, sizes, say });
    return { findings, report: searchReport(findings) };
  }
  if (part === 'views') {
    const findings = await runViews(rig, { tickets: 100_000, requests: isQuick ? 50 : 300 }, say);
    return { findings, report: viewReport(findings) };
  }
  const sizes = isQuick ? quick : full;
  const stop = interruption.signal;
  const findings = await runBench({ rig, coldMs, sizes, say, progress, stop });
  return { findings, report: reportOf(findings) };
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

function publish({ json, report: path }: Wish, { findings, report }: Measured): void {
  say(report);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(findings, undefined, 2)}\n`);
  if (path === undefined) return;
  const present = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  writeFileSync(path, underHead(present, report));
}
