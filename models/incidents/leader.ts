/** The incident that another one follows, as far as the other's rules read it beside the link. */
import { z } from 'zod';
import type { Tx } from '../database';
import { toInstant, type Instant } from '../instant';
import type { Json } from '../tickets/ticket';

export interface Leader {
  /** How it was resolved; null: it is not. */
  readonly code: string | null;
  /** Its newest public update; null: there is none, or it is for its team only. */
  readonly update: Update | null;
}

export interface Update {
  readonly at: Instant;
  readonly body: string;
  readonly authorId: string;
}

interface Row {
  readonly code: string | null;
  readonly at: Date | null;
  readonly body: string | null;
  readonly authorId: string | null;
}

/** `about` is its id. Throws what zod throws when that is no id. */
export async function readLeader(tx: Tx, about: Json): Promise<Leader | undefined> {
  const [row] = await tx.rows<Row>(leaderSql, [tx.organizationId, z.uuid().parse(about)]);
  if (!row) return undefined;
  const { code, at, body, authorId } = row;
  const isThere = at !== null && body !== null && authorId !== null;
  return { code, update: isThere ? { at: toInstant(at), body, authorId } : null };
}

const leaderSql = `
  select t.snapshot -> 'details' -> 'resolution' ->> 'code' as code,
         c.created_at as at, c.body, c.author_id as "authorId"
    from tickets t
    left join ticket_comments c on c.organization_id = $1 and c.ticket_id = t.id and c.is_public
         and c.id = (t.snapshot -> 'details' -> 'major' ->> 'lastUpdateId')::uuid
         and t.confidential_team_id is null
   where t.organization_id = $1 and t.id = $2`;
