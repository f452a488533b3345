/** Known errors of problems that nobody worked on: for finding them, past the process of problems. */
import type { Rows } from '../rows';
import { randomOf, wordsOf } from './vocabulary';

export interface ProblemWish {
  readonly rows: Rows;
  /** A ticket that is there; a problem's columns are those of every ticket. */
  readonly after: string;
  readonly total: number;
}

/** Three of four are published, half of these for everybody. */
export async function fillKnownErrors({ rows, after, total }: ProblemWish): Promise<void> {
  const random = randomOf(2);
  const words = wordsOf(random);
  const at = '2026-01-01T00:00:00.000Z';
  const problems = Array.from({ length: total }, () => {
    const [isDraft, isPublic] = [random() < 0.25, random() < 0.5];
    const publishedAt = isDraft ? null : at;
    return {
      title: words.title(),
      details: {
        ...{ origin: 'reactive', rootCause: null },
        workaround: { text: words.text(10, 40), isPublic, version: 1, publishedAt },
        knownError: {
          ...{ state: isDraft ? 'draft' : 'published', symptoms: words.text(10, 30) },
          ...{ isPublic, publishedAt, retiredAt: null },
        },
      },
    };
  });
  await rows.query(filling, [JSON.stringify(problems), after]);
  await rows.query('vacuum analyze known_errors');
}

const filling = `
insert into tickets
select (jsonb_populate_record(t, jsonb_build_object(
  'id', gen_random_uuid(), 'type', 'problem', 'number', 'PRB' || lpad(p.k::text, 7, '0'), 'title', p.title,
  'is_settled', true, 'next_due_at', null, 'due_at', null,
  'snapshot', jsonb_set(t.snapshot, '{details}', p.details)))).*
  from (select w.*, row_number() over () as k
          from jsonb_to_recordset($1::jsonb) as w(title text, details jsonb)) p
  join tickets t on t.id = $2`;
