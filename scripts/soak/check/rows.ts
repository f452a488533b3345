/** Reads all rows of an installation, past all walls. */
import { Client } from 'pg';
import { z } from 'zod';
import { settingsOf } from '../../../models/organizations/settings';
import type { OrganizationRow, Rows } from './evidence';

const at = z.date().transform((date) => date.getTime());
const text = z.string().transform((instant) => Date.parse(instant));
const json = z.record(z.string(), z.unknown());

const Clock = z.object({
  id: z.string(),
  state: z.string(),
  terms: z.object({ targetSeconds: z.number() }),
  startedAt: text,
  stoppedAt: text.nullable(),
  pauses: z.array(z.object({ from: text, to: text.nullable() })),
  passed: z.array(z.object({ step: z.string(), due: text, at: text, targetSeconds: z.number() })),
});

const Ticket = z.object({
  id: z.string(),
  organizationId: z.string(),
  name: z.string(),
  title: z.string(),
  state: z.string(),
  version: z.number(),
  isSettled: z.boolean(),
  nextDueAt: at.nullable(),
  requesterId: z.string(),
  assigneeId: z.string().nullable(),
  teamId: z.string().nullable(),
  watcherIds: z.array(z.string()),
  clocks: z.array(Clock),
  agenda: z.array(z.object({ key: z.string(), at: text })),
  isBorn: z.boolean(),
});

const Event = z.object({
  ticketId: z.string(),
  version: z.number(),
  cause: z.string(),
  type: z.string(),
  isPublic: z.boolean(),
  actorId: z.string().nullable(),
  via: z.string(),
  at,
  recordedAt: at,
  data: json,
});

const Organization = z.object({ id: z.string(), slug: z.string(), settings: json });
const Member = z.object({ organizationId: z.string(), teamId: z.string(), userId: z.string() });
const Team = z.object({ organizationId: z.string(), id: z.string(), lead: z.string().nullable() });
const Manager = z.object({ organizationId: z.string(), id: z.string() });

/** `adminUrl`: the superuser's, of any database of the server. One snapshot for all tables. */
export async function readRows(adminUrl: string): Promise<Rows> {
  const url = new URL(adminUrl);
  url.pathname = '/holdfast';
  const client = new Client({ connectionString: url.toString() });
  await client.connect();
  const all = async <T>(shape: z.ZodType<T>, sql: string): Promise<T[]> =>
    z.array(shape).parse((await client.query(sql)).rows);
  try {
    await client.query('begin isolation level repeatable read read only');
    const [clock] = await all(z.object({ now: at }), 'select now() as now');
    return {
      now: clock?.now ?? 0,
      ...(await readTickets(all)),
      organizations: await readDesks(all),
    };
  } finally {
    await client.end();
  }
}

type All = <T>(shape: z.ZodType<T>, sql: string) => Promise<T[]>;

async function readTickets(all: All): Promise<Omit<Rows, 'now' | 'organizations'>> {
  const word = z.string();
  return {
    tickets: await all(
      Ticket,
      `select t.id, t.organization_id as "organizationId", o.slug || '/' || t.type || '/' || t.number as name,
              t.title, t.state, t.version, t.is_settled as "isSettled", t.next_due_at as "nextDueAt",
              t.requester_id as "requesterId", t.assignee_id as "assigneeId", t.team_id as "teamId",
              t.watcher_ids as "watcherIds", t.snapshot -> 'clocks' as clocks, t.snapshot -> 'agenda' as agenda,
              exists (select 1 from ticket_links l where l.ticket_id = t.id and l.kind = 'followUpOf') as "isBorn"
         from tickets t join organizations o on o.id = t.organization_id`,
    ),
    events: await all(
      Event,
      `select ticket_id as "ticketId", version, cause, type, visibility = 'public' as "isPublic",
              actor ->> 'id' as "actorId", via, occurred_at as at, recorded_at as "recordedAt", data
         from ticket_events order by seq`,
    ),
    comments: await all(
      z.object({ ticketId: word, body: word }),
      'select ticket_id as "ticketId", body from ticket_comments',
    ),
    notices: await all(
      z.object({ ticketId: word, cause: word, recipientId: word, template: word }),
      `select ticket_id as "ticketId", cause, recipient_id as "recipientId", template from notifications
        where ticket_id is not null`,
    ),
    refusals: await all(
      z.object({ ticketId: word, cause: word, outcome: word, name: word, code: word }),
      'select ticket_id as "ticketId", cause, outcome, name, code from ticket_refusals',
    ),
    outbox: await all(
      z.object({ ticketId: word, id: word, detail: word }),
      `select ticket_id as "ticketId", id, kind || ' ' || name || ', ' || attempts || ' tries'
                || coalesce(', ' || last_error, '') as detail from engine_outbox`,
    ),
  };
}

async function readDesks(all: All): Promise<OrganizationRow[]> {
  const teams = await all(
    Team,
    'select organization_id as "organizationId", id, lead_id as lead from teams',
  );
  const members = await all(
    Member,
    'select organization_id as "organizationId", team_id as "teamId", user_id as "userId" from team_members',
  );
  const managers = await all(
    Manager,
    `select organization_id as "organizationId", id from users where role = 'manager' and is_active`,
  );
  const organizations = await all(Organization, 'select id, slug, settings from organizations');
  return organizations.map(({ id, slug, settings }) => ({
    ...{ id, slug },
    autoCloseDays: settingsOf(settings).autoCloseDays,
    managers: managers.filter((one) => one.organizationId === id).map((one) => one.id),
    teams: new Map(
      teams
        .filter((one) => one.organizationId === id)
        .map(({ id: teamId, lead }) => [
          teamId,
          {
            lead,
            members: members.filter((one) => one.teamId === teamId).map(({ userId }) => userId),
          },
        ]),
    ),
  }));
}
