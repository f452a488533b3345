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

/**
 * Errors that time cures: connection (08), resources (53), shutdown (57P0x), timeouts (57014, 55P03),
 * deadlock and serialisation (40), a read-only standby (25006), the pool. Anything else is a bug.
 */
export function isOutage(error: unknown): boolean {
  if (error instanceof SnapshotTooNew) return true;
  if (!(error instanceof Error) || error instanceof Refusal) return false;
  if (/^Sequelize(Connection|HostNot|AccessDenied|Timeout)/.test(error.name)) return true;
  const code = sqlStateOf(error);
  if (code === undefined) return /ECONN|EPIPE|terminated|timeout/i.test(error.message);
  return /^(08|53|40)|^57(P0|014)|^55P03$|^25006$/.test(code);
}

/** Of the driver's own error, or of the one that Sequelize wraps. */
function sqlStateOf(error: Error): string | undefined {
  const { code, original } = error as { code?: unknown; original?: { code?: unknown } };
  const found = [code, original?.code].find((one) => typeof one === 'string');
  return typeof found === 'string' && /^[0-9A-Z]{5}$/.test(found) ? found : undefined;
}
