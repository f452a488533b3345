/** `npm run bench`: what Holdfast takes, beside the bare engine on the same machine in the same run. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { reportOf, underHead } from './bench/report';
import { type Findings, runBench } from './bench/run';
import { full, quick, readWish, type Wish } from './bench/wish';
import { progressBar } from './replay/progress-bar';
import { openRig, type Rig } from './rig/rig';
import { messageOf } from './stack/failure';
import { seconds } from './stack/progress';

const say = (line: string) => {
  console.log(line);
};
/** What a shell expects of a program that was interrupted. */
const interrupted = 130;

void main();

async function main(): Promise<void> {
  try {
    const wish = readWish(process.argv.slice(2));
    publish(wish, await onRig(wish));
  } catch (error) {
    console.error(messageOf(error));
    process.exit(1);
  }
}

async function onRig({ isQuick }: Wish): Promise<Findings> {
  const since = performance.now();
  const opening = openRig({ kind: 'bench', say });
  closeOnInterrupt(opening);
  const rig = await opening;
  const coldMs = performance.now() - since;
  say(`An installation is ready (${seconds(coldMs)})`);
  try {
    return await runBench({ rig, coldMs, sizes: isQuick ? quick : full, say, progress });
  } finally {
    await rig.close();
  }
}

function closeOnInterrupt(opening: Promise<Rig>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      say('Closing');
      void opening
        .then((rig) => rig.close())
        .catch((error: unknown) => {
          console.error(messageOf(error));
        })
        .finally(() => process.exit(interrupted));
    });
  }
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
