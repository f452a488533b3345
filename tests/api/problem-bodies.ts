/** Bodies for problems, and for links to many, that are right, with every id that they may name. */

const reason = { reason: 'Because.' };

/** By operation; things by their kind, people by their name. */
export const problemBodies = (
  own: () => Readonly<Record<string, string>>,
  person: (name: string) => string,
): Record<string, () => object> => ({
  'post /problems': () => ({
    ...{ title: 'x', description: 'x', categoryId: own()['category'] },
    ...{ serviceId: own()['service'], requesterId: own()['person'] },
    fromIncidentIds: [own()['incident']],
  }),
  'patch /problems/{id}': () => ({ title: 'x' }),
  'post /problems/{id}/actions/assign': () => ({
    ...{ teamId: own()['team'], assigneeId: person('agent') },
  }),
  'post /problems/{id}/actions/investigate': () => ({}),
  'post /problems/{id}/actions/prioritize': () => ({ impact: 'high' }),
  'post /problems/{id}/actions/classify': () => ({
    ...{ categoryId: own()['category'], serviceId: own()['service'] },
  }),
  'post /problems/{id}/actions/declareMajor': () => reason,
  'post /problems/{id}/actions/analyse': () => ({ summary: 'x' }),
  'post /problems/{id}/actions/proposeWorkaround': () => ({ text: 'x' }),
  'post /problems/{id}/actions/publishWorkaround': () => ({}),
  'post /problems/{id}/actions/withdrawWorkaround': () => reason,
  'post /problems/{id}/actions/recordKnownError': () => ({ symptoms: 'x' }),
  'post /problems/{id}/actions/publishKnownError': () => ({}),
  'post /problems/{id}/actions/retireKnownError': () => reason,
  'post /problems/{id}/actions/startFix': () => ({}),
  'post /problems/{id}/actions/resolve': () => ended,
  'post /problems/{id}/actions/reopen': () => reason,
  'post /problems/{id}/actions/reportRecurrence': () => ({ ticketId: own()['incident'] }),
  'post /problems/{id}/actions/review': () => ({ findings: 'x' }),
  'post /problems/{id}/actions/close': () => ({}),
  'post /problems/{id}/actions/cancel': () => reason,
  'post /problems/{id}/comments': () => ({ body: 'x' }),
  'post /problems/{id}/watchers': () => ({ userId: own()['person'] }),
  'post /problems/{id}/links': () => ({ kind: 'relates', ticketId: own()['incident'] }),
  'post /problems/{id}/links/bulk': () => ({ kind: 'relates', ticketIds: [own()['incident']] }),
  'post /incidents/{id}/links/bulk': () => ({ kind: 'relates', ticketIds: [own()['approval']] }),
  'post /approvals/{id}/links/bulk': () => ({ kind: 'relates', ticketIds: [own()['incident']] }),
  'post /changes/{id}/links/bulk': () => ({ kind: 'relates', ticketIds: [own()['incident']] }),
});

/** A problem of its own that can come again. */
export const ended = { code: 'duplicate', notes: 'x' };
