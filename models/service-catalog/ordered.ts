/** Requests of one order, for those who decide about all of them. */
import type { Tx } from '../database';
import type { Json } from '../tickets/ticket';
import type { Cost } from './shape';

/** One of them, as approvers are shown it. */
export interface Covered {
  readonly id: string;
  readonly number: string;
  readonly item: { readonly name: string; readonly version: number };
  readonly quantity: number;
  /** Of all that is ordered. */
  readonly cost: Cost | null;
  readonly answers: Readonly<Record<string, Json>>;
}

/** Those with these ids, by number. */
export async function readCovered(tx: Tx, ids: Json): Promise<readonly Covered[]> {
  return tx.rows<Covered>(
    `select id, number, snapshot #> '{details,item}' as item,
            (snapshot #>> '{details,quantity}')::int as quantity,
            snapshot #> '{details,cost}' as cost, snapshot #> '{details,answers}' as answers
       from tickets where organization_id = $1 and id = any($2::uuid[]) order by number`,
    [tx.organizationId, ids],
  );
}
