/** Where a soak plays: an installation whose wires can be cut, with two desks whose promises are short. */
import { Client } from 'pg';
import { readConfig } from '../../config';
import { idOf } from '../../models/organizations/found';
import type { PolicyRule } from '../../models/sla/policy/shape';
import { openInstallation, type Installation } from '../ops/installation';
import { openDesk, type Desk } from '../rig/desk';
import { openRig, type Rig } from '../rig/rig';
import type { Say } from '../stack/progress';

export interface Stage {
  readonly rig: Rig;
  readonly desks: readonly Desk[];
  /** Straight to the stores, past all wires. */
  readonly installation: Installation;
  close(): Promise<void>;
}

const daySeconds = 86_400;

export async function openStage(say: Say): Promise<Stage> {
  const rig = await openRig({ kind: 'soak', apis: 2, workers: 2, wired: true, say });
  try {
    const { url, adminUrl } = rig.database;
    const people = { agents: 6, requesters: 10 };
    // What is resolved closes by itself within the run, at one desk the moment it is resolved.
    const soon = { autoCloseDays: 15 / daySeconds };
    const desks = [
      await openDesk(url, { slug: 'north', ...people, settings: soon }),
      await openDesk(url, { slug: 'south', ...people, settings: { autoCloseDays: 0 } }),
    ];
    for (const { slug } of desks) await promiseSoon(adminUrl, slug);
    const places = { DATABASE_URL: url, TEMPORAL_ADDRESS: rig.temporalAddress };
    const installation = await openInstallation(readConfig(places));
    return {
      ...{ rig, desks, installation },
      close: async () => {
        await installation.close();
        await rig.close();
      },
    };
  } catch (error) {
    await rig.close();
    throw error;
  }
}

/** Seconds to the first response and to the resolution, round the clock. */
const promises = {
  response: { P1: 4, P2: 8, P3: 15, P4: 30, P5: 60 },
  resolution: { P1: 12, P2: 25, P3: 45, P4: 90, P5: 180 },
};

async function promiseSoon(adminUrl: string, slug: string): Promise<void> {
  const url = new URL(adminUrl);
  url.pathname = '/holdfast';
  const calendarId = idOf(slug, 'calendar', 'Round the clock');
  const common = { kind: 'SLA', calendar: { calendarId } } as const;
  const rule: PolicyRule = {
    name: 'Soon',
    targets: [
      { id: 'response', metric: 'firstResponse', targetSeconds: promises.response, ...common },
      { id: 'resolution', metric: 'resolution', targetSeconds: promises.resolution, ...common },
    ],
  };
  const client = new Client({ connectionString: url.toString() });
  await client.connect();
  try {
    await client.query(`update sla_policies set rules = $2::jsonb where id = $1`, [
      idOf(slug, 'policy', 'Incidents'),
      JSON.stringify([rule]),
    ]);
  } finally {
    await client.end();
  }
}
