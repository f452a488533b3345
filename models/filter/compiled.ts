/** Conditions that are stored, as functions. */
import type { ConditionFields } from './field';
import { holds, type Subject } from './holds';
import { readRsql } from './rsql';

export type Question = (subject: Subject) => boolean;

const mostKept = 1_000;
const questions = new WeakMap<ConditionFields, Map<string, Question>>();

/**
 * A text as a function, read once for each set of fields. Throws an ordinary Error when it cannot be read:
 * what is stored was checked before.
 */
export function compiled(fields: ConditionFields, text: string): Question {
  const kept = keptFor(fields);
  const known = kept.get(text);
  if (known !== undefined) return known;
  const question = questionOf(fields, text);
  // The one that was read first goes; whoever still needs it reads it again.
  for (const oldest of kept.keys()) {
    if (kept.size < mostKept) break;
    kept.delete(oldest);
  }
  kept.set(text, question);
  return question;
}

function keptFor(fields: ConditionFields): Map<string, Question> {
  const known = questions.get(fields);
  if (known !== undefined) return known;
  const kept = new Map<string, Question>();
  questions.set(fields, kept);
  return kept;
}

function questionOf(fields: ConditionFields, text: string): Question {
  const read = readRsql(fields, text);
  if (read.ok) return (subject) => holds(fields, read.value, subject);
  const why = read.issues.map(({ detail }) => detail).join('; ');
  throw new Error(`The stored condition ${JSON.stringify(text)} cannot be read: ${why}.`);
}
