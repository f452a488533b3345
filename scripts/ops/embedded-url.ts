/** Where the servers of `npm start` are that runs on a data folder. */
import { resolve } from 'node:path';
import { isAlive } from '../stack/process-identity';
import { lookInto } from '../stack/run-file';
import { loadSecrets } from '../stack/secrets';

/** Address of PostgreSQL as one of the roles; throws when none runs. */
export function embeddedUrl(dataDir: string, role: 'holdfast_app' | 'holdfast_operator'): string {
  const folder = resolve(dataDir);
  const port = portOf(folder, 'PostgreSQL');
  const { appPassword, operatorPassword } = loadSecrets(folder);
  const password = encodeURIComponent(role === 'holdfast_app' ? appPassword : operatorPassword);
  return `postgres://${role}:${password}@127.0.0.1:${port}/holdfast`;
}

/** Throws when it does not run. */
export function portOf(folder: string, name: 'PostgreSQL' | 'Temporal'): number {
  const child = lookInto(folder)?.children.get(name);
  if (child?.port !== undefined && isAlive(child)) return child.port;
  throw new Error(
    `No ${name} runs on ${folder}. Start Holdfast (npm start), name its folder by DATA_DIR, ` +
      'or set DATABASE_URL and TEMPORAL_ADDRESS.',
  );
}
