/** Checks of references that commands name; each refuses with a pointer to the field. */
import { invalid, Refusal } from '../errors';
import { seesAll } from '../users/ability';
import { includesRole } from '../users/actor';
import type { FactActor } from './fact';
import type { Context, Service } from './rules';

/** The person for whom a ticket is opened: oneself, or (agents) somebody else of the organization. */
export function requesterOf(
  requesterId: string | undefined,
  { type, actor }: { readonly type: string; readonly actor: FactActor },
  context: Context,
): string | null {
  if (requesterId === undefined || requesterId === actor.id) return actor.id;
  const { role } = actor;
  if (role !== null && !seesAll({ ...actor, role }, type)) {
    throw new Refusal('forbidden', 'Only agents open tickets for somebody else.');
  }
  if (!context.person(requesterId)?.isActive)
    throw invalid('/requesterId', 'is not a known person');
  return requesterId;
}

/** Somebody who can work on tickets, or who stands in for them at this moment; null for nobody. */
export function agent(assigneeId: string | null, context: Context): string | null {
  return assigneeId === null ? null : workingAgent('/assigneeId', assigneeId, context);
}

/** The same for another field of an input. */
export function workingAgent(pointer: string, id: string, context: Context): string {
  const person = context.person(id);
  if (!person?.isActive) throw invalid(pointer, 'is not a known person');
  if (!includesRole(person.role, 'agent')) throw invalid(pointer, 'is not an agent');
  const { substitute } = person;
  return substitute && includesRole(substitute.role, 'agent') ? substitute.id : id;
}

export function activeTeam(teamId: string, context: Context): string;
export function activeTeam(teamId: string | null, context: Context): string | null;
export function activeTeam(teamId: string | null, context: Context): string | null {
  if (teamId === null) return null;
  if (!context.team(teamId)?.isActive) throw invalid('/teamId', 'is not a known team');
  return teamId;
}

export function activeService(serviceId: string | null, context: Context): Service | undefined {
  if (serviceId === null) return undefined;
  const service = context.service(serviceId);
  if (!service?.isActive) throw invalid('/serviceId', 'is not a known service');
  return service;
}

export function activeCategory(categoryId: string | null, context: Context): void {
  if (categoryId === null) return;
  if (!context.category(categoryId)?.isActive)
    throw invalid('/categoryId', 'is not a known category');
}
