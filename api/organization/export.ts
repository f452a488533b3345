/** All that an organization has, for its administrator to take along: line by line, as it is read. */
import { recordAct } from '../../models/audit/record';
import type { AttachmentStore } from '../../models/attachments/store';
import type { Database } from '../../models/database';
import { Refusal } from '../../models/errors';
import { exportOrganization } from '../../models/organizations/export';
import { doerOf } from '../http/request';
import { defineRoute, type Route } from '../http/route';

export interface ExportSources {
  readonly database: Pick<Database, 'inOrganization' | 'inSnapshot' | 'once'>;
  /** Absent: there are no files. */
  readonly store?: AttachmentStore | undefined;
}

const media = 'application/x-ndjson';
/** Of one process, and one of each organization: each holds a connection as long as it takes. */
const mostAtOnce = 2;

export function exportRoute({ database, store }: ExportSources): Route {
  const running = new Set<string>();
  return defineRoute({
    method: 'post',
    path: '/organization/actions/export',
    tag: 'Administration',
    access: 'organization:export',
    secret: true,
    freshFactor: true,
    summary: 'Take a copy of all that my organization has.',
    description:
      'Lines of JSON, all of one instant: a header, each row with its table, then the files of tickets in ' +
      'pieces of Base64 (`file`, `piece`), at last the counts. An answer ' +
      'without that last line is not whole. Passwords, sessions, tokens, second factors and mails stay here. ' +
      'Everything else is in it, also what the caller could not see otherwise.',
    reply: { status: 200, description: 'The copy.', media },
    handle: async ({ actor, request }) => {
      const { organizationId: id, organizationSlug: slug } = actor;
      refuseBusy(running, id);
      running.add(id);
      try {
        // On record before anybody has a line of it; so the copy knows of itself, too.
        await database.inOrganization(id, (tx) =>
          recordAct(tx, doerOf({ actor, request }), {
            action: 'organization.exported',
            target: { type: 'organization', id, name: slug },
          }),
        );
      } catch (error) {
        running.delete(id);
        throw error;
      }
      return {
        headers: { 'Content-Disposition': `attachment; filename="${slug}.ndjson"` },
        stream: async (write) => {
          try {
            await exportOrganization({ database, store }, { id, slug }, (lines) =>
              write(lines.map((line) => `${line}\n`).join('')),
            );
          } finally {
            running.delete(id);
          }
        },
      };
    },
  });
}

function refuseBusy(running: ReadonlySet<string>, id: string): void {
  if (running.has(id))
    throw new Refusal('conflict', 'A copy is being taken at this moment: wait until it is done.');
  if (running.size < mostAtOnce) return;
  throw new Refusal('unavailable', 'Others take their copies at this moment: repeat it later.', {
    retryAfterSeconds: 60,
  });
}
