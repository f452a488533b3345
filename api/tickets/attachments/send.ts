/** A file goes to whoever may have it, so that no browser runs what is in it. */
import { create } from 'content-disposition';
import parseRange from 'range-parser';
import { z } from 'zod';
import type { Span } from '../../../models/attachments/store';
import { Refusal } from '../../../models/errors';
import type { Process } from '../../../models/tickets/rules';
import type { Reply } from '../../http/output/reply';
import type { RequestContext } from '../../http/request';
import { defineRoute, type Route } from '../../http/route';
import type { TicketDeps } from '../door';
import { selectTicket } from '../select';
import { actorOn, viewerOf } from '../sight';
import { AttachmentParams, selectAttachment, type AttachmentRow, type Files } from './shape';

const media = 'application/octet-stream';

/** What browsers show without running any of it. */
const shown: ReadonlySet<string> = new Set([
  ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf'],
]);

export function sendRoute({ database }: TicketDeps, { store }: Files, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'get',
    path: `/${path}/{id}/attachments/{attachmentId}`,
    tag: title,
    access: `${type}:read`,
    summary: 'The file itself, or a part of it (`Range`).',
    params: AttachmentParams,
    query: z.strictObject({
      inline: z
        .enum(['true', 'false', ''])
        .transform((text) => text !== 'false')
        .default(false)
        .describe('To be shown and not saved; images and PDF only.'),
    }),
    reply: { status: 200, description: 'All of it, with its own media type.', media },
    alsoReplies: [
      { status: 206, description: 'The part that `Range` names.', media },
      { status: 304, description: 'It is what `If-None-Match` names.' },
    ],
    handle: async ({ actor, params, query, request }) => {
      const row = await database.inOrganization(actor.organizationId, async (tx) => {
        const found = await selectTicket(tx, viewerOf(process, actor), params.id);
        const at = { ticketId: found.ticket.id, id: params.attachmentId };
        return selectAttachment(tx, actorOn(found, actor), at);
      });
      const headers = headersOf(row, query.inline);
      if (isKnown(row, request.header('if-none-match'))) return { status: 304, headers };
      const span = spanOf(row, request);
      const file = { organizationId: actor.organizationId, id: row.fileId };
      return { ...partly(row, span, headers), stream: streamOf(() => store.get(file, span)) };
    },
  });
}

type Headers = Readonly<Record<string, string>>;

function headersOf({ name, mediaType, sha256 }: AttachmentRow, isInline: boolean): Headers {
  const type = isInline && shown.has(mediaType) ? 'inline' : 'attachment';
  return {
    'Content-Type': mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType,
    'Content-Disposition': create(name, { type }),
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    // Asked anew each time: rights on a ticket change, the file does not.
    'Cache-Control': 'private, no-cache',
    'Accept-Ranges': 'bytes',
    ETag: etagOf(sha256),
  };
}

function etagOf(sha256: string): string {
  return `"${sha256}"`;
}

function isKnown({ sha256 }: AttachmentRow, header: string | undefined): boolean {
  const known = (header ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(etagOf(sha256));
}

/** Undefined: all of it, also when more than one part is wanted. Throws range_not_satisfiable. */
function spanOf({ bytes, sha256 }: AttachmentRow, request: RequestContext): Span | undefined {
  const wanted = request.header('range');
  const onlyIf = request.header('if-range');
  if (wanted === undefined || (onlyIf !== undefined && onlyIf !== etagOf(sha256))) return undefined;
  const size = Number(bytes);
  const parts = parseRange(size, wanted);
  if (parts === -2) return undefined;
  if (parts === -1)
    throw new Refusal('range_not_satisfiable', `The file has ${size} bytes.`, { bytes: size });
  const [first] = parts;
  if (parts.type !== 'bytes' || parts.length > 1 || !first) return undefined;
  return { from: first.start, to: first.end };
}

function partly(
  { bytes }: AttachmentRow,
  span: Span | undefined,
  headers: Headers,
): Reply<undefined> {
  const length = span ? span.to - span.from + 1 : Number(bytes);
  const sized = { ...headers, 'Content-Length': String(length) };
  if (!span) return { headers: sized };
  const range = `bytes ${span.from}-${span.to}/${bytes}`;
  return { status: 206, headers: { ...sized, 'Content-Range': range } };
}

type Opening = () => Promise<AsyncIterable<Uint8Array>>;

function streamOf(open: Opening): NonNullable<Reply['stream']> {
  return async (write) => {
    for await (const chunk of await open()) await write(chunk);
  };
}
