/** After the tests of all projects that name this file. */
import { removeScratch } from '../../scripts/rig/scratch';
import { testStack } from './stack';

export default async function globalTeardown(): Promise<void> {
  await removeScratch(testStack().scratch);
}
