/** `npm run soak`: random lives while everything breaks, and the proof that nothing was lost. */
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { readArguments, usage, type Wish } from './soak/arguments';
import { keepAll } from './soak/keeping';
import { soak } from './soak/run';
import { openStage } from './soak/stage';
import { tellStories } from './soak/stories';
import { foundLines, summaryOf } from './soak/summary';
import { messageOf } from './stack/failure';

const untold = { lines: [], findings: [] };

const say = (line: string) => {
  console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);
};

void main();

async function main(): Promise<void> {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    const wish = readArguments(process.argv.slice(2), () => randomBytes(4).toString('hex'));
    if (wish === 'help') console.log(usage);
    else process.exitCode = (await perform(wish)) ? 0 : 1;
  } catch (error) {
    console.error(messageOf(error));
    process.exit(1);
  }
}

/** True when nothing was found. */
async function perform(wish: Wish): Promise<boolean> {
  say(`Seed ${wish.seed}; faults: ${wish.faults.join(', ') || 'none'}`);
  const stage = await openStage(say);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stage.close().finally(() => process.exit(1)));
  }
  try {
    const soaked = await soak(wish, stage, say);
    // At once: the stories take long, and may be broken off.
    console.log(summaryOf(soaked).join('\n'));
    const told = wish.stories ? await tellStories(stage, wish, say) : untold;
    if (wish.stories) console.log([...told.lines, ...foundLines(told.findings)].join('\n'));
    const findings = [...soaked.findings, ...told.findings];
    const isWell = findings.length === 0;
    if (isWell && !wish.keep) rmSync(soaked.folder, { recursive: true, force: true });
    else say(`Record, rows and logs: ${keepAll({ ...soaked, findings }, stage)}`);
    return isWell;
  } finally {
    await stage.close();
  }
}
