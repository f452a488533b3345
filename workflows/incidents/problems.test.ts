import type { ProblemEnd } from '../../models/problems/beside';
import type { Settings } from '../../models/organizations/settings';
import type { Linked } from '../../models/tickets/links';
import { aContext, aFact, anIncidentIn, eventsOf, goOn, later } from '../../tests/factories';
import { noticesOf, people, tell, uuid } from '../../tests/factories';

const problemId = uuid(401);
const linked = (more: Partial<Linked> = {}): Linked => ({
  ...{ kind: 'causedBy', id: problemId, type: 'problem', number: 'PRB0000001' },
  ...{ state: 'resolved', hasEnded: true },
  ...more,
});
const fixed: ProblemEnd = {
  resolution: { code: 'fixed', notes: 'The backup moved.' },
  hasWorkaround: false,
};
const beside = (
  links: readonly Linked[],
  end: ProblemEnd = fixed,
  settings: Partial<Settings> = {},
) => aContext({ settings, links: () => links, own: () => end });
const turned = (name: string, { kind, id: ticketId }: Pick<Linked, 'kind' | 'id'> = linked()) =>
  aFact(name, { kind, ticketId, byId: people.colleague.id }, { occurredAt: later({ hours: 2 }) });
const held = (reason = 'problem') =>
  tell(anIncidentIn('inProgress'), [aFact('hold', { reason })]).ticket;
const suggestion = { code: 'solved', notes: 'The backup moved.', problemId };

describe('a workaround of a problem', () => {
  const heard = (more: object = {}) =>
    aFact(
      'workaroundPublished',
      {
        ...{ problemId, version: 1, text: 'Restart it.', isPublic: true },
        ...{ byId: people.colleague.id, ...more },
      },
      { occurredAt: later({ hours: 2 }) },
    );
  const links = [linked({ state: 'investigating', hasEnded: false })];

  it('becomes a comment of whoever published it, and is known', () => {
    const so = tell(anIncidentIn('inProgress'), [heard()], beside(links));
    expect(so.happenings[0]?.owed.comments).toEqual([
      {
        body: 'There is a workaround (PRB0000001):\n\nRestart it.',
        ...{ isPublic: true, authorId: people.colleague.id },
      },
    ]);
    expect(so.ticket.details['workarounds']).toEqual([{ problemId, version: 1 }]);
    expect(noticesOf(so).map(([to]) => to)).toEqual(['requester', 'watchers', 'assignee']);
  });

  it('that is not public is for whoever has it', () => {
    const so = tell(anIncidentIn('inProgress'), [heard({ isPublic: false })], beside(links));
    expect(noticesOf(so)).toEqual([['assignee', 'workaroundPublished']]);
    expect(so.happenings[0]?.events[0]?.visibility).toBe('internal');
  });

  it('is heard once a version, and an older one that comes late not at all', () => {
    const facts = [heard(), heard(), heard({ version: 3 }), heard({ version: 2 })];
    const so = tell(anIncidentIn('inProgress'), facts, beside(links));
    expect(eventsOf(so)).toEqual(['workaroundPublished', 'workaroundPublished']);
    expect(so.ticket.details['workarounds']).toEqual([{ problemId, version: 3 }]);
  });

  it('is not heard from a problem that causes it no more', () => {
    expect(eventsOf(tell(anIncidentIn('new'), [heard()], beside([])))).toEqual([]);
  });
});

describe('the end of a problem', () => {
  const end = turned('linkedEnded');

  it('lets an incident that was held for it go on, with a suggestion', () => {
    const so = tell(held(), [end], beside([linked()]));
    expect(so.ticket).toMatchObject({
      ...{ state: 'inProgress', details: { hold: null, suggestedResolution: suggestion } },
    });
    expect(eventsOf(so)).toEqual(['resolutionSuggested', 'resumed']);
    expect(noticesOf(so)).toEqual([['assignee', 'problemResolved']]);
  });

  it('suggests it to one that is worked on, and leaves a hold for others alone', () => {
    const working = tell(anIncidentIn('inProgress'), [end], beside([linked()]));
    expect(working.ticket).toMatchObject({
      ...{ state: 'inProgress', details: { suggestedResolution: suggestion } },
    });
    expect(tell(held('vendor'), [end], beside([linked()])).ticket.state).toBe('onHold');
  });

  it.each<[string, ProblemEnd, string | undefined]>([
    ['lived with, with a workaround', { ...fixed, hasWorkaround: true }, 'workaround'],
    ['lived with, without one', fixed, undefined],
    ['cancelled', { resolution: null, hasWorkaround: true }, undefined],
  ])('that was %s', (_, given, code) => {
    const resolution = given.resolution && { code: 'riskAccepted', notes: 'Too dear.' };
    const so = tell(held(), [end], beside([linked()], { ...given, resolution }));
    expect(so.ticket.state).toBe('inProgress');
    expect((so.ticket.details['suggestedResolution'] as { code?: string } | null)?.code).toBe(code);
    if (code === undefined) expect(noticesOf(so)).toEqual([['assignee', 'resumed']]);
  });

  it('resolves it where the organization says so, unless something else blocks it', () => {
    const settings = { problemResolvesIncidents: true };
    const so = tell(held(), [end], beside([linked()], fixed, settings));
    expect(so.ticket).toMatchObject({
      ...{ state: 'resolved', details: { resolution: { code: 'solved', byId: null } } },
    });
    const blocked = [linked(), linked({ kind: 'blockedBy', id: uuid(402), hasEnded: false })];
    expect(tell(held(), [end], beside(blocked, fixed, settings)).ticket.state).toBe('inProgress');
    const free = tell(anIncidentIn('new'), [end], beside([linked()], fixed, settings));
    expect(free.ticket.state).toBe('new');
  });

  it('that was taken back since says nothing, and is told when it is heard', () => {
    const open = beside([linked({ state: 'investigating', hasEnded: false })]);
    expect(eventsOf(tell(held(), [end], open))).toEqual([]);
    const gone = tell(held(), [end], beside([linked()]));
    const back = goOn(gone, [turned('linkedReopened')], open);
    expect(back.ticket).toMatchObject({
      ...{ state: 'inProgress', details: { suggestedResolution: suggestion } },
    });
    expect(eventsOf(back).at(-1)).toBe('problemReopened');
  });
});

describe('the end of a change', () => {
  const change = (kind: string) =>
    linked({ kind, id: uuid(403), type: 'change', number: 'CHG0000001', state: 'review' });

  it.each(['fixedBy', 'blockedBy'])('%s lets an incident that was held for one go on', (kind) => {
    const so = tell(held('change'), [turned('linkedEnded', change(kind))], beside([change(kind)]));
    expect([so.ticket.state, eventsOf(so)]).toEqual(['inProgress', ['resumed']]);
  });

  it('that has caused it frees nothing', () => {
    const by = change('causedBy');
    const so = tell(held('change'), [turned('linkedEnded', by)], beside([by]));
    expect(so.ticket.state).toBe('onHold');
  });
});
