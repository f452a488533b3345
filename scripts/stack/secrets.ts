/** Secrets of an installation: made once, kept in the data folder, readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf } from './failure';

const Secrets = z.object({
  superuserPassword: z.string().min(16),
  ownerPassword: z.string().min(16),
  appPassword: z.string().min(16),
  operatorPassword: z.string().min(16),
  jwtSecret: z.string().min(32),
  demoPassword: z.string().min(8),
});
export type Secrets = Readonly<z.infer<typeof Secrets>>;

/** Reads DATA_DIR/secrets.json and makes what it lacks; throws when the file cannot be read. */
export function loadSecrets(folder: string): Secrets {
  const path = join(folder, 'secrets.json');
  const kept = read(path);
  const secrets = Secrets.parse({ ...fresh(), ...kept });
  if (Object.keys(secrets).some((name) => !(name in kept))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      `${path}.new`,
      `${JSON.stringify(secrets, null, 2)}
`,
      { mode: 0o600 },
    );
    renameSync(`${path}.new`, path);
  }
  // A copy or a restore may have widened it.
  chmodSync(path, 0o600);
  return secrets;
}

function fresh(): Secrets {
  const token = (bytes: number) => randomBytes(bytes).toString('base64url');
  return {
    superuserPassword: token(24),
    ownerPassword: token(24),
    appPassword: token(24),
    operatorPassword: token(24),
    jwtSecret: token(48),
    demoPassword: token(9),
  };
}

function read(path: string): object {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw error;
  }
  try {
    return Secrets.partial().parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} is damaged: restore it, or delete the whole data folder.`, {
      cause: error,
    });
  }
}
