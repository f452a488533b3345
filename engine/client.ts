/** The connection to Temporal. Lazy: a process starts without it and never remembers a failed attempt. */
import { Client, Connection, isGrpcServiceError, ServiceError } from '@temporalio/client';

export interface Engine {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Calls that are under way. */
  readonly calls: Set<Promise<unknown>>;
  /** Waits for the calls under way: the SDK's retries throw at nobody once the connection is closed. */
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
}

export function openEngine({ address, namespace, taskQueue }: EngineOptions): Engine {
  const calls = new Set<Promise<unknown>>();
  const connection = Connection.lazy({ address, connectTimeout: '2s' });
  return {
    client: new Client({ connection, namespace }),
    connection,
    namespace,
    taskQueue,
    calls,
    close: async () => {
      await Promise.allSettled(calls);
      await connection.close();
    },
  };
}

/** gRPC codes that say nothing about a request but that nobody is there to answer it in time. */
const awayCodes: readonly unknown[] = [1, 4, 14];

/** The gRPC code of an error of the SDK, which often stands in its cause; undefined when it has none. */
export function grpcCodeOf(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof ServiceError ? grpcCodeOf(error.cause) : undefined;
}

/** CANCELLED, DEADLINE_EXCEEDED or UNAVAILABLE: the engine is away or too slow; time cures it. */
export function isEngineAway(error: unknown): boolean {
  return awayCodes.includes(grpcCodeOf(error));
}

/** Ends a call to Temporal at a bound of its own; the SDK has none. */
export function within<T>(
  engine: Engine,
  milliseconds: number,
  call: () => Promise<T>,
): Promise<T> {
  const running = engine.connection.withDeadline(Date.now() + milliseconds, call);
  engine.calls.add(running);
  return running.finally(() => engine.calls.delete(running));
}
