/** What links do, told with incidents; a change that has caused some is in workflows/changes. */
import {
  aContext,
  aFact,
  anIncident,
  anIncidentIn,
  eventsOf,
  later,
  people,
  refusalOf,
  tell,
  uuid,
  type IncidentState,
} from '../../tests/factories';
import { holdfast, type Fact } from './fact';
import type { LinkInput } from './linking';
import type { Linked, LinkTurned } from './links';

const otherId = uuid(901);

function linked(change: Partial<Linked> = {}): Linked {
  return {
    ...{ kind: 'duplicates', id: otherId, type: 'incident', number: 'INC0000007' },
    ...{ state: 'resolved', hasEnded: true },
    ...change,
  };
}

const knowing = (...links: readonly Linked[]) => aContext({ links: () => links });

const link = (input: Partial<LinkInput> = {}): LinkInput => ({
  ...{ kind: 'duplicates', ticketId: otherId, type: 'incident', number: 'INC0000007' },
  ...{ isConfidential: false, ...input },
});

const turned = (name: string, input: Partial<LinkTurned> = {}): Fact =>
  aFact(
    name,
    { kind: 'duplicates', ticketId: otherId, byId: people.colleague.id, ...input },
    { actor: holdfast, occurredAt: later({ hours: 2 }) },
  );

describe('a link', () => {
  it('leaves a line, a row and a message to the other end, in the name of whoever made it', () => {
    const told = tell(anIncident(), [aFact('linked', link())]);
    const [happening] = told.happenings;
    expect(happening?.events).toMatchObject([
      { type: 'linked', visibility: 'internal', data: { kind: 'duplicates', ticketId: otherId } },
    ]);
    expect(happening?.owed.links).toEqual([{ did: 'linked', kind: 'duplicates', otherId }]);
    expect(happening?.owed.messages).toMatchObject([
      {
        ...{ ticketId: otherId, name: 'linkedBack', actor: people.agent },
        input: { kind: 'duplicatedBy', ticketId: told.ticket.id },
      },
    ]);
  });

  it('that came from the other end leaves a line and no more', () => {
    const told = tell(anIncident(), [aFact('linkedBack', link({ kind: 'duplicatedBy' }))]);
    expect(eventsOf(told)).toEqual(['linked']);
    expect(told.happenings[0]?.owed).toMatchObject({ links: [], messages: [] });
    expect(told.happenings[0]?.turned).toBeUndefined();
  });

  it('does not name a confidential ticket in the feed', () => {
    const told = tell(anIncident(), [aFact('linked', link({ isConfidential: true }))]);
    expect(told.happenings[0]?.events[0]?.data).toEqual({ kind: 'duplicates' });
  });

  it('says that something is a duplicate only of the same type', () => {
    const attempt = () => tell(anIncident(), [aFact('linked', link({ type: 'change' }))]);
    expect(refusalOf(attempt).code).toBe('invalid_input');
  });
});

describe('a ticket that others follow', () => {
  const turnsOf = (state: IncidentState, facts: readonly Fact[]) =>
    tell(anIncidentIn(state), facts).happenings.map(({ turned: turn }) => turn);
  const resolve = aFact('resolve', { code: 'solved', notes: 'Restarted.' });
  const at = { occurredAt: later({ hours: 2 }) };

  it('tells them when it is resolved, and when it is closed those that wait for that', () => {
    expect(turnsOf('inProgress', [resolve, aFact('close', {}, at)])).toEqual([
      { name: 'linkedEnded', moments: ['end'], byId: people.agent.id },
      { name: 'linkedEnded', moments: ['closure'], byId: people.agent.id },
    ]);
  });

  it('tells them when it is reopened or cancelled', () => {
    const reopen = aFact('reopen', { reason: 'No.' }, at);
    const cancel = aFact('cancel', { reason: 'No.' }, at);
    expect(turnsOf('resolved', [reopen]).map((turn) => turn?.name)).toEqual(['linkedReopened']);
    expect(turnsOf('new', [cancel]).map((turn) => turn?.name)).toEqual(['linkedEnded']);
  });

  it('tells one that is linked to it after its end', () => {
    expect(turnsOf('closed', [aFact('linkedBack', link({ kind: 'duplicatedBy' }), at)])).toEqual([
      {
        ...{ name: 'linkedEnded', moments: ['end', 'closure'] },
        ...{ byId: people.agent.id, only: otherId },
      },
    ]);
  });

  it('passes on along a chain who it was', () => {
    const [happening] = tell(
      anIncidentIn('inProgress'),
      [turned('linkedEnded')],
      knowing(linked()),
    ).happenings;
    expect(happening?.turned?.byId).toBe(people.colleague.id);
  });
});

