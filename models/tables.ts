/** Binds every table to one connection; called once by `openDatabase`. */
import type { Sequelize } from 'sequelize';
import { initAuditEvents } from './audit/audit-event.table';
import { initCatalogue } from './resources/tables';
import { initChanges } from './changes/tables';
import { initConnections } from './connections/connection.table';
import { initNotifications } from './notifications/notification.table';
import { initServiceCatalog } from './service-catalog/tables';
import { initComments } from './tickets/tables/comment.table';
import { initEvents } from './tickets/tables/event.table';
import { initOutbox } from './tickets/tables/outbox.table';
import { initRefusals } from './tickets/tables/refusal.table';
import { initTickets } from './tickets/tables/ticket.table';
import { initViews } from './views/tables';

export function initTables(sequelize: Sequelize): void {
  for (const init of [
    initTickets,
    initEvents,
    initRefusals,
    initComments,
    initNotifications,
    initOutbox,
    initAuditEvents,
    initCatalogue,
    initChanges,
    initConnections,
    initServiceCatalog,
    initViews,
  ]) {
    init(sequelize);
  }
}
