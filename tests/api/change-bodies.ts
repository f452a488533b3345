/** Bodies for changes and meetings of boards that are right, with every id that they may name. */

const reason = { reason: 'Because.' };
const meeting = () => ({ startsAt: '2090-01-01T00:00:00Z' });

/** By operation; things by their kind, people by their name. */
export const changeBodies = (
  own: () => Readonly<Record<string, string>>,
  person: (name: string) => string,
): Record<string, () => object> => ({
  'post /changes': () => ({
    ...{ title: 'x', description: 'x', categoryId: own()['category'], templateId: null },
    ...{ serviceId: own()['service'], serviceIds: [own()['service']], boardId: own()['board'] },
    requesterId: own()['person'],
  }),
  'patch /changes/{id}': () => ({ title: 'x' }),
  'post /changes/{id}/actions/assign': () => ({
    teamId: own()['team'],
    assigneeId: person('agent'),
  }),
  'post /changes/{id}/actions/plan': () => ({
    serviceIds: [own()['service']],
    boardId: own()['board'],
  }),
  'post /changes/{id}/actions/submit': () => ({}),
  'post /changes/{id}/actions/requestApproval': () => ({}),
  'post /changes/{id}/actions/revise': () => ({}),
  'post /changes/{id}/actions/reject': () => reason,
  'post /changes/{id}/actions/addTask': () => ({
    title: 'x',
    assigneeId: person('agent'),
  }),
  'post /changes/{id}/actions/completeTask': () => ({ taskId: own()['change'] }),
  'post /changes/{id}/actions/dropTask': () => ({ taskId: own()['change'] }),
  'post /changes/{id}/actions/implement': () => ({}),
  'post /changes/{id}/actions/backOut': () => reason,
  'post /changes/{id}/actions/complete': () => ({ outcome: 'successful' }),
  'post /changes/{id}/actions/review': () => ({ findings: 'x' }),
  'post /changes/{id}/actions/close': () => ({}),
  'post /changes/{id}/actions/cancel': () => reason,
  'post /changes/{id}/comments': () => ({ body: 'x' }),
  'post /changes/{id}/watchers': () => ({ userId: own()['person'] }),
  'post /boards/{id}/meetings': meeting,
  'patch /meetings/{id}': meeting,
  'post /meetings/{id}/actions/hold': () => ({ minutes: 'x' }),
  'post /meetings/{id}/actions/decide': () => ({
    attendeeIds: [person('manager')],
    decisions: [{ approvalId: own()['approval'], result: 'approved' }],
  }),
});
