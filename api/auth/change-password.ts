/** Gives somebody a password: held against the policy and the past ones, in one place for all doors. */
import { v7 as uuidv7 } from 'uuid';
import { Refusal, invalid, type InputIssue } from '../../models/errors';
import type { Database, Tx } from '../../models/database';
import { passwordIssues } from '../../models/users/password-policy';
import { tellOfLockout, type LetterSources } from '../mail/letters';
import { endLinks } from './link-token';
import { guarded } from './lockout';
import { hashPassword, passwordMatches } from './password';
import { endSessions } from './session';

type Rows = Pick<Database, 'inOrganization' | 'once'>;

export interface Owner {
  readonly organizationId: string;
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface NewPassword {
  readonly password: string;
  /** Where it stands in the input. */
  readonly pointer: string;
  /** It is somebody else's choice, to be changed at the first sign-in. */
  readonly mustChange?: boolean;
  /** The one session that goes on; all others end. */
  readonly sparing?: string;
  /** Done first in the same transaction; what it throws undoes all. */
  readonly alongside?: (tx: Tx) => Promise<void>;
}

const remembered = 5;

/** The present hash, or undefined when there is none. */
async function passwordHashOf(
  database: Rows,
  { organizationId, id }: Pick<Owner, 'organizationId' | 'id'>,
): Promise<string | undefined> {
  const [row] = await database.once<{ password_hash: string | null }>(
    organizationId,
    'select password_hash from users where organization_id = $1 and id = $2',
    [organizationId, id],
  );
  return row?.password_hash ?? undefined;
}

/**
 * Asks the present password of somebody who is signed in; failures count like those of a sign-in, and whose
 * address they lock is told. Throws invalid_input at the pointer.
 */
export async function provePassword(
  { database, desk }: LetterSources & { readonly database: Rows },
  owner: Pick<Owner, 'organizationId' | 'id' | 'email'>,
  { password, pointer }: Pick<NewPassword, 'password' | 'pointer'>,
): Promise<void> {
  const matches = async () =>
    (await passwordMatches(password, await passwordHashOf(database, owner))) ? true : undefined;
  const proved = await guarded(database, owner.email, matches, () => {
    tellOfLockout({ database, desk }, owner.email);
  });
  if (proved) return;
  const detail = 'is not the present password, or too many attempts have locked it for a while';
  throw invalid(pointer, detail, 'wrong_password');
}

/** Ends the sessions that began with the old one, and the links to choose one. Throws invalid_input. */
export async function changePassword(
  database: Rows,
  owner: Owner,
  { password, pointer, mustChange = false, sparing, alongside }: NewPassword,
): Promise<void> {
  refuseWeak(password, owner, pointer);
  const past = await pastHashes(database, owner);
  const uses = await Promise.all(past.map((one) => passwordMatches(password, one)));
  if (uses.includes(true)) {
    throw refused([{ pointer, code: 'used_before', detail: `was one of the last ${remembered}` }]);
  }
  // Outside the transaction: it takes tens of milliseconds, and holds no row meanwhile.
  const passwordHash = await hashPassword(password);
  await store(database, owner, { passwordHash, mustChange, sparing, alongside });
}

/** Throws invalid_input with everything that is wrong with it. */
export function refuseWeak(
  password: string,
  owner: Pick<Owner, 'name' | 'email'>,
  pointer: string,
): void {
  const issues = passwordIssues(password, owner, pointer);
  if (issues.length > 0) throw refused(issues);
}

/** The present one and those before it. */
async function pastHashes(database: Rows, { organizationId, id }: Owner): Promise<string[]> {
  const rows = await database.once<{ password_hash: string }>(
    organizationId,
    `(select password_hash from users
       where organization_id = $1 and id = $2 and password_hash is not null)
      union all
     (select password_hash from past_passwords where organization_id = $1 and user_id = $2
       order by id desc limit ${remembered - 1})`,
    [organizationId, id],
  );
  return rows.map((row) => row.password_hash);
}

interface Stored {
  readonly passwordHash: string;
  readonly mustChange: boolean;
  readonly sparing: string | undefined;
  readonly alongside: NewPassword['alongside'] | undefined;
}

async function store(
  database: Rows,
  { organizationId, id }: Owner,
  { passwordHash, mustChange, sparing, alongside }: Stored,
): Promise<void> {
  await database.inOrganization(organizationId, async (tx) => {
    await alongside?.(tx);
    await Promise.all([
      tx.rows(
        `insert into past_passwords (organization_id, user_id, id, password_hash)
         select organization_id, id, $3, password_hash from users
          where organization_id = $1 and id = $2 and password_hash is not null for update`,
        [organizationId, id, uuidv7()],
      ),
      tx.rows(
        `update users set password_hash = $3, password_changed_at = clock_timestamp(),
                must_change_password = $4
          where organization_id = $1 and id = $2`,
        [organizationId, id, passwordHash, mustChange],
      ),
      tx.rows(
        `delete from past_passwords where organization_id = $1 and user_id = $2 and id not in (
           select id from past_passwords where organization_id = $1 and user_id = $2
            order by id desc limit ${remembered - 1})`,
        [organizationId, id],
      ),
      endSessions(tx, id, sparing),
      endLinks(tx, id),
    ]);
  });
}

function refused(issues: readonly InputIssue[]): Refusal {
  const said = issues.map(({ detail }) => detail).join('; ');
  return new Refusal('invalid_input', `The password ${said}.`, { errors: issues });
}
