/**
 * The metrics of Temporal's SDK: its core serves them on a loopback port of its own; our page takes them in,
 * so that a worker has one address to scrape.
 */
import type { RuntimeOptions } from '@temporalio/worker';

/** Telemetry of a worker; `port` is served by the SDK itself. */
export function sdkTelemetry(port: number): NonNullable<RuntimeOptions['telemetryOptions']> {
  return {
    metrics: {
      prometheus: {
        bindAddress: `127.0.0.1:${port}`,
        countersTotalSuffix: true,
        unitSuffix: true,
        useSecondsForDurations: true,
      },
    },
  };
}

const pageMs = 2_000;

/** The SDK's part of the page; throws when the SDK does not answer. */
export async function sdkPage(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
    signal: AbortSignal.timeout(pageMs),
  });
  if (!response.ok) throw new Error(`The SDK's metrics answered ${response.status}`);
  return response.text();
}
