/** How long the counts of ten views take, each asked for as somebody sees it. */
import { z } from 'zod';
import { openDesk } from '../../rig/desk';
import type { Rig } from '../../rig/rig';
import { table } from '../../rig/markdown';
import { type Say, timed } from '../../stack/progress';
import { drive } from '../drive';
import { circumstances, type Circumstances } from '../machine';
import { counted, ranked } from '../measure';
import { signIn, type People } from '../people';
import { placeLines, rounded } from '../report';
import { openRows } from '../rows';
import { openWire, type Wire } from '../wire';
import { fill } from './fill';

/** What people have in their menus. */
const usual = [
  ['tickets', 'assignee==me;isOpen==true'],
  ['tickets', 'team==myTeams;assignee=isnull=true;isOpen==true'],
  ['tickets', 'isOverdue==true;isOpen==true'],
  ['tickets', 'type==approval;awaited==me;isOpen==true'],
  ['incident', 'isOpen==true;priority=le=P2'],
  ['incident', 'team==myTeams;isOpen==true'],
  ['incident', 'openedAt=ge=-P7D'],
  ['tickets', 'watcher==me;isOpen==true'],
  ['tickets', 'requester==me'],
  ['incident', 'team==myTeams;isOpen==true;dueAt=le=PT4H'],
] as const;

export interface ViewSizes {
  readonly tickets: number;
  readonly requests: number;
}

interface ViewLine {
  readonly who: 'agent' | 'requester';
  readonly atOnce: number;
  readonly requests: number;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly longest: number | undefined;
  readonly errors: Readonly<Record<string, number>>;
}

interface ViewFindings {
  readonly circumstances: Circumstances;
  readonly sizes: ViewSizes;
  readonly lines: readonly ViewLine[];
}

export async function runViews(rig: Rig, sizes: ViewSizes, say: Say): Promise<ViewFindings> {
  const desk = await openDesk(rig.database.url, { slug: 'bench', agents: 40, requesters: 40 });
  const rows = await openRows(superuserUrl(rig), desk.organizationId);
  const wire = openWire(rig.addresses[0] ?? '');
  try {
    const people = await signIn(wire, desk);
    await openOne(wire, people);
    await timed(say, `${sizes.tickets} tickets are there`, () =>
      fill(rows, { total: sizes.tickets, openShare: 0.1, teams: 10 }),
    );
    const lines: ViewLine[] = [];
    for (const who of ['agent', 'requester'] as const) {
      for (const atOnce of [1, 8]) {
        lines.push(await measured(wire, people, { who, atOnce, requests: sizes.requests }));
      }
    }
    const where = await circumstances(rows, rig.temporalAddress);
    return { circumstances: where, sizes, lines };
  } finally {
    wire.close();
    await rows.close();
  }
}

/** Of the tables' database: checking each reference of each copy would take minutes. */
function superuserUrl({ database: { adminUrl, ownerUrl } }: Rig): string {
  const url = new URL(adminUrl);
  url.pathname = new URL(ownerUrl).pathname;
  return url.toString();
}

async function openOne(wire: Wire, people: People): Promise<void> {
  const body = { title: 'x', description: 'x', impact: 'low', urgency: 'low' };
  const ask = {
    method: 'POST',
    path: '/incidents',
    token: people.requester(),
    key: 'one',
  } as const;
  const { status, text } = await wire.send({ ...ask, body });
  if (status !== 201) throw new Error(`No incident: ${status} ${text}`);
}

type Load = Pick<ViewLine, 'who' | 'atOnce' | 'requests'>;

/** Somebody asks over and over, and has made the views before. */
async function measured(wire: Wire, people: People, load: Load): Promise<ViewLine> {
  const { who, atOnce, requests } = load;
  const token = people[who]();
  const path = `/views/counts?ids=${(await viewsOf(wire, token)).join(',')}`;
  const ask = async () => {
    const { status, text } = await wire.send({ method: 'GET', path, token });
    if (status !== 200) return String(status);
    return text.includes('"reason":"slow"') ? 'slow' : undefined;
  };
  await drive({ atOnce, milliseconds: Infinity, atMost: atOnce * 5, next: () => ask });
  const { latencies, errors } = await drive({
    ...{ atOnce, milliseconds: Infinity, atMost: requests, next: () => ask },
  });
  return { ...load, ...ranked(latencies), errors: counted(errors) };
}

const Made = z.object({ id: z.string() });
let names = 0;

async function viewsOf(wire: Wire, token: string): Promise<string[]> {
  const ids: string[] = [];
  for (const [ticketType, filter] of usual) {
    names += 1;
    const body = { name: `View ${names}`, ticketType, filter };
    const { status, text } = await wire.send({
      method: 'POST',
      path: '/views',
      token,
      body,
    });
    if (status !== 201) throw new Error(`No view: ${status} ${text}`);
    ids.push(Made.parse(JSON.parse(text)).id);
  }
  return ids;
}

export function viewReport({ circumstances: where, sizes, lines }: ViewFindings): string {
  return [
    ...placeLines(where),
    '',
    `Counts of ${usual.length} views in one request, of ${sizes.tickets} tickets, in milliseconds:`,
    '',
    ...table(
      ['who', 'at once', 'requests', 'p50', 'p95', 'longest', 'errors'],
      lines.map(({ who, atOnce, requests, p50, p95, longest, errors }) => [
        ...[who, atOnce, requests, ...[p50, p95, longest].map(rounded)],
        JSON.stringify(errors),
      ]),
    ),
  ].join('\n');
}
