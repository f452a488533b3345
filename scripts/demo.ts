/**
 * The demo organizations acme and globex. Their tickets are opened and moved through the HTTP API by
 * their own people, so that each one lives. What has happened already is read from the feed by its
 * cause: a start that was killed in the middle goes on where it stood, a warm one sends nothing.
 */
import { hashPassword } from '../api/auth/password';
import { type Database, openDatabase } from '../models/database';
import { wasDeleted } from '../models/organizations/create';
import { foundOrganization } from '../models/organizations/found';
import { acme } from './demo/acme/story';
import { blueprintOf } from './demo/cast';
import { chaptersOf } from './demo/deed';
import { openFrontDoor } from './demo/front-door';
import { globex } from './demo/globex/story';
import { namesOf } from './demo/names';
import { missing, play } from './demo/play';
import { hasPassword, lookFor, type Present, setPassword } from './demo/present';
import type { Story } from './demo/story';

export interface DemoWish {
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly password: string;
  readonly log: (line: string) => void;
}

interface Progress {
  readonly expect: (count: number) => void;
  readonly step: () => void;
}

const stepsALine = 50;

interface Loading extends DemoWish {
  readonly database: Database;
  /** The hash of the password; made when it is needed, then the same for everybody. */
  readonly hash: () => Promise<string>;
  readonly progress: Progress;
}

/** Sees to it that everything of the demo is there; throws when the API does not answer. */
export async function loadDemo(wish: DemoWish): Promise<void> {
  const database = await openDatabase({
    url: wish.databaseUrl,
    poolMax: 2,
    applicationName: 'holdfast-demo',
    statementTimeoutMs: 5_000,
  });
  let hash: Promise<string> | undefined;
  const loading: Loading = {
    ...wish,
    database,
    hash: () => (hash ??= hashPassword(wish.password)),
    progress: progressOf(wish.log),
  };
  try {
    await Promise.all([acme, globex].map((story) => load(loading, story)));
  } finally {
    await database.close();
  }
}

async function load(loading: Loading, story: Story): Promise<void> {
  const { database, apiUrl, password, progress, log } = loading;
  const { cast } = story;
  const chapters = chaptersOf(story);
  const plots = chapters.flat();
  const found = await lookFor(database, cast, plots);
  if (found) await alignPassword(loading, story, found);
  const isComplete = found?.hasEverybody === true && missing(plots, found.past).length === 0;
  if (isComplete) return;
  const blueprint = blueprintOf(cast, await loading.hash());
  try {
    await foundOrganization(database, blueprint);
  } catch (error) {
    if (!wasDeleted(error)) throw error;
    log(`The organization ${cast.slug} was deleted; it has no demo data any more`);
    return;
  }
  const present = await lookFor(database, cast, plots);
  if (!present) throw new Error(`The organization ${cast.slug} could not be founded`);
  const { past, foundedAt } = present;
  progress.expect(missing(plots, past).length);
  const stage = {
    ...{ door: openFrontDoor(apiUrl, password), names: namesOf(story, foundedAt) },
    ...{ past, onDone: progress.step, log },
  };
  for (const chapter of chapters) await play(stage, chapter);
}

async function alignPassword(loading: Loading, { cast }: Story, found: Present): Promise<void> {
  if (await hasPassword(found, loading.password)) return;
  await setPassword(loading.database, cast, await loading.hash());
  loading.log(`The people of ${cast.slug} have the new password`);
}

/** A line now and then. */
function progressOf(log: (line: string) => void): Progress {
  let expected = 0;
  let done = 0;
  return {
    expect: (count) => {
      expected += count;
    },
    step: () => {
      done += 1;
      if (done % stepsALine === 0) log(`Demo data: ${done} of ${expected} steps`);
    },
  };
}
