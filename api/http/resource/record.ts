/** What was done to a plain resource, in the audit log. */
import { recordAct, type Act } from '../../../models/audit/record';
import type { Tx } from '../../../models/database';
import type { Readable } from '../list/readable';
import { doerOf, type By } from '../request';

interface Done<Row> {
  /** `created`. */
  readonly did: string;
  readonly before?: Row;
  readonly after?: Row;
}

type Recorded<Row extends object> = Pick<Readable<Row>, 'one' | 'present'> & {
  readonly isRecorded?: (row: Row) => boolean;
};

/** Records it in its transaction, as it was shown before and is shown now. */
export async function record<Row extends { readonly id: string; readonly name: string }>(
  tx: Tx,
  by: By,
  { one, present, isRecorded }: Recorded<Row>,
  { did, before, after }: Done<Row>,
): Promise<void> {
  const shown = after ?? before;
  if (shown === undefined || isRecorded?.(shown) === false) return;
  const type = typeOf(one);
  const act: Act = {
    action: `${type}.${did}`,
    target: { type, id: shown.id, name: shown.name },
    ...(before && { before: present(before, by.actor) }),
    ...(after && { after: present(after, by.actor) }),
  };
  await recordAct(tx, doerOf(by), act);
}

/** `maintenance window` is recorded as `maintenanceWindow`. */
function typeOf(one: string): string {
  return one.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
}
