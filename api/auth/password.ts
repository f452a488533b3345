/** Passwords as argon2id hashes, computed off the main thread. */
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import limitTo from 'p-limit';

/**
 * So many at once: each takes a whole core for tens of milliseconds, and one core is left for everybody who has
 * signed in already. On more at once the system would divide all cores among guesses and reads.
 */
const inTurn = limitTo(Math.max(1, Math.min(availableParallelism() - 1, 3)));

/** The hash of a password that nobody knows: checking against it takes as long as against a real one. */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$H2cWjLhft4d19YDhvpBhlQ$HaBQhXxjbGjTzmXtcWD62gI3pRXAYElk7/QIBQFYSTo';

/** 19 MiB, two passes: the library's defaults, which are OWASP's first choice for argon2id. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password));
}

/** Whether the password belongs to the hash; without a hash it takes as long and is false. */
export async function passwordMatches(
  password: string,
  passwordHash: string | undefined,
): Promise<boolean> {
  const matches = await inTurn(() => verify(passwordHash ?? nobody, password));
  return matches && passwordHash !== undefined;
}
