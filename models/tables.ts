/** Binds every table to one connection; called once by `openDatabase`. */
import type { Sequelize } from 'sequelize';
import { initNotifications } from './notifications/notification.table';
import { initComments } from './tickets/comment.table';
import { initEvents } from './tickets/event.table';
import { initOutbox } from './tickets/outbox.table';
import { initRefusals } from './tickets/refusal.table';
import { initTickets } from './tickets/ticket.table';

export function initTables(sequelize: Sequelize): void {
  for (const init of [
    initTickets,
    initEvents,
    initRefusals,
    initComments,
    initNotifications,
    initOutbox,
  ]) {
    init(sequelize);
  }
}
