/** Finding among a hundred thousand tickets: by agents, by requesters, while typing, with typing errors. */
import { z } from 'zod';
import { openDesk } from '../../rig/desk';
import type { Rig } from '../../rig/rig';
import { type Say, timed } from '../../stack/progress';
import { fillKnownErrors } from '../crowd/problems';
import { fillCrowd } from '../crowd/tickets';
import { drive } from '../drive';
import { type Circumstances, circumstances } from '../machine';
import { type Figures, figuresOf, type Meter, meterOf, slice, type Slice } from '../measure';
import { signIn } from '../people';
import { openRows, type Rows } from '../rows';
import { ticketsOf } from '../tickets';
import { openWire } from '../wire';
import { type Question, questionsOf } from './questions';
import type { SearchSizes } from './sizes';

export interface SearchLine {
  readonly what: string;
  readonly atOnce: number;
  readonly figures: Figures;
}

export interface SearchFindings {
  readonly circumstances: Circumstances;
  readonly sizes: SearchSizes;
  readonly lines: readonly SearchLine[];
}

export interface SearchBench {
  readonly rig: Rig;
  readonly sizes: SearchSizes;
  readonly say: Say;
}

export async function runSearch({ rig, sizes, say }: SearchBench): Promise<SearchFindings> {
  const desk = await openDesk(rig.database.url, { slug: 'search', agents: 4, requesters: 4 });
  const rows = await openRows(rig.database.ownerUrl, desk.organizationId);
  const wire = openWire(rig.addresses[0] ?? '');
  const worker = rig.parts.get('worker');
  if (worker === undefined) throw new Error('The installation has no worker');
  try {
    const where = await circumstances(rows, rig.temporalAddress);
    const people = await signIn(wire, desk);
    const opening = ticketsOf(wire, people).open(() => undefined);
    const opened = await drive({
      atOnce: 1,
      milliseconds: Infinity,
      atMost: 1,
      next: () => opening,
    });
    if (opened.errors.length > 0) throw new Error(`Opening failed: ${opened.errors.join()}`);
    await timed(say, `${sizes.total} tickets are there`, () => fill(rows, sizes));
    await people.refresh();
    const questions = questionsOf(wire, people);
    const lines = await measureAll(questions, sizes, meterOf(rig.parts, worker));
    return { circumstances: where, sizes, lines };
  } finally {
    wire.close();
    await rows.close();
  }
}

async function measureAll(
  questions: readonly Question[],
  { concurrencies, rounds, sliceMs: milliseconds }: SearchSizes,
  meter: Meter,
): Promise<SearchLine[]> {
  const lines: SearchLine[] = [];
  for (const { what, next } of questions) {
    for (const atOnce of concurrencies) {
      const slices: Slice[] = [];
      for (let round = 1; round <= rounds; round += 1)
        slices.push(await slice(meter, { atOnce, milliseconds, next }));
      lines.push({ what, atOnce, figures: figuresOf(slices) });
    }
  }
  return lines;
}

async function fill(rows: Rows, { total, knownErrors, requesters }: SearchSizes): Promise<void> {
  const [row] = await rows.query('select id from tickets limit 1');
  const { id: after } = z.object({ id: z.uuid() }).parse(row);
  await fillCrowd({ rows, after, total, open: 0.1, commented: 0.2, requesters });
  await fillKnownErrors({ rows, after, total: knownErrors });
}
