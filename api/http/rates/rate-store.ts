/** The count of requests in PostgreSQL: a table without tenants, by an opaque key. */
import type { Database } from '../../../models/database';
import type { RateStore } from './rate-limit';

export function rateStoreIn(database: Pick<Database, 'unscoped'>): RateStore {
  return {
    async take(key, windowSeconds, amount) {
      const [row] = await database.unscoped<{ total: number }>(
        'select take_rate_limit($1, $2, $3) as total',
        [key, windowSeconds, amount],
      );
      if (row === undefined) throw new Error('take_rate_limit gave no row.');
      return row.total;
    },
  };
}
