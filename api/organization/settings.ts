/** The settings of an organization on their way in and out. */
import { z } from 'zod';
import type { Settings } from '../../models/organizations/settings';
import { levels, priorities } from '../../models/tickets/ticket';
import { roles } from '../../models/users/actor';
import { distinct, Line, Locale, Timezone } from '../http/input/fields';
import { Reference } from '../http/reference';

const level = z.enum(levels);
const priority = z.enum(priorities);
const row = z.strictObject({ high: priority, medium: priority, low: priority });
const longestYears = 10;

const Code = z.string().trim().min(1).max(60);

const codes = distinct(z.array(Code).min(1).max(100));

const plain = {
  timezone: Timezone.describe('Of the organization; calendars have a zone of their own.'),
  locale: Locale.describe('For whoever has chosen none.'),
  priorityMatrix: z
    .strictObject({ high: row, medium: row, low: row })
    .describe('Priority by impact, then urgency.'),
  requesterImpactCounts: z
    .boolean()
    .describe('Whether the impact that a requester gives counts; else `defaultImpact`.'),
  defaultImpact: level,
  autoCloseDays: z.int().min(0).max(365).describe('Days from resolved to closed by itself.'),
  commentReopens: z
    .boolean()
    .describe('Whether a comment of the requester reopens a resolved ticket.'),
  resolutionCodes: codes.describe('Those that were used stay on their tickets.'),
  problemWatchDays: z
    .int()
    .min(0)
    .max(365)
    .describe('Days for which a resolved problem is watched before it closes by itself.'),
  problemResolvesIncidents: z
    .boolean()
    .describe('Whether incidents held for a problem are resolved with it; else it is suggested.'),
  passwordMaxAgeDays: z
    .int()
    .min(1)
    .max(longestYears * 365)
    .nullable()
    .describe('Days after which a password must be changed; null: never.'),
  secondFactorRequiredFor: z
    .array(z.enum(roles))
    .max(roles.length)
    .describe('Roles that must have a second factor; acts at once, on open sessions, too.'),
} satisfies Record<Exclude<keyof Settings, 'defaultTeamId'>, z.ZodType>;

const edits = z.strictObject({
  name: Line,
  ...plain,
  defaultTeamId: z.uuid().nullable().describe('Takes new tickets whose service has no team.'),
});

export const EditOrganization = edits
  .partial()
  .refine((given) => Object.keys(given).length > 0, { message: 'give at least one field' })
  .meta({ id: 'EditOrganization' });

export type OrganizationEdit = z.infer<typeof EditOrganization>;

export const Organization = z
  .object({
    id: z.uuid(),
    slug: z.string().describe('Never changes.'),
    name: z.string(),
    ...plain,
    defaultTeam: Reference.nullable(),
    revision: z.int(),
  })
  .meta({ id: 'Organization' });
