/** What an operator does to organizations, from the command line. */
import { randomBytes } from 'node:crypto';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { hashPassword } from '../../../api/auth/password';
import type { Database } from '../../../models/database';
import { createOrganization } from '../../../models/organizations/create';
import { organizationIdOf } from '../../../models/organizations/found';
import {
  graceDays,
  listOrganizations,
  listPurged,
  markDeleted,
  restore,
  resume,
  suspend,
  type Standing,
} from '../../../models/organizations/operations';
import { waitingKeys } from '../../../models/tickets/suspension';
import { passwordIssues } from '../../../models/users/password-policy';
import { processes } from '../../../workflows/registry';
import { operatorHere } from '../operator';
import { print, printTable } from '../print';
import type { Call } from '../verb';

const dayMs = 86_400_000;
const waiting = waitingKeys(processes);

export async function create(operator: Database, call: Call): Promise<boolean> {
  const slug = call.text('slug') ?? '';
  const owner = {
    email: emailOf(call),
    name: call.text('admin-name') ?? 'Administrator',
  };
  const timezone = call.text('timezone');
  if (timezone !== undefined && !IANAZone.isValidZone(timezone)) {
    throw new Error(`${timezone} is no IANA time zone.`);
  }
  const password = oneTimePassword(owner);
  const administrator = {
    ...owner,
    passwordHash: await hashPassword(password),
    mustChangePassword: true,
  };
  const name = call.text('name') ?? slug;
  await operator.inOrganization(organizationIdOf(slug), (tx) =>
    createOrganization(tx, { slug, name, timezone, administrator }, operatorHere()),
  );
  print(`${slug} is ready. Its administrator signs in as ${owner.email} with this password,`);
  print('which is shown this once and must be changed at the first sign-in:');
  print();
  print(`  ${password}`);
  return true;
}

function emailOf(call: Call): string {
  const { data } = z.email().max(254).safeParse(call.text('admin-email'));
  if (data === undefined) throw new Error('--admin-email is no address.');
  return data;
}

/** Of chance until the policy takes it, which about every second one is. */
function oneTimePassword(owner: { readonly name: string; readonly email: string }): string {
  for (;;) {
    const password = randomBytes(18).toString('base64url');
    if (passwordIssues(password, owner, '').length === 0) return password;
  }
}

export async function list(operator: Database): Promise<boolean> {
  const [organizations, purged] = [await listOrganizations(operator), await listPurged(operator)];
  printTable([
    ['slug', 'name', 'since', 'state'],
    ...organizations.map((one) => [one.slug, one.name, dayOf(one.createdAt), stateOf(one)]),
    ...purged.map(({ slug, purgedAt, purged: counts }) => {
      const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
      return [slug, '', '', `purged on ${dayOf(purgedAt)}: ${rows} rows`];
    }),
  ]);
  return true;
}

function stateOf({ suspendedAt, suspensionReason, deletedAt }: Standing): string {
  if (deletedAt !== null) {
    const until = new Date(deletedAt.getTime() + graceDays * dayMs);
    return `deleted on ${dayOf(deletedAt)}, can be brought back until ${dayOf(until)}`;
  }
  if (suspendedAt === null) return 'works';
  return `suspended since ${dayOf(suspendedAt)}: ${suspensionReason ?? 'no reason given'}`;
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10);

export async function suspendOne(operator: Database, call: Call): Promise<boolean> {
  const slug = slugOf(call);
  await suspend(operator, slug, call.text('reason') ?? '', operatorHere());
  print(`${slug} is suspended.`);
  return true;
}

export async function resumeOne(operator: Database, call: Call): Promise<boolean> {
  const slug = slugOf(call);
  const told = await resume(operator, slug, waiting, operatorHere());
  print(`${slug} works again. Tickets of which something waited: ${told}.`);
  return true;
}

export async function deleteOne(operator: Database, call: Call): Promise<boolean> {
  const slug = slugOf(call);
  await markDeleted(operator, slug, operatorHere());
  print(`${slug} is deleted. For ${graceDays} days delete --restore brings it back.`);
  return true;
}

export async function bringBack(operator: Database, call: Call): Promise<boolean> {
  const slug = slugOf(call);
  const told = await restore(operator, slug, waiting, operatorHere());
  print(`${slug} is back. Tickets of which something waited: ${told}.`);
  return true;
}

function slugOf({ words }: Call): string {
  return words[0] ?? '';
}
