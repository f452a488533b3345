/** Puts the application together from its parts; used by the process and by tests alike. */
import type { Express } from 'express';
import type { Engine } from '../engine/client';
import { createKernel } from '../engine/kernel';
import { createLives } from '../engine/lives';
import type { Network } from '../models/connections/send';
import type { Database } from '../models/database';
import type { Process } from '../models/tickets/rules';
import { activityNamed } from '../models/fulfilment/activities';
import { permissionsIn } from '../models/users/permissions';
import { createApp, type AppDeps } from './app';
import { assignmentRuleRoutes } from './assignment/routes';
import { connectionRoutes } from './connections/routes';
import { changeSurfaceRoutes } from './changes/surfaces';
import { figureRoutes } from './figures/routes';
import type { Logger } from '../log';
import { readinessOf } from './health/readiness';
import { createMailDesk, type MailDesk } from './mail/desk';
import { searchRoutes } from './search/routes';
import { orderRoutes } from './orders/routes';
import { catalogRoutes } from './service-catalog/catalog';
import { catalogDesignRoutes } from './service-catalog/routes';
import { slaPolicyRoutes } from './sla-policies/routes';
import { slaRunRoutes } from './sla-runs/routes';
import { conversationRoutes } from './tickets/conversation';
import { pathRoute } from './processes/path';
import { processRoutes } from './processes/routes';
import { everyTicketRoute } from './tickets/every';
import { explainRoutes } from './tickets/explain/route';
import { linkRoutes } from './tickets/links';
import { bulkLinkRoute } from './tickets/links-bulk';
import { attachmentRoutes } from './tickets/attachments/routes';
import type { Files } from './tickets/attachments/shape';
import { commandStateRoute } from './tickets/outcome';
import { recordRoutes } from './tickets/record';
import { ticketRoutes } from './tickets/routes';
import { tagRoute, usedTagsRoute } from './tickets/tags';
import { watcherRoutes } from './tickets/watchers';
import { viewRoutes } from './views/routes';

export interface Parts {
  readonly database: Database;
  readonly engine: Engine;
  readonly processes: readonly Process[];
  readonly secret: string;
  readonly log: Logger;
  readonly options?: Pick<AppDeps, 'limits' | 'network' | 'verifyReplies' | 'witness'>;
  /** Told of every rule that failed. */
  readonly ruleFailed?: () => void;
  /** Default: asks anew. */
  readonly readiness?: AppDeps['readiness'];
  /** How connections are called; default: nothing inside the network. */
  readonly connections?: Network;
  /** Default: tickets take no files. */
  readonly files?: Files;
  /** Default: mails are kept, and their links are of no use. */
  readonly desk?: MailDesk;
}

export function composeApp(parts: Parts): Express {
  const { database, engine, processes, secret, log, options, files } = parts;
  const kernel = createKernel(processes, log, parts.ruleFailed);
  const lives = createLives({ engine, database, kernel });
  const deps = { database, lives, kernel, secret, log };
  const declarations = processes.map(({ declaration }) => declaration);
  const permissions = permissionsIn(declarations);
  return createApp({
    database,
    secret,
    logger: log,
    store: files?.store,
    desk: parts.desk ?? createMailDesk({ publicUrl: '', log }),
    permissions,
    readiness: parts.readiness ?? readinessOf(database, engine),
    routes: [
      ...processes.flatMap((process) => [
        ...ticketRoutes(deps, process),
        ...conversationRoutes(deps, process),
        ...watcherRoutes(deps, process),
        ...linkRoutes(deps, process),
        bulkLinkRoute(deps, process),
        ...(files ? attachmentRoutes(deps, files, process) : []),
        tagRoute(deps, process),
        ...recordRoutes(deps, process),
        ...explainRoutes(deps, process),
        pathRoute(deps, process),
      ]),
      everyTicketRoute(deps, processes),
      ...viewRoutes(deps, processes),
      ...processRoutes(processes),
      ...assignmentRuleRoutes(deps, declarations),
      ...changeSurfaceRoutes(deps, processes),
      ...slaPolicyRoutes(deps, declarations),
      ...figureRoutes(deps, processes),
      ...slaRunRoutes(deps),
      ...connectionRoutes({ ...deps, network: parts.connections ?? { hosts: [] } }),
      ...searchRoutes(deps, processes),
      usedTagsRoute(deps),
      ...catalogDesignRoutes(deps, activityNamed, permissions),
      ...catalogRoutes(deps),
      ...orderRoutes(deps, processes),
      commandStateRoute(deps),
    ],
    ...options,
  });
}
