/** A rule that is wrong must not stop a life: the fact is named, set aside and alarmed. */
import { Refusal } from '../../errors';
import type { Fact } from '../fact';
import { SnapshotTooNew } from '../snapshot';

/** A fact that could not be applied because of a bug, or (with a Refusal as cause) was refused. */
export class RuleFailed extends Error {
  override name = 'RuleFailed';
  constructor(
    readonly fact: Fact,
    override readonly cause: unknown,
  ) {
    super(
      `${fact.name} (${fact.cause}): ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }

  static during<T>(fact: Fact, rule: () => T): T {
    try {
      return rule();
    } catch (error) {
      throw new RuleFailed(fact, error);
    }
  }

  static async whileWriting(fact: Fact, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw isOutage(error) ? error : new RuleFailed(fact, error);
    }
  }
}

/** pg has no code for a connection that ended under a query, or before it. */
const withoutCode = /ECONN|EPIPE|terminated|timeout|connection error|not queryable/i;

/**
 * Errors that time cures: connection (08), resources (53), shutdown (57P0x), timeouts (57014, 55P03),
 * deadlock and serialisation (40), a read-only standby (25006), the network (ECONNRESET ...), the pool.
 * Anything else is a bug.
 */
export function isOutage(error: unknown): boolean {
  if (error instanceof SnapshotTooNew) return true;
  if (!(error instanceof Error) || error instanceof Refusal) return false;
  if (/^Sequelize(Connection|HostNot|AccessDenied|Timeout)/.test(error.name)) return true;
  const code = codeOf(error);
  if (code !== undefined && curable.test(code)) return true;
  return !sqlState.test(code ?? '') && withoutCode.test(error.message);
}

const curable = /^(08|53|40)|^57(P0|014)|^55P03$|^25006$|^E(CONN|PIPE|TIMEDOUT|HOST|NET|AI_)/;
const sqlState = /^[0-9A-Z]{5}$/;

/** Of the driver's own error, or of the one that Sequelize wraps. */
function codeOf(error: Error): string | undefined {
  const { code, original } = error as { code?: unknown; original?: { code?: unknown } };
  const found = [code, original?.code].find((one) => typeof one === 'string');
  return typeof found === 'string' ? found : undefined;
}
