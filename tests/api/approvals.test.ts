import { openWorld, type World } from '../harness';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

interface Round {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly allowed: readonly string[];
  readonly awaited: readonly { readonly id: string }[];
  readonly votes: readonly Readonly<Record<string, unknown>>[];
  readonly outcome: Readonly<Record<string, unknown>> | null;
}

async function opened(body: object = {}): Promise<Round> {
  const agent = await world.as('agent');
  const answer = await agent.post('/approvals', {
    title: 'A second monitor',
    description: '240 EUR',
    approvers: ['manager', 'colleague'].map((name) => ({
      kind: 'person',
      id: world.id('person', name),
    })),
    ...body,
  });
  expect(answer.status).toBe(201);
  return answer.body as Round;
}

describe('a round of approval', () => {
  it('waits in the inbox of each approver until they have answered, and ends with the last answer', async () => {
    const round = await opened();
    expect(round.awaited).toHaveLength(2);
    const manager = await world.as('manager');
    const inbox = async () => {
      const page = await manager.get('/approvals?filter[approver]=me');
      return (page.body as { data: Round[] }).data.map(({ id }) => id);
    };
    expect(await inbox()).toEqual([round.id]);
    const first = await manager.post(`/approvals/${round.id}/actions/approve`, { comment: 'Yes.' });
    expect(first.body).toMatchObject({ state: 'pending' });
    expect(first.status).toBe(200);
    expect(await inbox()).toEqual([]);
    const colleague = await world.as('colleague');
    const last = await colleague.post(`/approvals/${round.number}/actions/approve`);
    expect(last.body).toMatchObject({
      state: 'approved',
      awaited: [],
      outcome: { result: 'approved', reason: 'quorum' },
      votes: [{ answer: 'approve', comment: 'Yes.', via: 'api' }, { answer: 'approve' }],
    });
  });
});
