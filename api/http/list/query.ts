/** The query of a list as one zod schema: paging, sort, both spellings of the filter, sparse fields. */
import { z } from 'zod';
import type { Condition, FilterIssue, Reading } from '../../../models/filter/condition';
import { readRsql } from '../../../models/filter/rsql';
import { readBrackets } from '../filter/brackets';
import { documentedQuery } from './documentation';
import { sortKeysOf, type Listing, type SortKey } from './listing';

/** The parsed query of a list. */
export interface ListQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort: readonly SortKey[];
  readonly filter?: Condition | undefined;
  readonly q?: Condition | undefined;
  /** A part of a text, whichever letters are capital ones. */
  readonly search?: string | undefined;
  readonly count: boolean;
  readonly fields?: readonly string[] | undefined;
}

export const defaultLimit = 50;
export const greatestLimit = 200;
const longestText = 2_000;
const mostSorts = 4;

/** Schema of a list's query; `extra` are parameters that only this list has. */
export function listQuery(listing: Listing): ReturnType<typeof standardQuery>;
export function listQuery<Extra extends z.ZodRawShape>(
  listing: Listing,
  extra: Extra,
): z.ZodObject<ReturnType<typeof standardQuery>['shape'] & Extra, z.core.$strict>;
export function listQuery(listing: Listing, extra: z.ZodRawShape = {}) {
  const own = { ...searchOf(listing), ...extra };
  return standardQuery(listing)
    .extend(own)
    .meta({ documentedAs: documentedQuery(listing).extend(own) });
}

const longestSearch = 200;

function searchOf({ search }: Listing): z.ZodRawShape {
  if (search.length === 0) return {};
  const text = z.string().trim().min(1).max(longestSearch).optional();
  return { search: text.describe('A part of a text, in capital or small letters.') };
}

/** `fields=` for the read of a single thing. */
export function fieldsOf(item: z.ZodObject) {
  return chosenFields(Object.keys(item.shape)).describe('Only these top-level members.');
}

/** A condition over what a listing filters by, in the filter language. */
export function conditionOn(listing: Pick<Listing, 'fields'>) {
  return z
    .string()
    .min(1)
    .max(longestText)
    .transform((text, context) => settled(readRsql(listing.fields, text), context));
}

function standardQuery(listing: Listing) {
  return z.strictObject({
    limit: z.coerce.number().int().min(1).max(greatestLimit).default(defaultLimit),
    cursor: z.string().min(1).max(longestText).optional(),
    sort: sortOf(listing),
    filter: z
      .unknown()
      .transform((raw, context) => settled(readBrackets(listing.fields, raw), context))
      .optional(),
    q: conditionOn(listing).optional(),
    count: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .default(false),
    fields: chosenFields(listing.members),
  });
}

function sortOf(listing: Listing) {
  return z
    .string()
    .transform((text, context): readonly SortKey[] => {
      const keys = sortKeysOf(text);
      const names = keys.map((key) => key.field);
      const unknown = names.filter((name) => !listing.sorts.includes(name));
      if (unknown.length > 0) {
        const detail = `${unknown.join(', ')}: sort by ${listing.sorts.join(', ')}`;
        return refuse(context, { path: [], detail, code: 'unknown_field' });
      }
      if (new Set(names).size < names.length || names.length > mostSorts) {
        const detail = `takes at most ${mostSorts} fields, each once`;
        return refuse(context, { path: [], detail, code: 'invalid' });
      }
      return keys;
    })
    .default(listing.defaultSort);
}

function chosenFields(members: readonly string[]) {
  return z
    .string()
    .transform((text, context): readonly string[] => {
      const names = text.split(',');
      const unknown = names.filter((name) => !members.includes(name));
      if (unknown.length === 0) return names;
      const detail = `${unknown.join(', ')}: choose from ${members.join(', ')}`;
      return refuse(context, { path: [], detail, code: 'unknown_field' });
    })
    .optional();
}

function settled(reading: Reading<Condition>, context: z.RefinementCtx): Condition {
  if (reading.ok) return reading.value;
  for (const issue of reading.issues) refuse(context, issue);
  return z.NEVER;
}

function refuse(context: z.RefinementCtx, { path, detail, code }: FilterIssue): never {
  context.addIssue({ code: 'custom', path: [...path], message: detail, params: { code } });
  return z.NEVER;
}
