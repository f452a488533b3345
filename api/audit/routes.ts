/** What people did to the organization itself, and which rights there are. */
import { z } from 'zod';
import { toInstant } from '../../models/instant';
import type { Permission } from '../../models/users/permissions';
import { roles } from '../../models/users/actor';
import { defineListing } from '../http/list/listing';
import { readRoutes, type ListSources } from '../http/list/readable';
import { defineRoute, type Route } from '../http/route';

const facts = z.record(z.string(), z.unknown()).nullable();

const AuditEvent = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    action: z.string().meta({ examples: ['service.created'] }),
    actor: z.object({
      kind: z
        .string()
        .describe(
          '`person`; `system`: a task of a ticket, without an id; `operator`: who runs the installation, without an id.',
        ),
      id: z.uuid().nullable(),
      name: z.string(),
    }),
    address: z.string(),
    requestId: z.string(),
    target: z.object({ type: z.string(), id: z.uuid(), name: z.string() }),
    before: facts.describe('Of what there was before and after, the fields that differ.'),
    after: facts,
  })
  .meta({ id: 'AuditEvent' });

type AuditEventRow = Omit<z.infer<typeof AuditEvent>, 'at'> & { readonly at: Date };

const auditEvents = defineListing({
  name: 'audit-events',
  item: AuditEvent,
  idSql: 'a.id',
  fields: {
    at: { type: 'instant', column: 'a.at', nullable: false },
    action: { type: 'text', column: 'a.action', nullable: false },
    actor: { type: 'reference', column: 'a.actor_id' },
    address: { type: 'text', column: 'a.address', nullable: false },
    requestId: { type: 'text', column: 'a.request_id', nullable: false },
    target: { type: 'reference', column: 'a.target_id', nullable: false },
  },
  sorts: ['at'],
  defaultSort: '-at',
});

export function auditRoutes(sources: ListSources): Route[] {
  return readRoutes<AuditEventRow>(sources, {
    path: '/audit-events',
    tag: 'Administration',
    one: 'audit event',
    many: 'audit events',
    access: 'audit:read',
    listing: auditEvents,
    item: AuditEvent,
    select: `a.id, a.at, a.action, a.actor, a.address, a.request_id as "requestId", a.before, a.after,
             jsonb_build_object('type', a.target_type, 'id', a.target_id, 'name', a.target_name) as target`,
    from: 'audit_events a',
    present: ({ id, at, action, actor, address, requestId, target, before, after }) => {
      return { id, at: toInstant(at), action, actor, address, requestId, target, before, after };
    },
  });
}

export function permissionRoute(permissions: readonly Permission[]): Route {
  return defineRoute({
    method: 'get',
    path: '/permissions',
    tag: 'Administration',
    access: 'signedIn',
    summary: 'Every permission, what it allows, and the least role that has it.',
    reply: {
      status: 200,
      description: 'All of them.',
      body: z.object({
        data: z.array(z.object({ name: z.string(), description: z.string(), role: z.enum(roles) })),
      }),
    },
    handle: () => Promise.resolve({ body: { data: permissions } }),
  });
}
