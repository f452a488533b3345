/** What is done to a plain resource beside making, editing and deleting it. */
import type { Tx } from '../../../models/database';
import type { By } from '../request';
import { record } from './record';
import { hold, read, type Identified, type Resource } from './resource';

export interface Deed extends By {
  /** By its name in the audit log: `approved`. */
  readonly did: string;
  readonly id: string;
  readonly ifMatch: number | undefined;
}

/** Does it inside a transaction; `work` refuses or writes, the revision, too. Throws not_found, stale_version. */
export async function actOn<Row extends Identified>(
  tx: Tx,
  resource: Resource<Row>,
  { did, id, ifMatch, ...by }: Deed,
  work: (before: Row) => Promise<void>,
): Promise<Row> {
  const before = await hold(tx, resource, id, ifMatch);
  await work(before);
  const after = await read(tx, resource, id);
  await record(tx, by, resource, { did, before, after });
  return after;
}
