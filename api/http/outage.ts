/** Which errors mean that a part of the service is away, so that repeating later is worth it. */
import { ConnectionError } from 'sequelize';

/** PostgreSQL: connection lost or refused, shut down, too many clients, timed out, deadlock, read-only. */
const sqlStates = /^(08...|57P0.|53300|57014|40001|40P01|55P03|25006)$/;

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** gRPC UNAVAILABLE: the engine is away. */
const grpcUnavailable = 14;

/** pg reports a connection that ends in the middle of a query without any code. */
const endedWithoutCode =
  /^(Connection terminated|Client (has encountered a connection error|was closed))/;

/** Looks at the error and at what caused it; a chain of causes is followed a few steps. */
export function isOutage(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false;
  if (error instanceof ConnectionError || endedWithoutCode.test(error.message)) return true;
  if ('code' in error && isOutageCode(error.code)) return true;
  return causesOf(error).some((cause) => isOutage(cause, depth + 1));
}

function isOutageCode(code: unknown): boolean {
  if (code === grpcUnavailable) return true;
  return typeof code === 'string' && (networkCodes.has(code) || sqlStates.test(code));
}

function causesOf(error: Error): unknown[] {
  const several: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error.cause, 'parent' in error ? error.parent : undefined, ...several];
}