describe('a duplicate', () => {
  it('is resolved with its original, with a code and a public comment of who resolved that', () => {
    const told = tell(anIncidentIn('inProgress'), [turned('linkedEnded')], knowing(linked()));
    expect(told.ticket).toMatchObject({
      state: 'resolved',
      details: { resolution: { code: 'duplicate', byId: null } },
    });
    expect(eventsOf(told)).toEqual(['resolved', 'commented']);
    expect(told.happenings[0]?.owed.comments).toMatchObject([
      {
        ...{ isPublic: true, authorId: people.colleague.id },
        body: expect.stringContaining('INC0000007') as string,
      },
    ]);
  });

  it.each<[string, IncidentState, Linked[]]>([
    ['is no duplicate any more', 'inProgress', []],
    ['has a link of another kind', 'inProgress', [linked({ kind: 'relates' })]],
    ['hears of an end that was taken back', 'inProgress', [linked({ hasEnded: false })]],
    ['has an original that was cancelled', 'inProgress', [linked({ state: 'cancelled' })]],
  ])('stays as it is when it %s', (_, state, links) => {
    const before = anIncidentIn(state);
    const told = tell(before, [turned('linkedEnded')], knowing(...links));
    expect([told.ticket.state, eventsOf(told)]).toEqual([before.state, []]);
  });

  it.each<[string, IncidentState]>([
    ['linkedEnded', 'resolved'],
    ['linkedReopened', 'closed'],
    ['linkedEnded', 'closed'],
  ])('has nothing to do with %s when it is %s', (name, state) => {
    const attempt = () => tell(anIncidentIn(state), [turned(name)], knowing(linked()));
    expect(refusalOf(attempt).code).toBe('invalid_transition');
  });

  it('stays resolved when its original was reopened and resolved again', () => {
    const ended = tell(anIncidentIn('inProgress'), [turned('linkedEnded')], knowing(linked()));
    const told = tell(ended.ticket, [turned('linkedReopened')], knowing(linked()));
    expect([told.ticket.state, eventsOf(told)]).toEqual(['resolved', []]);
  });

  it('does not name a confidential original', () => {
    const told = tell(
      anIncidentIn('new'),
      [turned('linkedEnded')],
      knowing(linked({ number: null })),
    );
    expect(JSON.stringify(told.happenings)).not.toContain('INC0000007');
  });

  it('is reopened with its original when it was resolved with it', () => {
    const ended = tell(anIncidentIn('inProgress'), [turned('linkedEnded')], knowing(linked()));
    const open = knowing(linked({ state: 'inProgress', hasEnded: false }));
    const told = tell(ended.ticket, [turned('linkedReopened')], open);
    expect(told.ticket).toMatchObject({ state: 'inProgress', details: { reopenCount: 1 } });
    expect(eventsOf(told)).toEqual(['reopened']);
  });

  it('keeps a resolution of its own', () => {
    const open = knowing(linked({ state: 'inProgress', hasEnded: false }));
    const told = tell(anIncidentIn('resolved'), [turned('linkedReopened')], open);
    expect([told.ticket.state, eventsOf(told)]).toEqual(['resolved', []]);
  });
});

describe('what blocks', () => {
  const resolve = aFact('resolve', { code: 'solved', notes: 'Restarted.' });
  const blocker = linked({ kind: 'blockedBy', number: 'CHG0000003', hasEnded: false });
  const attempt = (...links: readonly Linked[]) =>
    refusalOf(() => tell(anIncidentIn('inProgress'), [resolve], knowing(...links)));

  it('forbids what is declared as long as it is open, and is named', () => {
    expect(attempt(blocker)).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('CHG0000003') as string,
      details: { links: [{ kind: 'blockedBy', number: 'CHG0000003' }] },
    });
    expect(attempt({ ...blocker, number: null }).message).toContain('a confidential ticket');
  });

  it('forbids nothing when it has ended, and nothing else', () => {
    const free = [{ ...blocker, hasEnded: true }, linked({ kind: 'blocks', hasEnded: false })];
    const told = tell(anIncidentIn('inProgress'), [resolve], knowing(...free));
    expect(told.ticket.state).toBe('resolved');
    const held = tell(
      anIncidentIn('inProgress'),
      [aFact('hold', { reason: 'vendor' })],
      knowing(blocker),
    );
    expect(held.ticket.state).toBe('onHold');
  });
});
