/** Whether what somebody wants to order may be ordered, by whom and with which answers. */
import type { Tx } from '../../models/database';
import { Refusal, type InputIssue } from '../../models/errors';
import { compiled } from '../../models/filter/compiled';
import { answerIssues, lookedUpIn, type LookedUp } from '../../models/service-catalog/answers';
import { approvalFields, subjectOfApproval } from '../../models/service-catalog/conditions';
import { lookupIssues } from '../../models/service-catalog/lookups';
import { offersTo, type Offer } from '../../models/service-catalog/onlookers';
import { readItemVersion } from '../../models/service-catalog/reading';
import type { ItemVersion } from '../../models/service-catalog/shape';
import type { Beneficiary } from '../service-catalog/for-whom';
import type { OrderLine } from './inputs';

type Wanted = Pick<OrderLine, 'itemId' | 'version' | 'quantity' | 'answers'>;

/** A line that may be ordered. */
export interface CheckedLine<Line extends Wanted = Wanted> {
  readonly line: Line;
  readonly item: ItemVersion;
  /** Somebody must approve it with these answers. */
  readonly isAsked: boolean;
}

/**
 * Checks all of them. `placeOf` gives the pointer of a line. Throws invalid_input with everything that is wrong,
 * and conflict with the present versions when what was seen is no longer what is ordered.
 */
export async function checkLines<Line extends Wanted>(
  tx: Tx,
  { onlooker }: Beneficiary,
  lines: readonly Line[],
  placeOf: (n: number) => string,
): Promise<CheckedLine<Line>[]> {
  const ids = lines.map(({ itemId }) => itemId);
  const offers = new Map((await offersTo(tx, onlooker, ids)).map((offer) => [offer.id, offer]));
  refuseStale(lines, offers);
  const issues: InputIssue[] = [];
  const named: LookedUp[] = [];
  const checked: CheckedLine<Line>[] = [];
  for (const [n, line] of lines.entries()) {
    const place = placeOf(n);
    const offer = offers.get(line.itemId);
    const item = offer?.mayOrder === true ? await readItemVersion(tx, { ...offer }) : undefined;
    if (item === undefined) {
      issues.push(notOffered(offer, `${place}/itemId`));
      continue;
    }
    const { form } = item.definition;
    const wrong = answerIssues(form, line.answers, `${place}/answers`);
    issues.push(...wrong);
    named.push(...lookedUpIn(form, line.answers, `${place}/answers`));
    if (wrong.length === 0) checked.push({ line, item, isAsked: isAsked(item, line) });
  }
  refuseWrong([...issues, ...(await lookupIssues(tx, named))]);
  return checked;
}

/** What they may not see is not there. */
function notOffered(offer: Offer | undefined, pointer: string): InputIssue {
  return offer === undefined
    ? { pointer, detail: 'is nothing that is in the catalog', code: 'not_found' }
    : { pointer, detail: 'may not be ordered for this person', code: 'forbidden' };
}

/** Only of what they may see: the number of a version tells that there is one. */
function refuseStale(lines: readonly Wanted[], offers: ReadonlyMap<string, Offer>): void {
  const current = lines.flatMap(({ itemId, version }) => {
    const offer = offers.get(itemId);
    const isStale = offer !== undefined && version !== undefined && version !== offer.version;
    return isStale ? [{ itemId, version: offer.version }] : [];
  });
  if (current.length === 0) return;
  const text = 'What you saw is no longer what is ordered: read the items again.';
  throw new Refusal('conflict', text, { current });
}

function isAsked({ definition }: ItemVersion, { answers, quantity }: Wanted): boolean {
  const { approval } = definition;
  if (approval === null) return false;
  if (approval.when === null) return true;
  const subject = subjectOfApproval(definition, { answers, quantity });
  return compiled(approvalFields(definition), approval.when)(subject);
}

function refuseWrong(errors: readonly InputIssue[]): void {
  const [first] = errors;
  if (first === undefined) return;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const text = `${first.pointer.slice(1)}: ${first.detail}${more}.`;
  throw new Refusal('invalid_input', text, { errors });
}
