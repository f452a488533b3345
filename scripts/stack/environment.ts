/**
 * What processes inherit. Settings are read by config.ts alone; this file passes the surroundings
 * (PATH, proxies, certificates) on to child processes, unread, and finds the user's cache folder.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

/** The surroundings of a child process, with our settings on top; '' means "not set". */
export function surroundings(settings: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...env, ...settings };
}

/** The folder in which programs of this user keep what can be fetched again. */
export function cacheFolder(platform: NodeJS.Platform = process.platform): string {
  const asked = env['XDG_CACHE_HOME'];
  if (asked !== undefined && asked !== '') return asked;
  return platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
}

const testStackName = 'HOLDFAST_TEST_STACK';

/** Hands the servers of a test run to its test processes: jest passes its environment on. */
export function publishTestStack(stack: object): void {
  env[testStackName] = JSON.stringify(stack);
}

/** What `publishTestStack` wrote, unparsed; undefined outside a test run with servers. */
export function publishedTestStack(): string | undefined {
  return env[testStackName];
}

/** What whoever runs the tests asks of one of them beside the usual; undefined when they do not. */
export function askedOfTest(name: 'APPROVAL_ROUNDS' | 'APPROVAL_SEED'): string | undefined {
  return env[name];
}
