/** After the tests of all projects that name this file. */
import { removeServers } from './servers';
import { testStack } from './stack';

export default async function globalTeardown(): Promise<void> {
  await removeServers(testStack().scratch);
}
