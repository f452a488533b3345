/** An incident that follows another one, as a duplicate or as a part. */
import type { Leader } from '../../models/incidents/leader';
import { commentIdOf } from '../../models/tickets/identity';
import type { Linked } from '../../models/tickets/links';
import type { Ticket } from '../../models/tickets/ticket';
import {
  aContext,
  aFact,
  anIncident,
  anIncidentIn,
  eventsOf,
  later,
  noticesOf,
  people,
  tell,
  uuid,
} from '../../tests/factories';

const leaderId = uuid(71);
const usual: Leader = { code: 'workaround', update: null };
const following = (kind: 'parent' | 'duplicates', other: Partial<Linked> = {}, leader = usual) =>
  aContext({
    links: () => [
      {
        ...{ kind, id: leaderId, type: 'incident', number: 'INC0000007' },
        ...{ state: 'resolved', hasEnded: true, ...other },
      },
    ],
    own: () => leader,
  });
const ended = (kind: string, byId: string | null = null) =>
  aFact('linkedEnded', { kind, ticketId: leaderId, byId });
const goesOn = (kind: string) => aFact('linkedReopened', { kind, ticketId: leaderId, byId: null });
const open = { state: 'inProgress', hasEnded: false };

describe.each(['parent', 'duplicates'] as const)('an incident that follows its %s', (kind) => {
  const resolved = (ticket: Ticket = anIncident()) =>
    tell(ticket, [ended(kind)], following(kind)).ticket;

  it('is resolved with it, and says so in the name of whoever did it', () => {
    const fact = ended(kind, people.colleague.id);
    const told = tell(anIncidentIn('onHold'), [fact], following(kind));
    const word = kind === 'parent' ? 'a part' : 'a duplicate';
    const notes = `This is ${word} of INC0000007, which was resolved.`;
    const code = kind === 'parent' ? 'workaround' : 'duplicate';
    expect(told.ticket).toMatchObject({
      state: 'resolved',
      details: { hold: null, resolution: { code, notes, byId: null, followedId: leaderId } },
    });
    expect(told.happenings[0]?.owed.comments).toEqual([
      { body: notes, isPublic: true, authorId: people.colleague.id },
    ]);
  });

  it('is reopened with it', () => {
    const told = tell(resolved(), [goesOn(kind)], following(kind, open));
    expect(told.ticket.state).toBe('assigned');
    const reason = kind === 'parent' ? 'parent' : 'original';
    expect(told.happenings[0]?.events[0]?.data).toMatchObject({ reason, [reason]: 'INC0000007' });
  });

  it.each([
    ['one that somebody resolved', () => anIncidentIn('resolved')],
    [
      'one that was resolved with another one',
      () => tell(anIncident(), [ended(kind)], following(kind)).ticket,
    ],
  ])('keeps its own resolution: %s', (_, ticket) => {
    const otherId = uuid(72);
    const fact = aFact('linkedReopened', { kind, ticketId: otherId, byId: null });
    const told = tell(ticket(), [fact], following(kind, { ...open, id: otherId }));
    expect(told.ticket.state).toBe('resolved');
    expect(eventsOf(told)).toEqual([]);
  });

  it.each<[string, Partial<Linked>]>([
    ['was cancelled', { state: 'cancelled' }],
    ['is none any more', { id: uuid(72) }],
    ['is a change', { type: 'change' }],
    ['goes on by now', open],
  ])('stays open when the other one %s', (_, other) => {
    const told = tell(anIncident(), [ended(kind)], following(kind, other));
    expect([told.ticket.state, eventsOf(told)]).toEqual(['new', []]);
  });

  it('does not name one that is confidential', () => {
    const { ticket } = tell(anIncident(), [ended(kind)], following(kind, { number: null }));
    expect(JSON.stringify(ticket.details)).toContain('of another incident, which was resolved.');
  });
});

describe('a part', () => {
  it.each([
    ['solved', null],
    ['solved', 'duplicate'],
    ['solved', 'noAnswer'],
    ['noFault', 'noFault'],
  ])('is resolved as %s when its parent was as %s', (code, given) => {
    const context = following('parent', {}, { ...usual, code: given });
    const { ticket } = tell(anIncident(), [ended('parent')], context);
    expect(ticket.details).toMatchObject({ resolution: { code } });
  });
});

describe('a duplicate that was resolved before version 3', () => {
  it('is reopened with its original still', () => {
    const resolution = { code: 'duplicate', notes: 'As INC0000007.', byId: null };
    const stored = anIncidentIn('resolved');
    const ticket = { ...stored, details: { ...stored.details, resolution } };
    const of = (kind: 'parent' | 'duplicates') =>
      tell(ticket, [goesOn(kind)], following(kind, open)).ticket.state;
    expect([of('duplicates'), of('parent')]).toEqual(['inProgress', 'resolved']);
  });
});

describe('an update of the parent', () => {
  const update = { at: later({ hours: 1 }), body: 'Half of it works.', authorId: people.agent.id };
  const heard = (at = update.at) =>
    following('parent', open, { ...usual, update: { ...update, at } });
  const message = () => aFact('parentUpdated', { ticketId: leaderId });

  it('is a public comment in the name of whoever wrote it, told to requester and watchers', () => {
    const fact = message();
    const told = tell(anIncident(), [fact], heard());
    expect(told.happenings[0]?.owed.comments).toEqual([
      {
        body: 'INC0000007, of which this is a part: Half of it works.',
        ...{ isPublic: true, authorId: people.agent.id },
      },
    ]);
    expect(noticesOf(told)).toEqual([
      ['requester', 'commented'],
      ['watchers', 'commented'],
    ]);
    expect(told.happenings[0]?.events).toMatchObject([
      { type: 'commented', data: { commentId: commentIdOf(told.ticket.id, fact.cause) } },
    ]);
  });

  it('is no answer to what its requester wrote', () => {
    expect(tell(anIncident(), [message()], heard()).ticket.answeredAt).toBeNull();
  });

  it('is heard once, however often it is told; a newer one is heard, too', () => {
    const once = tell(anIncident(), [message(), message()], heard());
    expect(eventsOf(once)).toEqual(['commented']);
    const newer = heard(later({ hours: 2 }));
    expect(eventsOf(tell(once.ticket, [message()], newer))).toEqual(['commented']);
  });

  it.each([
    ['by one that is a part no more', following('duplicates', open, { ...usual, update })],
    ['when there is none, or not for everybody', following('parent', open)],
  ])('is not heard %s', (_, context) => {
    expect(eventsOf(tell(anIncident(), [message()], context))).toEqual([]);
  });
});
