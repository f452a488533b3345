/** What is wrong with a definition beyond its shape: its form, what it asks, whom and what it names. */
import { Refusal, type InputIssue } from '../errors';
import { approverIssues } from './check/approvers';
import { conditionIssues } from './check/condition';
import { formIssues } from './check/form';
import { nameIssues, type CatalogGround } from './check/ground';
import { planIssues } from './check/plan';
import { approvalFields, audienceFields } from './conditions';
import type { ItemDefinition } from './shape';

/** Throws invalid_input with everything that is wrong; pointers begin with `below`. */
export function refuseWrongDefinition(
  definition: ItemDefinition,
  ground: CatalogGround,
  below: string,
): void {
  const errors = definitionIssues(definition, ground, below);
  const [first] = errors;
  if (first === undefined) return;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const text = `${first.pointer.slice(1)}: ${first.detail}${more}.`;
  throw new Refusal('invalid_input', text, { errors });
}

function definitionIssues(
  definition: ItemDefinition,
  ground: CatalogGround,
  below: string,
): InputIssue[] {
  const { form, audience, approval, serviceId, teamId } = definition;
  const ofForm = formIssues(form, `${below}/form`);
  const named = [
    ...conditionIssues(audienceFields, audience.see, `${below}/audience/see`),
    ...conditionIssues(audienceFields, audience.order, `${below}/audience/order`),
    ...nameIssues(ground, 'service', serviceId, `${below}/serviceId`),
    ...nameIssues(ground, 'team', teamId, `${below}/teamId`),
    ...(approval === null ? [] : approverIssues(approval, ground, `${below}/approval`)),
  ];
  // Fields of conditions follow from the form: of a wrong one they would only be wrong again.
  if (ofForm.length > 0) return [...ofForm, ...named];
  const when = approval?.when ?? null;
  return [
    ...named,
    ...conditionIssues(approvalFields(definition), when, `${below}/approval/when`),
    ...planIssues(definition, ground, `${below}/fulfilment`),
  ];
}
