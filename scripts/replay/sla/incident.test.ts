import { readLog } from '../uci/log-row';
import { incidentsOf } from './incident';

const head =
  'number,incident_state,sys_mod_count,made_sla,caller_id,opened_at,sys_updated_by,sys_updated_at,category,cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,closed_code,resolved_by,resolved_at,closed_at';
const rowOf = (count: number, mark: string, at: string, priority: string) =>
  `INC1,${count === 0 ? 'New' : 'Closed'},${count},${mark},Caller 1,29-02-2016 10:00,Somebody,${at},?,?,?,?,${priority},?,?,?,?,?,21-08-2016 18:58`;
const log = [
  head,
  rowOf(0, 'TRUE', '29-02-2016 10:05', '2 - High'),
  rowOf(2, 'TRUE', '08-03-2016 17:00', '3 - Moderate'),
  rowOf(3, 'FALSE', '21-08-2016 18:58', '3 - Moderate'),
].join('\n');

describe('an incident of the log', () => {
  const [incident] = incidentsOf(readLog(log));

  it('has the instants of its last row, and that of the first row that closes it', () => {
    expect(incident).toMatchObject({
      openedAt: '2016-02-29T10:00:00.000Z',
      resolvedAt: null,
      firstClosedAt: '2016-03-08T17:00:00.000Z',
      closedAt: '2016-08-21T18:58:00.000Z',
    });
  });

  it('has priority and mark of its last row, and those of every row', () => {
    expect(incident).toMatchObject({ priority: 'P3', isMet: false });
    expect(incident?.turns.map(({ priority, isMet }) => [priority, isMet])).toEqual([
      ['P2', true],
      ['P3', true],
      ['P3', false],
    ]);
  });

  it.each([
    ['a mark that is neither', log.replace('TRUE', 'PERHAPS'), /Row 1 .*made_sla/s],
    [
      'an instant that is none',
      log.replace('29-02-2016 10:00,', '30-02-2016 10:00,'),
      /30-02-2016/,
    ],
    ['no priority', log.replace('2 - High', '?'), /Row 1 of the log has no priority/],
  ])('is refused with %s', (_, bad, why) => {
    expect(() => incidentsOf(readLog(bad))).toThrow(why);
  });
});
