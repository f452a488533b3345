import type { Entries } from './entries';
import { icalendarOf } from './icalendar';

const at = (text: string) => `2026-03-${text}:00.000Z`;
const within = { start: at('01T00:00') };
const id = '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11';
const updatedAt = at('02T08:00');
const window = { start: at('07T20:00'), end: at('08T02:00') };
const mail = { id, name: 'Mail' };
const change = {
  ...{ id, number: 'CHG0000001', title: 'Renew; restart, test', state: 'scheduled' },
  ...{ kind: 'normal' as const, riskLevel: 'low', window, services: [mail], updatedAt },
};
const none: Entries = { changes: [], freezes: [], maintenance: [] };

/** Lines without folding, of each event. */
function eventsOf(entries: Partial<Entries>): string[][] {
  const text = icalendarOf({ ...none, ...entries }, within);
  expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  const plain = text.replaceAll('\r\n ', '');
  return [...plain.matchAll(/BEGIN:VEVENT\r\n(.*?)\r\nEND:VEVENT/gs)].map(([, body = '']) =>
    body.split('\r\n'),
  );
}

describe('the change calendar as iCalendar', () => {
  it('is a calendar also with nothing in it', () => {
    const text = icalendarOf(none, within);
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-\/\/Holdfast\/\/.*\r\n/);
    expect(text).toMatch(/END:VCALENDAR(\r\n)?$/);
  });

  it('has for a change its UID, its times in UTC, when it was edited, and texts that are escaped', () => {
    const [event = []] = eventsOf({ changes: [change] });
    expect(event).toEqual(
      expect.arrayContaining([
        `UID:change-${id}`,
        'DTSTART:20260307T200000Z',
        'DTEND:20260308T020000Z',
        'DTSTAMP:20260302T080000Z',
        'LAST-MODIFIED:20260302T080000Z',
        'SUMMARY:CHG0000001 Renew\\; restart\\, test',
        'DESCRIPTION:State: scheduled\\nKind: normal\\nRisk: low\\nServices: Mail',
        'STATUS:CONFIRMED',
      ]),
    );
  });

  it.each([
    ['draft', 'TENTATIVE'],
    ['awaitingApproval', 'TENTATIVE'],
    ['implementing', 'CONFIRMED'],
    ['closed', 'CONFIRMED'],
    ['rejected', 'CANCELLED'],
    ['cancelled', 'CANCELLED'],
  ])('has a change that is %s as %s', (state, status) => {
    const [event = []] = eventsOf({ changes: [{ ...change, state }] });
    expect(event).toContain(`STATUS:${status}`);
  });

  it('folds long lines, letters of several bytes whole', () => {
    const title = 'Überprüfung der Anlagen '.repeat(12).trim();
    const [event = []] = eventsOf({ changes: [{ ...change, title }] });
    expect(event).toContain(`SUMMARY:CHG0000001 ${title}`);
  });

  it.each(['\r\n', '\n', '\r'])('keeps one line where %j would begin another property', (end) => {
    const title = `x${end}ATTENDEE:mailto:a@b.example`;
    const [event = []] = eventsOf({ changes: [{ ...change, title }] });
    expect(event.some((line) => /(^|\r)ATTENDEE/.test(line))).toBe(false);
  });

  it('has freezes, of everything or of services', () => {
    const freeze = { id, name: 'Year end', reason: 'Books.', window, services: [], updatedAt };
    const events = eventsOf({ freezes: [freeze, { ...freeze, services: [mail] }] });
    expect(events[0]).toEqual(
      expect.arrayContaining([
        `UID:freeze-${id}`,
        'SUMMARY:Freeze: Year end',
        'DESCRIPTION:Books.\\nServices: all',
      ]),
    );
    expect(events[1]).toContain('DESCRIPTION:Books.\\nServices: Mail');
  });

  it('tells the openings of a maintenance window apart, also the one that is cut', () => {
    const opening = (start: string, end: string) => ({
      ...{ id, name: 'Sundays', services: [mail], updatedAt },
      window: { start: at(start), end: at(end) },
    });
    const events = eventsOf({
      maintenance: [opening('01T00:00', '01T05:00'), opening('08T01:00', '08T05:00')],
    });
    expect(events.map((lines) => lines.find((line) => line.startsWith('UID')))).toEqual([
      `UID:maintenance-${id}-until-2026-03-01T050000000Z`,
      `UID:maintenance-${id}-2026-03-08T010000000Z`,
    ]);
    expect(events[0]).toContain('TRANSP:TRANSPARENT');
  });
});
