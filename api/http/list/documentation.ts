/** How the query of a list looks in the OpenAPI document: one parameter for each field. */
import { z } from 'zod';
import { wordsOf } from '../../../models/filter/value';
import type { Listing, ListField } from './listing';

/** Never used to parse: the real query is nested and has transforms. */
export function documentedQuery(listing: Listing) {
  const filters = [...listing.fields.values()].map(
    (field) => [`filter[${field.name}]`, textOf(field)] as const,
  );
  return z.object({
    limit: z.int().min(1).max(200).default(50).describe('Items on a page.'),
    cursor: z.string().optional().describe('`page.nextCursor` of the page before.'),
    sort: z
      .string()
      .optional()
      .describe(
        `Fields, \`-\` for descending: ${listing.sorts.join(', ')}. Items without a value come last.`,
      ),
    ...Object.fromEntries(filters),
    q: z
      .string()
      .optional()
      .describe(
        'The same filters as one RSQL-like string: `;` and, `,` or, parentheses, quotes; ' +
          '`== != =lt= =le= =gt= =ge= =in= =out= =isnull=`.',
      ),
    count: z.boolean().optional().describe('Adds `total`, exact up to 10,000.'),
    fields: z
      .string()
      .optional()
      .describe(`Only these members, separated by commas: ${listing.members.join(', ')}.`),
  });
}

function textOf(field: ListField) {
  const operators = field.operators.filter((op) => op !== 'eq').join(', ');
  const description = [
    field.description,
    meaningOf(field),
    `Also \`filter[${field.name}][operator]\` with ${operators}.`,
  ];
  return z
    .string()
    .optional()
    .describe(description.filter((sentence) => sentence !== undefined).join(' '));
}

function meaningOf(field: ListField): string {
  switch (field.type) {
    case 'enum':
      return `One of ${field.values.join(', ')}.`;
    case 'reference':
      return `One of: ${['an id', ...wordsOf(field).map((word) => `\`${word}\``)].join(', ')}.`;
    case 'instant':
      return 'An instant in RFC 3339, a date, or as seen from now: `now`, `-P7D`, `PT4H`.';
    case 'boolean':
      return 'true or false.';
    case 'integer':
    case 'number':
      return 'A number.';
    case 'text':
      return 'The exact text.';
  }
}
