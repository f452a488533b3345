/** Bodies for every operation on SLA policies, right but for the ids that go in. */

/** A policy that promises a response to every ticket. */
export const policyBody = (calendarId = '') => ({
  name: `Policy ${Math.random()}`,
  rules: [{ name: 'All', targets: [response(calendarId)] }],
});

export const response = (calendarId: string) => ({
  ...{ id: 'response', kind: 'SLA', metric: 'firstResponse', targetSeconds: 900 },
  calendar: { calendarId },
});

export function policyBodies(own: () => Record<string, string>): Record<string, () => object> {
  const body = () => policyBody(own()['calendar']);
  return {
    'post /sla-policies': body,
    'patch /sla-policies/{id}': body,
    'post /sla-policies/{id}/actions/publish': () => ({}),
    'post /sla-policies/{id}/dry-run': () => ({
      from: '2026-01-01T00:00:00Z',
      until: '2026-02-01T00:00:00Z',
    }),
    'post /sla-policies/{id}/actions/withdraw': () => ({}),
    'post /sla-policies/{id}/actions/retire': () => ({}),
  };
}
