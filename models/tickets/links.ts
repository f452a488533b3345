/**
 * How tickets belong to each other: each kind with its inverse and its words. A link is one row, told from
 * one end; the other end reads the inverse. What a link does is said by the declarations of processes.
 */
import { z } from 'zod';

interface Facts {
  /** What the other ticket reads. */
  readonly inverse: string;
  /** After the number of this one, before that of the other. */
  readonly words: string;
}

/** Those that people make, as this ticket reads them: `parent` says that the other one is its parent. */
const facts = {
  causes: { inverse: 'causedBy', words: 'causes' },
  causedBy: { inverse: 'causes', words: 'is caused by' },
  blocks: { inverse: 'blockedBy', words: 'blocks' },
  blockedBy: { inverse: 'blocks', words: 'is blocked by' },
  duplicates: { inverse: 'duplicatedBy', words: 'is a duplicate of' },
  duplicatedBy: { inverse: 'duplicates', words: 'is the original of' },
  fixes: { inverse: 'fixedBy', words: 'fixes' },
  fixedBy: { inverse: 'fixes', words: 'is fixed by' },
  parent: { inverse: 'child', words: 'is a part of' },
  child: { inverse: 'parent', words: 'has the part' },
  relates: { inverse: 'relates', words: 'has to do with' },
} as const satisfies Record<string, Facts>;

export type LinkKind = keyof typeof facts;
export const linkKinds = Object.keys(facts) as [LinkKind, ...LinkKind[]];

export function isLinkKind(kind: string): kind is LinkKind {
  return Object.hasOwn(facts, kind);
}

/** `is blocked by`. */
export function wordsOf(kind: LinkKind): string {
  return facts[kind].words;
}

/** The kinds that are stored; what the other end says of them is the same row. */
const stored = ['causes', 'blocks', 'duplicates', 'fixes', 'parent', 'relates'] as const;
export type StoredKind = (typeof stored)[number];

/** Kinds that lead in no circle: whoever follows them comes to an end. */
const straight: ReadonlySet<StoredKind> = new Set(['blocks', 'duplicates', 'parent']);

/** Kinds of which a ticket has one: it has one parent, and is the duplicate of one original. */
const single: ReadonlySet<StoredKind> = new Set(['duplicates', 'parent']);

/** Kinds between tickets of one type only. */
export function isWithinType(kind: LinkKind): boolean {
  return kind === 'duplicates' || kind === 'duplicatedBy';
}

export function isStraight(kind: StoredKind): boolean {
  return straight.has(kind);
}

export function isSingle(kind: StoredKind): boolean {
  return single.has(kind);
}

/** A link as it is stored. */
export interface StoredLink {
  readonly ticketId: string;
  readonly kind: StoredKind;
  readonly otherId: string;
}

/** The one row of a link, from whichever end it is told; what goes both ways begins at the lesser id. */
export function storedLink(ticketId: string, kind: LinkKind, otherId: string): StoredLink {
  const isTurned = kind === 'relates' ? otherId < ticketId : !isStored(kind);
  const named = isStored(kind) ? kind : facts[kind].inverse;
  return isTurned
    ? { ticketId: otherId, kind: named, otherId: ticketId }
    : { ticketId, kind: named, otherId };
}

function isStored(kind: LinkKind): kind is StoredKind {
  return (stored as readonly string[]).includes(kind);
}

/** What the other end reads; of what tickets are born with, the same without `Of`: `followUp`. */
export function inverseOf(kind: string): string {
  return isLinkKind(kind) ? facts[kind].inverse : kind.replace(/Of$/, '');
}

/** What a kind of link does to tickets of a process that have one. */
export interface LinkEffect {
  /** Commands that are not possible while the other ticket has not ended. */
  readonly forbids?: readonly string[];
  /**
   * True: the other's end (resolved, or over) and reopening reach it as the signals `linkedEnded` and
   * `linkedReopened`. `closure`: only that it is over reaches it, as `linkedEnded`.
   */
  readonly follows?: true | 'closure';
}

/** What became of a ticket, for those that follow it. */
export type Moment = 'end' | 'closure';

/** Whether tickets of a process with these effects hear of one of these moments by a link of this kind. */
export function hearsOf(
  effects: LinkEffects,
  kind: string,
  moments: readonly Moment[],
): kind is LinkKind {
  const follows = isLinkKind(kind) ? effects[kind]?.follows : undefined;
  return follows !== undefined && moments.includes(follows === true ? 'end' : follows);
}

export type LinkEffects = Readonly<Partial<Record<LinkKind, LinkEffect>>>;

/** A ticket at the other end of a link. */
export interface Linked {
  readonly kind: string;
  readonly id: string;
  readonly type: string;
  /** Null: it is confidential, and not named to everybody. */
  readonly number: string | null;
  readonly state: string;
  /** It is resolved, or over. */
  readonly hasEnded: boolean;
}

/** What a ticket that follows another one is told; how that one stands is read anew when it arrives. */
export const LinkTurned = z.object({
  kind: z.enum(linkKinds),
  ticketId: z.uuid(),
  /** Whoever ended or reopened it; null: nobody did it by hand. */
  byId: z.uuid().nullable(),
});
export type LinkTurned = Readonly<z.infer<typeof LinkTurned>>;
