/** What the servers of a test run are, for the tests. */
import { z } from 'zod';
import { publishedTestStack, publishTestStack } from '../../scripts/stack/environment';

const TestStack = z.object({
  /** PostgreSQL as the superuser: makes databases `TEMPLATE holdfast_template`. */
  adminUrl: z.string(),
  /** Of the roles holdfast_owner, holdfast_app and holdfast_operator. */
  ownerPassword: z.string(),
  appPassword: z.string(),
  operatorPassword: z.string(),
  /** host:port */
  temporalAddress: z.string(),
  temporalCliPath: z.string(),
  /** The workflow bundle as a file; left out when there is no workflows/index.ts. */
  bundlePath: z.string().optional(),
  /** A folder that is removed after the run. */
  scratch: z.string(),
  pids: z.object({ postgres: z.number(), temporal: z.number() }),
});
export type TestStack = Readonly<z.infer<typeof TestStack>>;

/** The database that tests copy: provisioned and migrated, without rows. */
export const templateDatabase = 'holdfast_template';

/** The servers of this run; throws in a jest project that starts none. */
export function testStack(): TestStack {
  const published = publishedTestStack();
  if (published === undefined) throw new Error('This jest project starts no servers.');
  return TestStack.parse(JSON.parse(published));
}

export function publish(stack: TestStack): void {
  publishTestStack(stack);
}
