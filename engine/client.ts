/** The connection to Temporal. Lazy: a process starts without it and never remembers a failed attempt. */
import { Client, Connection } from '@temporalio/client';

export interface Engine {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
  readonly taskQueue: string;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
}

export function openEngine({ address, namespace, taskQueue }: EngineOptions): Engine {
  const connection = Connection.lazy({ address, connectTimeout: '2s' });
  return {
    client: new Client({ connection, namespace }),
    connection,
    namespace,
    taskQueue,
    close: () => connection.close(),
  };
}

/** Ends a call to Temporal at a bound of its own; the SDK has none. */
export function within<T>(
  engine: Engine,
  milliseconds: number,
  call: () => Promise<T>,
): Promise<T> {
  return engine.connection.withDeadline(Date.now() + milliseconds, call);
}
