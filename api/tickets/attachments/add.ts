/** A file comes to a ticket: looked at, stored, and only then told to the ticket. */
import { parse } from 'content-disposition';
import { z } from 'zod';
import { keep } from '../../../models/attachments/files';
import { kindOf } from '../../../models/attachments/kind';
import { safeName } from '../../../models/attachments/name';
import { receive, tooLarge } from '../../../models/attachments/receive';
import { invalid, Refusal } from '../../../models/errors';
import type { Attached } from '../../../models/tickets/attachment';
import { attachmentIdOf } from '../../../models/tickets/identity';
import type { Process } from '../../../models/tickets/rules';
import { seesInternal } from '../../../models/users/ability';
import type { Actor } from '../../../models/users/actor';
import type { RequestContext } from '../../http/request';
import { defineRoute, type Route } from '../../http/route';
import type { Caller, TicketDeps } from '../door';
import { TicketParams } from '../routes';
import { applyToRow } from '../row';
import { selectTicket } from '../select';
import { actorOn, viewerOf } from '../sight';
import { Attachment, attachmentOf, selectAttachment, type Files } from './shape';

const NewAttachment = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Name of the file; or `Content-Disposition: attachment; filename="…"`.'),
  isPublic: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(true)
    .describe('false = as an internal note; agents only.'),
  commentId: z.uuid().optional().describe('A comment of this ticket that it belongs to.'),
});
type NewAttachment = z.output<typeof NewAttachment>;

export function addRoute(deps: TicketDeps, files: Files, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'post',
    path: `/${path}/{id}/attachments`,
    tag: title,
    access: `${type}:read`,
    summary: 'Add a file.',
    description:
      'The body is the file itself, with its `Content-Type`; its first bytes have to agree with it, and ' +
      'what a browser or a computer would run is not taken.',
    params: TicketParams,
    query: NewAttachment,
    takesFile: true,
    reply: { status: 201, description: 'It is there.', body: Attachment },
    handle: async ({ actor, params, query, request }) => {
      const caller = { actor, request };
      const ticketId = await refuseUnfit(deps, process, caller, {
        ...query,
        idOrNumber: params.id,
      });
      const stored = await take(deps, files, caller, query);
      const id = attachmentIdOf(ticketId, request.commandId);
      const { isPublic, commentId = null } = query;
      const input: Attached = { ...stored, id, isPublic, commentId };
      const check = (by: Actor) => {
        refuseInternal(by, query);
      };
      const sent = { idOrNumber: ticketId, name: 'attached', input, check };
      const found = await applyToRow(deps, process, caller, sent);
      const row = await deps.database.inOrganization(actor.organizationId, (tx) =>
        selectAttachment(tx, actorOn(found, actor), { ticketId, id }),
      );
      return { body: attachmentOf(row) };
    },
  });
}

/** Before anything of it is read; the id of the ticket. */
async function refuseUnfit(
  { database }: TicketDeps,
  process: Process,
  { actor }: Caller,
  wanted: NewAttachment & { readonly idOrNumber: string },
): Promise<string> {
  return database.inOrganization(actor.organizationId, async (tx) => {
    const found = await selectTicket(tx, viewerOf(process, actor), wanted.idOrNumber);
    const by = actorOn(found, actor);
    refuseInternal(by, wanted);
    const { id } = found.ticket;
    if (wanted.commentId === undefined) return id;
    const [comment] = await tx.rows<{ isPublic: boolean }>(
      `select is_public as "isPublic" from ticket_comments
        where organization_id = $1 and ticket_id = $2 and id = $3`,
      [tx.organizationId, id, wanted.commentId],
    );
    if (!comment || !(comment.isPublic || seesInternal(by)))
      throw invalid('/query/commentId', 'is no comment of this ticket', 'not_found');
    if (wanted.isPublic && !comment.isPublic)
      throw invalid('/query/isPublic', 'is not as internal as its comment');
    return id;
  });
}

function refuseInternal(actor: Actor, { isPublic }: Pick<NewAttachment, 'isPublic'>): void {
  if (isPublic || seesInternal(actor)) return;
  throw new Refusal('forbidden', 'Only agents add internal files.');
}

type Taken = Pick<Attached, 'fileId' | 'name' | 'mediaType' | 'bytes' | 'sha256'>;

/** Reads it whole, piece by piece, into the store. Nothing is kept of what is refused. */
async function take(
  { database }: TicketDeps,
  { store, mostBytes }: Files,
  { actor, request }: Caller,
  query: NewAttachment,
): Promise<Taken> {
  const { file } = request;
  if (!file) throw new Error('The route takes no file');
  const name = nameOf(query, request);
  if ((file.length ?? 0) > mostBytes) throw tooLarge(mostBytes);
  const incoming = await receive(file.bytes, mostBytes);
  try {
    if (incoming.head.length === 0) throw new Refusal('invalid_request', 'The body is empty.');
    const mediaType = await kindOf(incoming.head, { name, mediaType: file.mediaType });
    const { bytes, passed } = incoming;
    const kept = await keep({ database, store }, actor.organizationId, bytes, passed);
    return { ...kept, name, mediaType };
  } finally {
    await incoming.drop();
  }
}

function nameOf({ name }: NewAttachment, request: RequestContext): string {
  const given = name ?? namedBy(request.header('content-disposition'));
  if (given === undefined) throw invalid('/query/name', 'is required', 'required');
  return safeName(given);
}

function namedBy(header: string | undefined): string | undefined {
  return header === undefined ? undefined : parse(header).parameters['filename'];
}
