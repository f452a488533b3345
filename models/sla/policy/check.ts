/** What is wrong with a policy beyond its shape: what it asks, whom it names, what can never happen. */
import { Refusal, type InputIssue } from '../../errors';
import { conditionIssues } from './check/conditions';
import { calendarIssues, facetIssues, nameIssues, type PolicyGround } from './check/named';
import { ladderIssues } from './check/ladder';
import type { PolicyDefinition, PolicyRule, Target } from './shape';

/**
 * Throws invalid_input with everything that is wrong; pointers begin at the definition, `/rules/0/when`, or
 * at that of where it stands.
 */
export function refuseWrongPolicy(
  definition: PolicyDefinition,
  ground: PolicyGround,
  below = '',
): void {
  const errors = policyIssues(definition, ground).map((one) => ({
    ...one,
    pointer: `${below}${one.pointer}`,
  }));
  if (errors.length === 0) return;
  const lines = errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
  throw new Refusal('invalid_input', `The policy is not usable: ${lines.join('; ')}.`, { errors });
}

export function policyIssues({ rules }: PolicyDefinition, ground: PolicyGround): InputIssue[] {
  return [
    ...repeatedIssues(rules, 'name', '/rules'),
    ...rules.flatMap((rule, n) => unreachedIssues(rules, rule, n)),
    ...rules.flatMap((rule, n) => ruleIssues(rule, ground, `/rules/${n}`)),
  ];
}

function ruleIssues(rule: PolicyRule, ground: PolicyGround, below: string): InputIssue[] {
  const targets = `${below}/targets`;
  return [
    ...conditionIssues({ when: rule.when }, ground.process, below),
    ...repeatedIssues(rule.targets, 'id', targets),
    ...rule.targets.flatMap((target, n) => targetIssues(target, ground, `${targets}/${n}`)),
  ];
}

function targetIssues(target: Target, ground: PolicyGround, below: string): InputIssue[] {
  const { startWhen, pauseWhile, stopWhen, kind, teamId, ladder = [] } = target;
  const isStray = teamId !== undefined && kind !== 'OLA';
  return [
    ...conditionIssues({ startWhen, pauseWhile, stopWhen }, ground.process, below),
    ...(isStray ? [issue(`${below}/teamId`, 'belongs to targets of kind OLA only')] : []),
    ...nameIssues('team', teamId, ground, `${below}/teamId`),
    ...calendarIssues(target, ground, below),
    ...facetIssues(target, ground, below),
    ...repeatedIssues(ladder, 'key', `${below}/ladder`),
    ...ladderIssues(ladder, ground, `${below}/ladder`),
  ];
}

/** Rules are asked in order: behind one that takes every ticket, or the same tickets, none is asked. */
function unreachedIssues(
  rules: readonly PolicyRule[],
  rule: PolicyRule,
  index: number,
): InputIssue[] {
  const before = rules.slice(0, index).find(({ when }) => when === undefined || when === rule.when);
  if (before === undefined) return [];
  const detail = `is never reached: the rule ${before.name} takes its tickets before`;
  return [issue(`/rules/${index}`, detail, 'unreachable')];
}

/** Each that has what one before it has. */
function repeatedIssues<Key extends string>(
  all: readonly Readonly<Record<Key, string>>[],
  key: Key,
  below: string,
): InputIssue[] {
  const values = all.map((one) => one[key]);
  return values.flatMap((value, n) =>
    values.indexOf(value) === n ? [] : [issue(`${below}/${n}/${key}`, 'is given twice', 'taken')],
  );
}

function issue(pointer: string, detail: string, code = 'invalid'): InputIssue {
  return { pointer, detail, code };
}
