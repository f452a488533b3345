/** `npm run bench`: what Holdfast takes, beside the bare engine on the same machine in the same run. */
import { openBareEngine } from './bench/bare/engine';
import { meterOf } from './bench/measure';
import { signIn } from './bench/people';
import { measureAll, slicesOf } from './bench/rounds';
import { seed } from './bench/seed';
import { speedTable } from './bench/table';
import { ticketsOf } from './bench/tickets';
import { openWire } from './bench/wire';
import { progressBar } from './replay/progress-bar';
import { openDesk } from './rig/desk';
import { openRig, type Rig } from './rig/rig';
import { messageOf } from './stack/failure';
import { timed } from './stack/progress';

const say = (line: string) => {
  console.log(line);
};

void main();

async function main(): Promise<void> {
  try {
    const rig = await timed(say, 'An installation runs', () => openRig({ kind: 'bench', say }));
    try {
      await measured(rig);
    } finally {
      await rig.close();
    }
  } catch (error) {
    console.error(messageOf(error));
    process.exit(1);
  }
}

async function measured(rig: Rig): Promise<void> {
  const [address = ''] = rig.addresses;
  const worker = rig.parts.get('worker');
  if (worker === undefined) throw new Error('There is no worker');
  const desk = await openDesk(rig.database.url, { slug: 'bench', agents: 4, requesters: 4 });
  const wire = openWire(address);
  const people = await signIn(wire, desk);
  const tickets = ticketsOf(wire, people);
  const seeding = { ownerUrl: rig.database.ownerUrl, desk, tickets, originals: 90, total: 10_000 };
  await timed(say, '10,000 closed tickets are there', () => seed(seeding));
  const bare = await timed(say, 'The bare engine runs', () => openBareEngine(rig));
  const concurrencies = [1, 8];
  const rounds = 2;
  let done = 0;
  const bar = progressBar(slicesOf(concurrencies, rounds), process.stdout.isTTY, (text) =>
    process.stdout.write(text),
  );
  const field = {
    ...{ tickets, bare, rounds, sliceMs: 2_000, refresh: people.refresh },
    meter: meterOf(rig.parts, worker),
    bareMeter: meterOf(rig.parts, bare.worker),
    onSlice: () => {
      bar((done += 1));
    },
  };
  try {
    for (const line of speedTable(await measureAll(field, concurrencies))) say(line);
  } finally {
    wire.close();
    await bare.close();
  }
}
