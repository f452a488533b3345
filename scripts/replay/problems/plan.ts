/** What to say to Holdfast so that a problem becomes what a row of the log says. Pure. */
import type { Kept, LogRow } from '../log-row';
import { isFinal, type Place } from '../place';
import { agents, assigning, type Command, type Directory, type Rules, type Seen } from '../plan';
import { placeOfProblem } from './place';

export function openingOf(
  { ticket, kept, opening }: LogRow,
  directory: Directory,
): Command['body'] {
  const { service } = opening;
  return {
    title: `${ticket} of the log`,
    description: `Replayed from an audit log: ${service ?? 'no product'}.`,
    impact: kept.impact ?? 'medium',
    urgency: kept.urgency ?? 'medium',
    serviceId: directory.service(service),
    channel: 'import',
  };
}

/** Who has it, and that it is a major one; the log changes neither impact nor product of a problem. */
export function fieldCommands(
  before: Kept,
  { kept, opening }: LogRow,
  seen: Seen,
  { directory }: Rules,
): Command[] {
  const isSame = before.team === kept.team && before.assignee === kept.assignee;
  return [
    ...(opening.isMajor && !seen.isMajor ? [declaringMajor] : []),
    ...(isSame ? [] : [assigning(kept, directory)]),
  ];
}

const declaringMajor: Command = {
  name: 'declareMajor',
  body: { reason: 'The log says that its impact is major.' },
  by: 'manager',
};

export function nextMove(
  row: LogRow,
  seen: Seen,
  { directory }: Rules,
): Command | 'arrived' | 'impossible' {
  const wanted = row.place;
  const place = placeOfProblem(seen);
  if (wanted === 'same' || wanted === place) return 'arrived';
  if (isFinal(place)) return 'impossible';
  if (wanted === 'closed' || wanted === 'resolved') return ending(row, place, seen);
  if (place === 'resolved') return reopening(row, wanted);
  if (wanted === 'cancelled') return agents('cancel', { reason: 'The log says so.' });
  if (wanted === 'queued') return seen.hasAssignee ? inQueue(row, seen, directory) : 'impossible';
  return working(wanted, seen);
}

function ending(row: LogRow, place: Place, { owesReview }: Seen): Command {
  const { code, by } = row.resolution;
  if (place !== 'resolved')
    return agents('resolve', {
      code: code ?? 'fixed',
      notes: `Ended in the log by: ${by ?? 'nobody named'}.`,
    });
  if (!owesReview) return agents('close', {});
  return agents('review', { findings: 'The log does not say what was learnt.' });
}

function reopening({ kept }: LogRow, wanted: Place): Command | 'impossible' {
  if (wanted === 'cancelled' || wanted === 'logged') return 'impossible';
  return agents('reopen', { reason: `The log goes on with ${kept.state}.` });
}

/** Only work that was begun is in a queue of its own place; what nobody has begun is logged. */
function inQueue(row: LogRow, { state }: Seen, directory: Directory): Command {
  if (state === 'logged') return agents('investigate', {});
  return assigning({ ...row.kept, assignee: null }, directory);
}

function working(wanted: Place, { state }: Seen): Command | 'impossible' {
  if (wanted === 'investigating' && state !== 'investigating') return agents('investigate', {});
  if (wanted !== 'fixInProgress' || state === 'fixInProgress') return 'impossible';
  return state === 'logged' ? agents('investigate', {}) : agents('startFix', {});
}
