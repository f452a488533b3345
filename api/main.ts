/** The API process: listens as soon as the database answers, with or without the engine. */
import { createServer, type Server } from 'node:http';
import { readConfig, serviceConfig } from '../config';
import { openEngine } from '../engine/client';
import { sweepMails } from '../engine/mails';
import { patiently } from '../engine/patience';
import { createLog } from '../log';
import { openStore } from '../models/attachments/open';
import { openDatabase } from '../models/database';
import { setupTokenFor } from '../models/organizations/setup-token';
import { processes } from '../workflows/registry';
import { listen } from '../metrics/listener';
import { apiMeters } from '../metrics/api';
import { composeApp } from './compose';
import { readinessOf } from './health/readiness';
import { limitsOf } from './http/admission';
import { createMailDesk } from './mail/desk';

/** What is still running when it is asked to stop gets this long. */
const drainMs = 8_000;

async function main(): Promise<void> {
  const config = serviceConfig(readConfig());
  const log = createLog('api', config.logLevel);
  const database = await patiently(log, 'PostgreSQL', () =>
    openDatabase({
      url: config.database.url,
      poolMax: config.database.poolMax,
      applicationName: 'holdfast-api',
      statementTimeoutMs: 5_000,
    }),
  );
  const engine = openEngine(config.temporal);
  const { secret } = config.auth;
  const setupToken = await setupTokenFor(database, secret);
  const readiness = readinessOf(database, engine);
  const meters = apiMeters(database, engine, readiness);
  const { network } = config.api;
  const options = { limits: limitsOf(config.limits), network, witness: meters.answered };
  const { ruleFailed } = meters;
  const { publicUrl, smtpUrl } = config.mail;
  const sweep = smtpUrl === undefined ? undefined : () => sweepMails({ database, engine, log });
  const desk = createMailDesk({ publicUrl, log, sweep });
  const { connections } = config;
  const { mostBytes, ...place } = config.attachments;
  const files = { store: await openStore(place), mostBytes };
  const wired = { database, engine, processes, secret, log, connections, files };
  const parts = { ...wired, readiness, ruleFailed, options, desk };
  const server = createServer(composeApp(parts));
  const operators = await listen(config.metrics, { metrics: meters.page, readiness }, log);
  server.listen(config.api.port ?? 3000, config.api.host, () => {
    log.info({ address: server.address() }, 'listening');
    // Good for nothing once there is an organization.
    if (setupToken !== undefined)
      log.warn(`No organization yet: POST /api/v1/setup with the token ${setupToken}`);
  });
  const signal = await stopSignal();
  log.info({ signal }, 'draining');
  await drained(server);
  await desk.settled();
  await operators.close();
  await engine.close();
  await database.close();
  log.info('ended');
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
}

/** No new connections; requests that run are answered; idle connections are closed. */
function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
    setTimeout(() => {
      server.closeAllConnections();
    }, drainMs).unref();
  });
}

main().catch((error: unknown) => {
  createLog('api', 'fatal').fatal({ err: error }, 'the API cannot run');
  process.exit(1);
});
