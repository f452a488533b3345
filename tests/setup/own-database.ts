/** A PostgreSQL server of one test file's own, to be restarted and killed under load. */
import { partOf } from '../../scripts/rig/part';
import { removeScratch, scratchOf } from '../../scripts/rig/scratch';
import { postgresAnswers } from '../../scripts/stack/postgres';
import { prepareDatabase, provisionTemplate } from './servers';
import type { TestStack } from './stack';

export interface OwnDatabase extends Pick<TestStack, 'adminUrl' | 'ownerPassword' | 'appPassword'> {
  /** Ends it and starts it again: in good order, or as after a power cut. Returns when it answers. */
  readonly restart: (how: 'in order' | 'after SIGKILL') => Promise<void>;
  /** Ends it and removes everything. */
  readonly close: () => Promise<void>;
}

/** Starts one, with the template database. What a killed test run leaves, the next one ends. */
export async function ownDatabase(): Promise<OwnDatabase> {
  const { folder, held } = scratchOf('test');
  // Or what it has said to be committed would be lost by SIGKILL.
  const postgres = await prepareDatabase(folder, { ephemeral: false });
  const part = partOf(postgres.program, held);
  const begin = async () => {
    await part.start();
    await postgresAnswers(postgres, part.hopeless);
  };
  await begin();
  return {
    adminUrl: postgres.adminUrl,
    ...(await provisionTemplate(postgres.adminUrl)),
    restart: async (how) => {
      await (how === 'after SIGKILL' ? part.kill() : part.stop());
      await begin();
    },
    close: () => removeScratch(folder),
  };
}
