/** What a handler hands back, and how it becomes an answer. */
import type { Answer, Streamed } from './answer';
import { etagOf } from '../etag';

export interface Reply<Body = unknown> {
  /** Absent: the status of the declaration. Any other must be declared in `alsoReplies`. */
  readonly status?: number;
  readonly body?: Body;
  /** Revision of what is shown; becomes the ETag. */
  readonly revision?: number;
  /** Where the created or promised thing is, e.g. `/api/v1/incidents/…`. */
  readonly location?: string;
  /** Cursor of the next page; becomes `Link: <…>; rel="next"`. */
  readonly nextCursor?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of a body, for what is too big for one; its media type is the declaration's. */
  readonly stream?: Streamed;
}

export interface Presentation {
  readonly status: number;
  /** The address that was called, with its query: the next page is the same with another cursor. */
  readonly url: string;
  /** Top-level members to show; absent: all. */
  readonly fields?: readonly string[] | undefined;
  /** Of a stream. */
  readonly media?: string | undefined;
}

export function answerOf(reply: Reply, presentation: Presentation): Answer {
  const { body, revision, location, nextCursor, stream } = reply;
  return {
    status: reply.status ?? presentation.status,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json; charset=utf-8' }),
      ...(stream && presentation.media && { 'Content-Type': presentation.media }),
      ...(revision !== undefined && { ETag: etagOf(revision) }),
      ...(location !== undefined && { Location: location }),
      ...(typeof nextCursor === 'string' && { Link: nextLink(presentation.url, nextCursor) }),
      ...reply.headers,
    },
    text: body === undefined ? undefined : JSON.stringify(sparse(body, presentation.fields)),
    ...(stream && { stream }),
  };
}

function nextLink(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?');
  const kept = query.split('&').filter((pair) => pair !== '' && !/^cursor(=|$)/.test(pair));
  const next = [...kept, `cursor=${encodeURIComponent(cursor)}`].join('&');
  return `<${path}?${next.replace(/[<>"]/g, encodeURIComponent)}>; rel="next"`;
}

/** Only the fields asked for: of each item of a list, or of the thing itself. */
function sparse(body: unknown, fields: readonly string[] | undefined): unknown {
  if (fields === undefined || !isObject(body)) return body;
  if (!('page' in body) || !Array.isArray(body['data'])) return pick(body, fields);
  const data = body['data'].map((item: unknown) => (isObject(item) ? pick(item, fields) : item));
  return { ...body, data };
}

function pick(thing: Record<string, unknown>, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(thing).filter(([name]) => fields.includes(name)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
