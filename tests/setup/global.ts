/** Before the tests of all projects that name this file: jest runs it once. */
import { publish } from './stack';
import { startServers } from './servers';

export default async function globalSetup(): Promise<void> {
  publish(await startServers());
}
