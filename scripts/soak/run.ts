/** One soak: lives and faults at the same time, then rest, then the proof. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endStrays } from '../../engine/strays';
import { openDoor } from '../replay/door';
import type { Say } from '../stack/progress';
import type { Wish } from './arguments';
import { prove, type Verdict } from './check';
import type { Finding } from './check/evidence';
import { liveLives } from './crowd';
import { diceOf } from './dice';
import type { Injected } from './fault';
import { startInjector } from './injector';
import { openRecorder } from './recorder';
import { quiet } from './quiet';
import type { Stage } from './stage';
import { openStrangers } from './strangers';

export interface Soaked extends Verdict {
  readonly lives: number;
  readonly minutes: number;
  /** Holds the record. */
  readonly folder: string;
}

/** Plays on the stage; the record is in a folder of its own, which stays. */
export async function soak(wish: Wish, stage: Stage, say: Say): Promise<Soaked> {
  const since = Date.now();
  const { rig, installation } = stage;
  const dice = diceOf(wish.seed);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-soaked-'));
  say(`The record is in ${folder}`);
  const file = join(folder, 'record.ndjson');
  const recorder = openRecorder(file);
  const injector = startInjector(rig, dice.of('faults'), wish);
  const strangers = openStrangers(installation);
  let calls = 0;
  const places = stage.desks.map((desk) => ({
    desk,
    door: openDoor(rig.addresses, desk.password, (exchange) => {
      calls += 1;
      recorder.heard(exchange);
    }),
  }));
  const end = since + wish.minutes * 60_000;
  const lives = await progressing(
    (begun) => `${begun} lives, ${calls} calls, ${injector.injected.length} faults`,
    say,
    (tell) =>
      liveLives(
        {
          name: 'crowd',
          dice: dice.of('crowd'),
          places,
          goesOn: (begun) => {
            tell(begun);
            return Date.now() < end || begun < (wish.lives ?? 0);
          },
          aside: ({ desk }, seen, own) => strangers.send(desk, seen, own),
        },
        wish.crowd,
      ),
  );
  await injector.rest();
  const minutes = (Date.now() - since) / 60_000;
  say('All is mended; waiting until nothing is owed or due');
  const restless = await quiet(installation.database);
  // What a worker does every hour: a task that a fault took from the engine may have settled a ticket.
  const outlived = await endStrays(installation);
  await recorder.close();
  say('Proving');
  const { injected: faults, endings } = injector;
  const verdict = await prove(stage, { file, signals: strangers.signals, faults, endings });
  await injector.close();
  const findings = [...restless, ...unexplained(outlived, faults), ...verdict.findings];
  return { ...verdict, findings, lives, minutes, folder };
}

/** Lives that outlived their tickets need a fault that explains them. */
function unexplained(outlived: number, faults: readonly Injected[]): Finding[] {
  if (outlived === 0 || faults.length > 0) return [];
  const proof = 'a life runs while its ticket is unsettled';
  return [{ proof, ticket: '-', detail: `${outlived} outlived their tickets without a fault` }];
}

const everyMs = 15_000;

/** Says now and then how far it is. */
async function progressing<T>(
  line: (begun: number) => string,
  say: Say,
  work: (tell: (begun: number) => void) => Promise<T>,
): Promise<T> {
  let begun = 0;
  const timer = setInterval(() => {
    say(line(begun));
  }, everyMs);
  try {
    return await work((so) => {
      begun = so;
    });
  } finally {
    clearInterval(timer);
  }
}
