/** What a view is: a query of a list of tickets with a name. */
import { z } from 'zod';
import { Line } from '../http/input/fields';
import { Reference } from '../http/reference';

export const scopes = ['person', 'team', 'organization'] as const;
export type Scope = (typeof scopes)[number];

/** In place of a type: tickets of all types. */
export const everyType = 'tickets';

const longestText = 2_000;
const mostFields = 40;
const greatestPosition = 10_000;

export const View = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scope: z.enum(scopes),
    owner: Reference.nullable().describe('Whose it is: mine, or null.'),
    team: Reference.nullable(),
    ticketType: z.string().meta({ example: 'incident' }).describe('`tickets`: of all types.'),
    filter: z.string().nullable().meta({ example: 'assignee==me;isOpen==true' }),
    sort: z.string().nullable().meta({ example: '-openedAt' }),
    fields: z.array(z.string()).nullable(),
    position: z.int(),
    isBroken: z
      .boolean()
      .describe(
        'It names what the list does not have any more; it shows nothing until it is edited.',
      ),
    mayEdit: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'View' });

export type ViewBody = z.infer<typeof View>;

/** What is stored of the query; the names are those of its parameters. */
export interface Saved {
  readonly ticketType: string;
  readonly filter: string | null;
  readonly sort: string | null;
  readonly fields: readonly string[] | null;
}

const query = z.strictObject({
  name: Line,
  filter: z
    .string()
    .trim()
    .min(1)
    .max(longestText)
    .nullable()
    .default(null)
    .describe('As `q` of the list; `me` and `myTeams` are those of whoever looks.'),
  sort: z.string().trim().min(1).max(200).nullable().default(null),
  fields: z.array(z.string()).min(1).max(mostFields).nullable().default(null),
  position: z.int().min(0).max(greatestPosition).default(0).describe('Lower ones come first.'),
});

const owned = {
  scope: z.enum(scopes).default('person').describe('Whose it is, for good.'),
  teamId: z.uuid().nullable().default(null).describe('For the scope `team`.'),
};

/** Whose a new one is to be. */
export const Owned = z.object(owned);

export const edits = query;

export function inputFor(types: readonly string[]) {
  const ticketType = z.enum([everyType, ...types]).describe('`tickets`: of all types. For good.');
  return query.extend({ ...owned, ticketType });
}
