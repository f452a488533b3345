/** How busy a pool of connections is. Sequelize does not show it; its pool is read here, and only here. */
import type { Sequelize } from 'sequelize';
import { z } from 'zod';

const Pool = z.object({
  size: z.number(),
  available: z.number(),
  maxSize: z.number(),
  waiting: z.number(),
});

export interface PoolUse {
  /** Connections that are open, those that are idle among them. */
  readonly open: number;
  readonly idle: number;
  /** As many as there may ever be. */
  readonly most: number;
  /** Transactions that wait for a connection. */
  readonly waiting: number;
}

export function poolUseOf(sequelize: Sequelize): PoolUse {
  const pool: unknown = Reflect.get(sequelize.connectionManager, 'pool');
  const { size, available, maxSize, waiting } = Pool.parse(pool);
  return { open: size, idle: available, most: maxSize, waiting };
}
