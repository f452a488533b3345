import { openWorld, type World } from '../harness';

let world: World;
beforeAll(async () => {
  world = await openWorld({ carries: true });
});
afterAll(() => world.close());

interface Change {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly allowed: readonly string[];
  readonly risk: { readonly score: number; readonly level: string } | null;
  readonly approval: { readonly rounds: readonly { readonly id: string }[] } | null;
  readonly authority: string | null;
}

const hour = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * hour).toISOString();

const written = {
  title: 'Renew the certificate of the mail gateway',
  description: 'The present one ends in two weeks.',
  plans: { implementation: 'Replace it.', test: 'Send a mail.', backOut: 'Put the old one back.' },
  risk: { impact: 'low', testEvidence: 'rehearsed', backOut: 'tested' },
};

async function opened(body: object = {}): Promise<Change> {
  const agent = await world.as('agent');
  const answer = await agent.post('/changes', {
    ...written,
    serviceId: world.id('service', 'Mail'),
    window: { start: inHours(-1), end: inHours(4) },
    ...body,
  });
  expect(answer.body).toMatchObject({ state: 'draft' });
  return answer.body as Change;
}

async function act(name: string, { id }: Change, action: string, body: object = {}) {
  const caller = await world.as(name);
  const answer = await caller.post(`/changes/${id}/actions/${action}`, body);
  return { status: answer.status, body: answer.body as Change };
}

async function approved(change: Change, name = 'colleague'): Promise<void> {
  const round = change.approval?.rounds.at(-1)?.id ?? '';
  const caller = await world.as(name);
  const answer = await caller.post(`/approvals/${round}/actions/approve`);
  expect(answer.body).toMatchObject({ state: 'approved' });
}

async function becomes(change: Change, state: string): Promise<Change> {
  const agent = await world.as('agent');
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await agent.get(`/changes/${change.id}`);
    const now = answer.body as Change;
    if (now.state === state) return now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${change.number} does not become ${state}`);
}

describe('a normal change', () => {
  it('goes from a draft to its end: assessed, approved by a peer, done in its window, closed', async () => {
    const change = await opened();
    expect(change.risk?.level).toBe('medium');
    await act('agent', change, 'plan', { risk: { ...written.risk } });
    await act('agent', change, 'submit');
    const asked = await act('agent', change, 'requestApproval');
    expect(asked.body).toMatchObject({ state: 'awaitingApproval' });
    await approved(asked.body, 'manager');
    await becomes(change, 'scheduled');
    expect((await act('agent', change, 'implement')).body).toMatchObject({ state: 'implementing' });
    const done = await act('agent', change, 'complete', { outcome: 'successful' });
    expect(done.body).toMatchObject({ state: 'review', outcome: 'successful' });
    expect((await act('agent', change, 'close')).body).toMatchObject({ state: 'closed' });
  });
});
