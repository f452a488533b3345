/** The second factor of one person: proposed, turned on, proved, taken away. */
import { Refusal } from '../../../models/errors';
import type { Tx } from '../../../models/database';
import { newRecoveryCodes, recoveryCodeHashOf } from './recovery-code';
import type { Seal } from '../../../models/seal';
import { stepOf } from './totp';

/** Whether the policy of the organization `o` asks a factor of whoever has the rights `r`. */
export const isRequiredSql = `coalesce(o.settings->'secondFactorRequiredFor' ? r.role, false)`;

/** An enrolment that takes longer begins anew. */
const enrolmentMinutes = 30;

export interface Factor {
  /** Null: it is off. */
  readonly onSince: Date | null;
  readonly recoveryCodesLeft: number;
  readonly isRequired: boolean;
}

export async function factorOf(tx: Tx, userId: string): Promise<Factor> {
  const [factor] = await tx.rows<Factor>(
    `select f.on_since as "onSince", ${isRequiredSql} as "isRequired",
            (select count(*)::int from recovery_codes r
              where r.organization_id = u.organization_id and r.user_id = u.id) as "recoveryCodesLeft"
       from users u join organizations o on o.id = u.organization_id
      cross join rights_at(u.organization_id, u.id, u.role, clock_timestamp()) r
       left join second_factors f on f.organization_id = u.organization_id and f.user_id = u.id
      where u.organization_id = $1 and u.id = $2`,
    [tx.organizationId, userId],
  );
  if (factor === undefined) throw new Refusal('not_found', 'There is no such person.');
  return factor;
}

export async function isOn(tx: Tx, userId: string): Promise<boolean> {
  const [on] = await tx.rows(
    `select 1 from second_factors
      where organization_id = $1 and user_id = $2 and on_since is not null`,
    [tx.organizationId, userId],
  );
  return on !== undefined;
}

/**
 * Until the transaction ends nobody else turns a factor on: a sign-in that found none must not end after it.
 * Always the first lock, so that nobody waits for each other.
 */
export async function holdOff(tx: Tx, userId: string): Promise<void> {
  await tx.rows('select 1 from users where organization_id = $1 and id = $2 for key share', [
    tx.organizationId,
    userId,
  ]);
}

/** Keeps a secret for which a code is still to come; one that is on stays on until then. */
export async function propose(tx: Tx, userId: string, sealedSecret: string): Promise<void> {
  await tx.rows(
    `insert into second_factors (organization_id, user_id, proposed_secret, proposed_at)
     values ($1, $2, $3, clock_timestamp())
     on conflict (organization_id, user_id) do update
       set proposed_secret = excluded.proposed_secret, proposed_at = excluded.proposed_at`,
    [tx.organizationId, userId, sealedSecret],
  );
}

/** With the first code of the proposed secret; false when it is wrong. Throws conflict when nothing is proposed. */
export async function turnOn(tx: Tx, seal: Seal, userId: string, code: string): Promise<boolean> {
  // Whoever is signing in meanwhile waits, and then finds it on.
  await tx.rows('select 1 from users where organization_id = $1 and id = $2 for update', [
    tx.organizationId,
    userId,
  ]);
  const [proposal] = await tx.rows<{ secret: string }>(
    `select proposed_secret as secret from second_factors
      where organization_id = $1 and user_id = $2
        and proposed_at > clock_timestamp() - make_interval(mins => $3) for update`,
    [tx.organizationId, userId, enrolmentMinutes],
  );
  const secret = proposal && seal.open(proposal.secret, ownerOf(tx, userId));
  if (secret === undefined) {
    throw new Refusal('conflict', 'There is no enrolment to confirm: POST /me/second-factor.');
  }
  const step = stepOf(secret, code, await tx.now());
  if (step === undefined) return false;
  await tx.rows(
    `update second_factors
        set secret = proposed_secret, on_since = clock_timestamp(), last_step = $3,
            proposed_secret = null, proposed_at = null
      where organization_id = $1 and user_id = $2`,
    [tx.organizationId, userId, step],
  );
  return true;
}

/** Ten new ones in place of those that there are. Throws conflict when there is nothing to recover. */
export async function renewRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
  // Two that come at once would leave the codes of both.
  const [held] = await tx.rows(
    `select 1 from second_factors
      where organization_id = $1 and user_id = $2 and on_since is not null for update`,
    [tx.organizationId, userId],
  );
  if (!held) throw new Refusal('conflict', 'There is no second factor to recover.');
  const codes = newRecoveryCodes();
  await tx.rows('delete from recovery_codes where organization_id = $1 and user_id = $2', [
    tx.organizationId,
    userId,
  ]);
  await tx.rows(
    `insert into recovery_codes (organization_id, user_id, code_hash)
     select $1, $2, unnest($3::text[])`,
    [tx.organizationId, userId, codes.map(recoveryCodeHashOf)],
  );
  return codes;
}

/** With its recovery codes and what was proposed; true when it was on. */
export async function takeAway(tx: Tx, userId: string): Promise<boolean> {
  const [gone] = await tx.rows<{ was_on: boolean }>(
    `delete from second_factors where organization_id = $1 and user_id = $2
     returning on_since is not null as was_on`,
    [tx.organizationId, userId],
  );
  return gone?.was_on === true;
}

/** Whose a sealed secret is. */
export function ownerOf({ organizationId }: Pick<Tx, 'organizationId'>, userId: string): string {
  return `${organizationId}/${userId}`;
}
