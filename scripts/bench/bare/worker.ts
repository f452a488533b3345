/** The worker of the bare engine, with the settings of ours; its step is one INSERT. */
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { readConfig, serviceConfig } from '../../../config';
import { createWorker, payloadConverterPath } from '../../../engine/worker';
import { messageOf } from '../../stack/failure';
import { openSteps } from './steps';

async function main(): Promise<void> {
  const { database, temporal } = serviceConfig(readConfig());
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('WARN') });
  const steps = openSteps(database);
  const worker = await createWorker({
    connection: await NativeConnection.connect({ address: temporal.address }),
    namespace: temporal.namespace,
    taskQueue: temporal.taskQueue,
    activities: {
      step: async ({ ticketId }) => {
        await steps.write(ticketId);
        return { outcome: { kind: 'unchanged', version: 1 } };
      },
      perform: () => Promise.reject(new Error('There is no work here')),
    },
    stepsAtOnce: database.poolMax,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: require.resolve('./workflow'),
      payloadConverterPath,
      logger: new DefaultLogger('WARN'),
    }),
  });
  process.once('SIGTERM', () => {
    worker.shutdown();
  });
  await worker.run();
  await steps.close();
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
