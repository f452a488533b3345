/** What can go wrong with a ladder: steps that are never taken, or never end. */
import type { InputIssue } from '../../../errors';
import type { Step, StepAction } from '../shape';
import { nameIssues, type PolicyGround } from './named';

export function ladderIssues(
  ladder: readonly Step[],
  ground: PolicyGround,
  below: string,
): InputIssue[] {
  return ladder.flatMap((step, n) => [
    ...orderIssues(ladder, step, `${below}/${n}`),
    ...step.actions.flatMap((action, k) =>
      actionIssues(action, ground, `${below}/${n}/actions/${k}`),
    ),
  ]);
}

function orderIssues(ladder: readonly Step[], step: Step, below: string): InputIssue[] {
  const otherwise = step.repeat?.otherwise;
  const pointer = `${below}/repeat/otherwise`;
  const isNamed = ladder.some(({ repeat }) => repeat?.otherwise === step.key);
  const unknown = otherwise !== undefined && !ladder.some(({ key }) => key === otherwise);
  return [
    ...(step.at === undefined && !isNamed
      ? [
          {
            pointer: below,
            detail: 'is never taken: it has no time, and no step names it',
            code: 'unreachable',
          },
        ]
      : []),
    ...(unknown ? [{ pointer, detail: 'is no step of this ladder', code: 'not_found' }] : []),
    ...(goesRound(ladder, step)
      ? [{ pointer, detail: 'leads back to this step', code: 'cycle' }]
      : []),
  ];
}

/** Whether nobody's acknowledging leads from this step to itself. */
function goesRound(ladder: readonly Step[], step: Step): boolean {
  const seen = new Set<string>();
  let key = step.repeat?.otherwise;
  while (key !== undefined && !seen.has(key)) {
    if (key === step.key) return true;
    seen.add(key);
    const named = key;
    key = ladder.find((one) => one.key === named)?.repeat?.otherwise;
  }
  return false;
}

function actionIssues(action: StepAction, ground: PolicyGround, below: string): InputIssue[] {
  const { process } = ground;
  const offered = process.ladder ?? [];
  const detail = `is nothing that happens to a ticket of type ${process.type}: it takes ${offered.join(', ')}`;
  return [
    ...(offered.includes(action.action)
      ? []
      : [{ pointer: `${below}/action`, detail, code: 'invalid' }]),
    ...(action.action === 'reassign'
      ? nameIssues('team', action.teamId, ground, `${below}/teamId`)
      : []),
    ...(action.action === 'notify'
      ? action.to.flatMap((one, n) =>
          typeof one === 'string'
            ? []
            : nameIssues('person', one.userId, ground, `${below}/to/${n}/userId`),
        )
      : []),
  ];
}
