/** Files of a ticket, whatever its type: added, listed, fetched, taken away. The row's own door. */
import type { Process } from '../../../models/tickets/rules';
import { Refusal } from '../../../models/errors';
import { mayEdit } from '../../../models/users/ability';
import { pageReply, pageSchema, readPage } from '../../http/list/page';
import { listQuery } from '../../http/list/query';
import { defineRoute, type Route } from '../../http/route';
import type { TicketDeps } from '../door';
import { TicketParams } from '../routes';
import { applyToRow } from '../row';
import { selectTicket } from '../select';
import { actorOn, viewerOf } from '../sight';
import { addRoute } from './add';
import { sendRoute } from './send';
import {
  Attachment,
  attachmentOf,
  AttachmentParams,
  listing,
  selectAttachment,
  source,
  visibleTo,
  type AttachmentRow,
  type Files,
} from './shape';

export function attachmentRoutes(deps: TicketDeps, files: Files, process: Process): Route[] {
  return [
    listRoute(deps, process),
    addRoute(deps, files, process),
    sendRoute(deps, files, process),
    removeRoute(deps, process),
  ];
}

function listRoute({ database, secret }: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'get',
    path: `/${path}/{id}/attachments`,
    tag: title,
    access: `${type}:read`,
    summary: 'Its files, oldest first; internal ones for agents only.',
    params: TicketParams,
    query: listQuery(listing),
    reply: { status: 200, description: 'A page.', body: pageSchema(Attachment) },
    handle: async ({ actor, params, query }) => {
      const page = await database.inOrganization(actor.organizationId, async (tx) => {
        const found = await selectTicket(tx, viewerOf(process, actor), params.id);
        const binds = [actor.organizationId, found.ticket.id];
        const visible = visibleTo(actorOn(found, actor));
        const where = `a.organization_id = $1 and a.ticket_id = $2 and ${visible}`;
        const context = { actor, secret, binds };
        return readPage<AttachmentRow>(tx, {
          ...{ listing, query, source: { ...source, where }, context },
        });
      });
      return pageReply(page, attachmentOf);
    },
  });
}

function removeRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'delete',
    path: `/${path}/{id}/attachments/{attachmentId}`,
    tag: title,
    access: `${type}:read`,
    summary: 'Take a file away; for whoever added it, or may edit the ticket.',
    description: 'The feed keeps its name and its SHA-256, and who took it away.',
    params: AttachmentParams,
    reply: { status: 204, description: 'It is gone.' },
    handle: async ({ actor, params, request }) => {
      const { ticketId, row } = await deps.database.inOrganization(
        actor.organizationId,
        async (tx) => {
          const found = await selectTicket(tx, viewerOf(process, actor), params.id);
          const by = actorOn(found, actor);
          const at = { ticketId: found.ticket.id, id: params.attachmentId };
          const attachment = await selectAttachment(tx, by, at);
          if (attachment.addedBy.id !== actor.id && !mayEdit(by, type))
            throw new Refusal('forbidden', 'Only agents and whoever added it take it away.');
          return { ticketId: found.ticket.id, row: attachment };
        },
      );
      const { id, name, bytes, sha256, isPublic } = attachmentOf(row);
      const input = { id, name, bytes, sha256, isPublic };
      const sent = { idOrNumber: ticketId, name: 'detached', input };
      await applyToRow(deps, process, { actor, request }, sent);
      return {};
    },
  });
}
