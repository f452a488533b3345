/** What automatic activities take and answer. Objects without unions: each field is judged on its own. */
import { z } from 'zod';

const Id = z.uuid();

export const HttpCall = z.strictObject({
  connection: z.string().min(1).max(80).describe('Name of a connection of the organization.'),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z
    .string()
    .max(1_000)
    .regex(/^\/(?!\/)/, 'begins with one slash')
    .describe('Below the base URL of the connection.'),
  query: z
    .record(z.string(), z.string())
    .optional()
    .describe('Parts of the address after the question mark.'),
  body: z.json().optional().describe('Sent as JSON. Absent: no body.'),
});

export const HttpAnswer = z.object({
  status: z.int(),
  body: z.json().describe('The JSON that it answered; null: nothing, or nothing that is kept.'),
  omitted: z
    .enum(['notJson', 'tooLong'])
    .nullable()
    .describe('Why its answer is not kept: it is no JSON, or longer than 32 kB.'),
});

export const TeamLeft = z.object({
  wasMember: z.boolean(),
  skills: z.array(z.string()).describe('As they had them in the team.'),
  capacity: z.int().nullable(),
});

export const TeamJoined = z.object({
  wasMember: z.boolean().describe('They were in it before: to undo it is to do nothing.'),
});

const Membership = z.strictObject({ userId: Id, teamId: Id });

export const TeamJoin = Membership.extend({
  left: TeamLeft.optional().describe('To undo that they left: nothing is done who was not in it.'),
});

export const TeamLeave = Membership.extend({
  joined: TeamJoined.optional().describe(
    'To undo that they joined: nothing is done if they were in it before.',
  ),
});

/** What somebody had of a role beside their own. */
const before = {
  had: z.boolean(),
  hadUntil: z.iso.datetime().nullable().describe('Null: for ever, or they had it not.'),
};

export const RoleGiven = z.object(before);
export const RoleTaken = z.object(before);

const Assignment = z.strictObject({ userId: Id, roleId: Id });

export const RoleGive = Assignment.extend({
  until: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .describe('Null: until somebody takes it; a protected role has an end.'),
  taken: RoleTaken.optional().describe('To undo that it was taken: it is as it was before.'),
});

export const RoleTake = Assignment.extend({
  given: RoleGiven.optional().describe('To undo that it was given: it is as it was before.'),
});

export const MailSend = z.strictObject({
  to: Id.describe('Somebody of the organization.'),
  subject: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\r\n]*$/, 'is one line'),
  text: z.string().min(1).max(20_000),
});

export const MailSent = z.object({ mailId: Id });
