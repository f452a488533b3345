/**
 * Asks the library opening_hours, which knows no other zone than that of its process: a process of its own,
 * so that nothing else sees the zone change. Cases as JSON on stdin, answers on stdout.
 */
import process from 'node:process';
import { text } from 'node:stream/consumers';
import OpeningHours from 'opening_hours';

const cases = JSON.parse(await text(process.stdin));
const answers = cases.map(({ timezone, rule, from, to, at }) => {
  process.env.TZ = timezone;
  const hours = new OpeningHours(rule);
  const [begin, end] = [new Date(from), new Date(to)];
  return {
    intervals: hours.getOpenIntervals(begin, end).map(([opens, closes]) => [opens, closes]),
    openMs: hours.getOpenDuration(begin, end)[0],
    states: at.map((one) => hours.getState(new Date(one))),
  };
});
process.stdout.write(JSON.stringify(answers));
