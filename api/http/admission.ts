/** Who may come in: authenticated, within its rate, and with the right that the route asks for. */
import type { Request, Response } from 'express';
import { Refusal } from '../../models/errors';
import type { Actor, Duty } from '../../models/users/actor';
import type { Permission } from '../../models/users/permissions';
import { holds } from '../../models/users/rights';
import type { Authenticate } from '../auth/bearer';
import { callOf } from './call';
import { rateHeaders, type Limit, type RateLimiter } from './rates/rate-limit';
import type { Access, Route } from './route';

export interface Limits {
  readonly perActor: Limit;
  /** For routes that are counted by address: sign-in. */
  readonly perAddress: Limit;
}

/** Limits a minute, by how many an actor and an address may make. */
export function limitsOf({ perActor, perAddress }: Record<keyof Limits, number>): Limits {
  return {
    perActor: { name: 'actor', quota: perActor, windowSeconds: 60 },
    perAddress: { name: 'login', quota: perAddress, windowSeconds: 60 },
  };
}

export const defaultLimits = limitsOf({ perActor: 60_000, perAddress: 300 });

export interface Gate {
  readonly authenticate: Authenticate;
  readonly mayCall: (actor: Actor, access: Access) => boolean;
  readonly rates: RateLimiter;
  readonly limits: Limits;
}

/** The actor, nobody for a public route. Throws unauthenticated, rate_limited, forbidden and what is due. */
export async function admit(
  route: Route,
  gate: Gate,
  request: Request,
  response: Response,
): Promise<Actor | undefined> {
  const actor = route.access === 'public' ? undefined : await gate.authenticate(request, response);
  callOf(request).actor = actor;
  if (route.limitedBy === 'address') {
    await count(gate.rates, gate.limits.perAddress, request.ip ?? '', response);
  } else if (actor !== undefined) {
    await count(
      gate.rates,
      gate.limits.perActor,
      `${actor.organizationId}/${actor.tokenId ?? actor.id}`,
      response,
    );
  }
  if (actor !== undefined) refuseUnfit(route, gate, actor);
  return actor;
}

const dues: Readonly<Record<Duty, () => Refusal>> = {
  newPassword: () =>
    new Refusal(
      'password_change_required',
      'Choose a new password first: POST /me/change-password.',
    ),
  secondFactor: () =>
    new Refusal('second_factor_required', 'Set up a second factor first: POST /me/second-factor.'),
};

function refuseUnfit(route: Route, gate: Gate, actor: Actor): void {
  const due = actor.duties.find((duty) => route.despite?.includes(duty) !== true);
  if (due !== undefined) throw dues[due]();
  refuseWithoutRight(actor, route.access, gate);
  if (route.freshFactor === true) refuseStale(actor);
}

/** Throws step_up_required; for acts of which only the input or a row says that they need it. */
export function refuseStale(actor: Pick<Actor, 'hasFreshFactor'>): void {
  if (actor.hasFreshFactor) return;
  throw new Refusal('step_up_required', 'Prove anew who you are: POST /me/step-up.');
}

function refuseWithoutRight(actor: Actor, access: Access, { mayCall }: Gate): void {
  if (mayCall(actor, access)) return;
  const needed = access === 'person' ? 'somebody who is signed in' : `the permission ${access}`;
  throw new Refusal('forbidden', `This needs ${needed}.`);
}

/** Who may call what, by the least role that has each permission. */
export function callableBy(permissions: readonly Permission[]): Gate['mayCall'] {
  const least = new Map(permissions.map(({ name, role }) => [name, role]));
  return (actor, access) => {
    if (access === 'person') return actor.sessionId !== null;
    const role = least.get(access);
    return role === undefined ? access === 'signedIn' : holds(actor, access, role);
  };
}

async function count(rates: RateLimiter, limit: Limit, who: string, response: Response) {
  const standing = await rates.take(limit, who);
  for (const [name, value] of Object.entries(rateHeaders(standing)))
    response.setHeader(name, value);
  if (standing.allowed) return;
  throw new Refusal(
    'rate_limited',
    `More than ${limit.quota} requests in ${limit.windowSeconds} seconds.`,
    { retryAfterSeconds: standing.resetSeconds },
  );
}
