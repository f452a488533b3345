/** A call of the record: all its tries under one key, and what its caller was told. Pure. */
import { z } from 'zod';
import type { Line } from './recorder';

export interface Told {
  readonly status: number;
  /** Id in the body, if it has one. */
  readonly id: string | undefined;
  /** Code of the problem, if it is one. */
  readonly code: string | undefined;
  readonly text: string;
  readonly isReplayed: boolean;
  readonly until: number;
}

export interface Saying {
  readonly as: string;
  readonly key: string;
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  /** The word that is in its texts and nowhere else; undefined when it has no text. */
  readonly mark: string | undefined;
  /** Milliseconds since 1970: the first try, and the first answer that decided it. */
  readonly at: number;
  readonly decidedAt: number | undefined;
  readonly tries: number;
  /** Answers that decide it, in the order in which they came; repeats are told the same. */
  readonly told: readonly Told[];
}

const Body = z.object({ id: z.string().optional(), code: z.string().optional() });

/** 202, 429, 5xx and "still running" decide nothing. */
export function decides(told: Pick<Told, 'status' | 'code'>): boolean {
  const { status, code } = told;
  return status !== 202 && status !== 429 && status < 500 && code !== 'idempotency_in_progress';
}

export function isApplied({ told }: Pick<Saying, 'told'>): boolean {
  return told.some(({ status }) => status < 300);
}

/** Lines of one key become one saying, in any order of lines. */
export async function sayingsOf(
  lines: AsyncIterable<Line> | Iterable<Line>,
): Promise<readonly Saying[]> {
  const byKey = new Map<string, Saying>();
  for await (const line of lines) {
    const known = byKey.get(line.key) ?? begun(line);
    byKey.set(line.key, withLine(known, line));
  }
  return [...byKey.values()];
}

function begun({ as, key, kind, method, path, body, at }: Line): Saying {
  const mark = JSON.stringify(body ?? {}).includes(key) ? key : undefined;
  return { as, key, kind, method, path, mark, at, decidedAt: undefined, tries: 0, told: [] };
}

function withLine(saying: Saying, line: Line): Saying {
  const told = toldOf(line);
  const isDecision = told !== undefined && decides(told);
  return {
    ...saying,
    at: Math.min(saying.at, line.at),
    tries: saying.tries + 1,
    decidedAt: isDecision
      ? Math.min(saying.decidedAt ?? Number.POSITIVE_INFINITY, line.until)
      : saying.decidedAt,
    told: isDecision ? [...saying.told, told].sort((a, b) => a.until - b.until) : saying.told,
  };
}

function toldOf({ status, text = '', isReplayed = false, until }: Line): Told | undefined {
  if (status === undefined) return undefined;
  const body = Body.safeParse(text === '' ? {} : JSON.parse(text)).data;
  return { status, id: body?.id, code: body?.code, text, isReplayed, until };
}
