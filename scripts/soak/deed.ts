/** What somebody does to a ticket next, by chance and by what they see of it. Pure. */
import { idOf } from '../../models/organizations/found';
import type { Desk } from '../rig/desk';
import type { Dice } from './dice';

/** What callers see of a ticket. */
export interface Seen {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  /** Email of who has the problem. */
  readonly requester: string;
}

export interface Deed {
  /** For the figures, and what its event is looked for by: `open`, `comment`, `resolve` ... */
  readonly kind: string;
  readonly as: string;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  /** Below /api/v1. */
  readonly path: string;
  readonly body?: object;
}

/** Who is there, and a word that is in every text of this deed and in no other. */
export interface Scene {
  readonly dice: Dice;
  readonly desk: Desk;
  readonly mark: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const levels = ['high', 'medium', 'low'] as const;

export function opening({ dice, desk, mark }: Scene): Deed {
  const forSomebody = dice.chance(0.2);
  const requester = dice.pick(desk.requesters);
  const text = { title: `Soak ${mark}`, description: `Opened by the soak: ${mark}` };
  const body = { ...text, impact: dice.pick(levels), urgency: dice.pick(levels) };
  const agents = { ...body, requesterId: personId(desk, requester), channel: 'phone' };
  return {
    kind: 'open',
    as: forSomebody ? dice.pick(desk.agents) : requester,
    method: 'POST',
    path: '/incidents',
    body: forSomebody ? agents : body,
  };
}

type Act =
  | 'assign'
  | 'start'
  | 'hold'
  | 'resume'
  | 'prioritize'
  | 'escalate'
  | 'resolve'
  | 'reopen'
  | 'close'
  | 'cancel'
  | 'comment'
  | 'edit'
  | 'watch'
  | 'unwatch';

type Weights = Readonly<Partial<Record<Act, number>>>;
const always: Weights = { comment: 5, edit: 0.7, watch: 0.7, unwatch: 0.4 };
const unresolved: Weights = { ...always, assign: 2, prioritize: 1, escalate: 0.5, cancel: 0.3 };

/** How often what is done in which state; what is not possible there is tried now and then. */
const likely: Readonly<Record<string, Weights>> = {
  new: { ...unresolved, assign: 4, start: 4, hold: 1, resolve: 1 },
  assigned: { ...unresolved, start: 5, hold: 1, resolve: 1 },
  inProgress: { ...unresolved, hold: 3, resolve: 3 },
  onHold: { ...unresolved, resume: 4, hold: 1, resolve: 1, comment: 6 },
  resolved: { ...always, reopen: 2, close: 2, assign: 0.3, prioritize: 0.5 },
  closed: { comment: 2, reopen: 0.5, watch: 0.5 },
  cancelled: { comment: 2, resolve: 0.5, watch: 0.5 },
};
const anything: Weights = { ...unresolved, start: 2, hold: 2, resume: 2, reopen: 2, close: 2 };

/** The next deed on a ticket in this state. */
export function nextDeed(scene: Scene, seen: Seen): Deed {
  const { dice } = scene;
  const weights = dice.chance(0.07) ? anything : (likely[seen.state] ?? anything);
  return deedOf(dice.weigh<Act>(weights), scene, seen);
}

function deedOf(act: Act, scene: Scene, seen: Seen): Deed {
  const { dice, desk, mark } = scene;
  const path = `/incidents/${seen.id}`;
  const agent = dice.pick(desk.agents);
  if (act === 'comment') return commentDeed(scene, seen, agent);
  if (act === 'edit') {
    return { kind: act, as: agent, method: 'PATCH', path, body: { description: `Now ${mark}` } };
  }
  if (act === 'watch') {
    return { kind: act, as: agent, method: 'POST', path: `${path}/watchers`, body: {} };
  }
  if (act === 'unwatch') {
    const address = `${path}/watchers/${personId(desk, agent)}`;
    return { kind: act, as: agent, method: 'DELETE', path: address };
  }
  return commandDeed(act, scene, seen);
}

function commentDeed({ dice, mark }: Scene, seen: Seen, agent: string): Deed {
  const asRequester = dice.chance(0.45);
  const isPublic = asRequester || dice.chance(0.6);
  const as = asRequester ? seen.requester : agent;
  const body = { body: `Said: ${mark}`, isPublic };
  return { kind: 'comment', as, method: 'POST', path: `/incidents/${seen.id}/comments`, body };
}

function commandDeed(act: Act, scene: Scene, seen: Seen): Deed {
  const { dice, desk } = scene;
  const mayRequester = act === 'reopen' || act === 'close';
  const as = mayRequester && dice.chance(0.6) ? seen.requester : dice.pick(desk.agents);
  const path = `/incidents/${seen.id}/actions/${act}`;
  return { kind: act, as, method: 'POST', path, body: inputOf(act, scene) };
}

function inputOf(act: string, scene: Scene): object {
  const { dice, desk, mark } = scene;
  switch (act) {
    case 'assign':
      return dice.chance(0.25)
        ? { teamId: idOf(desk.slug, 'team', 'Service desk'), assigneeId: null }
        : { assigneeId: personId(desk, dice.pick(desk.agents)) };
    case 'hold':
      return holdOf(scene);
    case 'prioritize':
      return { impact: dice.pick(levels), urgency: dice.pick(levels), reason: mark };
    case 'escalate':
      return { kind: 'hierarchical', reason: mark };
    case 'resolve':
      return { code: 'solved', notes: `Done: ${mark}` };
    case 'reopen':
    case 'cancel':
      return { reason: mark };
    default:
      return {};
  }
}

function holdOf({ dice, mark, now }: Scene): object {
  const reason = dice.pick(['customer', 'vendor', 'scheduled', 'problem'] as const);
  if (reason === 'customer') return { reason, comment: `Which one? ${mark}` };
  if (reason !== 'scheduled') return { reason };
  return { reason, until: new Date(now + dice.whole(3_000, 30_000)).toISOString() };
}

export function personId({ slug }: Desk, email: string): string {
  return idOf(slug, 'person', email);
}
