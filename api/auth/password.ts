/** Passwords as argon2id hashes, computed off the main thread. */
import { hash, verify } from '@node-rs/argon2';

/** The hash of a password that nobody knows: checking against it takes as long as against a real one. */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$H2cWjLhft4d19YDhvpBhlQ$HaBQhXxjbGjTzmXtcWD62gI3pRXAYElk7/QIBQFYSTo';

/** 19 MiB, two passes: the library's defaults, which are OWASP's first choice for argon2id. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

/** Whether the password belongs to the hash; without a hash it takes as long and is false. */
export async function passwordMatches(
  password: string,
  passwordHash: string | undefined,
): Promise<boolean> {
  const matches = await verify(passwordHash ?? nobody, password);
  return matches && passwordHash !== undefined;
}
