/** A PostgreSQL server of one test file's own, to be restarted and killed under load. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresAnswers } from '../../scripts/stack/postgres';
import { end, kill } from '../../scripts/stack/process-identity';
import { claim } from '../../scripts/stack/run-file';
import { launch } from './launch';
import { prepareDatabase, provisionTemplate, removeServers } from './servers';
import type { TestStack } from './stack';

export interface OwnDatabase extends Pick<TestStack, 'adminUrl' | 'ownerPassword' | 'appPassword'> {
  /** Ends it and starts it again: in good order, or as after a power cut. Returns when it answers. */
  readonly restart: (how: 'in order' | 'after SIGKILL') => Promise<void>;
  /** Ends it and removes everything. */
  readonly close: () => Promise<void>;
}

/** Starts one, with the template database. What a killed test run leaves, the next one ends. */
export async function ownDatabase(): Promise<OwnDatabase> {
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  const held = claim(scratch);
  const postgres = await prepareDatabase(scratch);
  const begin = async () => {
    const started = await launch(held, postgres.program);
    await postgresAnswers(postgres, started.hopeless);
    return started;
  };
  let running = await begin();
  const passwords = await provisionTemplate(postgres.adminUrl);
  return {
    adminUrl: postgres.adminUrl,
    ...passwords,
    restart: async (how) => {
      if (how === 'after SIGKILL') kill(running.identity);
      else await end(running.identity, postgres.program.farewell);
      await running.ended;
      running = await begin();
    },
    close: () => removeServers(scratch),
  };
}
