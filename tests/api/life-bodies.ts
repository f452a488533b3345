/** Bodies for every operation on incidents and approvals, right but for the ids that go in. */

const reason = { reason: 'Because.' };

export function lifeBodies(
  own: () => Record<string, string>,
  person: (name: string) => string,
): Record<string, () => object> {
  return {
    'post /incidents': () => ({
      ...{ title: 'x', description: 'x', impact: 'low', urgency: 'low' },
      ...{
        serviceId: own()['service'],
        categoryId: own()['category'],
        requesterId: own()['person'],
      },
    }),
    'patch /incidents/{id}': () => ({ title: 'x' }),
    'post /incidents/{id}/actions/assign': () => ({
      teamId: own()['team'],
      assigneeId: person('agent'),
    }),
    'post /incidents/{id}/actions/start': () => ({}),
    'post /incidents/{id}/actions/hold': () => ({ reason: 'vendor' }),
    'post /incidents/{id}/actions/resume': () => ({}),
    'post /incidents/{id}/actions/prioritize': () => ({ impact: 'high' }),
    'post /incidents/{id}/actions/classify': () => ({
      categoryId: own()['category'],
      serviceId: own()['service'],
    }),
    'post /incidents/{id}/actions/escalate': () => ({ kind: 'functional', teamId: own()['team'] }),
    'post /incidents/{id}/actions/deescalate': () => reason,
    'post /incidents/{id}/actions/acknowledge': () => ({}),
    'post /incidents/{id}/actions/declareMajor': () => ({
      ...reason,
      coordinatorId: person('agent'),
    }),
    'post /incidents/{id}/actions/coordinate': () => ({ coordinatorId: person('agent') }),
    'post /incidents/{id}/actions/postUpdate': () => ({ body: 'x' }),
    'post /incidents/{id}/actions/reviewMajor': () => ({ findings: 'x' }),
    'post /incidents/{id}/actions/standDownMajor': () => reason,
    'post /incidents/{id}/actions/resolve': () => ({ code: 'solved', notes: 'x' }),
    'post /incidents/{id}/actions/reopen': () => reason,
    'post /incidents/{id}/actions/close': () => ({}),
    'post /incidents/{id}/actions/cancel': () => reason,
    'post /incidents/{id}/comments': () => ({ body: 'x' }),
    'post /incidents/{id}/watchers': () => ({ userId: own()['person'] }),
    'post /approvals': () => ({
      ...{ title: 'x', description: 'x', approvers: [{ kind: 'role', id: 'manager' }] },
      ...{
        subjectId: own()['incident'],
        requesterId: own()['person'],
        serviceId: own()['service'],
      },
      ...{ barredIds: [own()['person']], categoryId: null },
    }),
    'patch /approvals/{id}': () => ({ title: 'x' }),
    'post /approvals/{id}/actions/approve': () => ({}),
    'post /approvals/{id}/actions/reject': () => ({}),
    'post /approvals/{id}/actions/abstain': () => ({}),
    'post /approvals/{id}/actions/ask': () => ({ comment: 'x' }),
    'post /approvals/{id}/actions/remind': () => ({}),
    'post /approvals/{id}/actions/recall': () => reason,
    'post /approvals/{id}/actions/recordDecision': () => ({
      ...{ result: 'approved', attendeeIds: [own()['person']] },
    }),
    'post /approvals/{id}/comments': () => ({ body: 'x' }),
    'post /incidents/{id}/links': () => ({ kind: 'relates', ticketId: own()['approval'] }),
    'post /approvals/{id}/links': () => ({ kind: 'relates', ticketId: own()['incident'] }),
    'post /changes/{id}/links': () => ({ kind: 'relates', ticketId: own()['incident'] }),
    'post /approvals/{id}/watchers': () => ({ userId: own()['person'] }),
  };
}
