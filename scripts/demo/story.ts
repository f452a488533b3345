/**
 * What a demo story is: tickets, and for each what people did, in order. People are named by what
 * stands before the @ of their address, teams, services and categories by their names.
 */
import type { Instant } from '../../models/instant';
import type { Channel, Level, Priority } from '../../models/tickets/ticket';
import type { Role } from '../../models/users/actor';

/** An organization before it is founded. */
export interface Cast {
  readonly slug: string;
  readonly name: string;
  /** IANA zone. */
  readonly timezone: string;
  readonly defaultTeam: string;
  readonly people: readonly {
    readonly login: string;
    readonly name: string;
    readonly role: Role;
    readonly manager?: string;
  }[];
  readonly teams: readonly {
    readonly name: string;
    readonly lead: string;
    readonly members: readonly string[];
  }[];
  readonly services: readonly {
    readonly name: string;
    readonly description: string;
    readonly team: string;
  }[];
  readonly categories: readonly string[];
}

/** From names to what the API takes; throws on a name that the cast does not have. */
export interface Names {
  person(login: string): string;
  team(name: string): string;
  service(name: string): string;
  category(name: string): string;
  /** Of the catalog. */
  item(name: string): string;
  /** The ticket of the tale with this `n`. */
  ticket(n: number): string;
  /** The Saturday evening on which scheduled work happens; the same at every start. */
  maintenanceWindow(): Instant;
}

type Body = (names: Names) => object;

/** A ticket that nobody outside can name before it is there: found in a list, once it is. */
export interface Found {
  readonly path: 'requests' | 'tasks' | 'approvals';
  /** In the filter language; `order` is the id of the order that the tale begins with. */
  readonly where: (names: Names, order: string) => string;
  /** What lists cannot ask. */
  readonly isIt?: (row: Readonly<Record<string, unknown>>) => boolean;
}

/** One request about a ticket. */
export interface Step {
  readonly by: string;
  /** Default: post. */
  readonly method?: 'put';
  /** Below the address of the ticket: `actions/start`, `comments`, `watchers`. */
  readonly path: string;
  readonly body: (names: Names) => object;
  /** A file of plain text that is sent instead of the body. */
  readonly text?: string;
  /** About the follow-up that the latest comment before it opened. */
  readonly onFollowUp?: true;
  readonly on?: Found;
}

/**
 * The life of one ticket. `n` and the place of a step are part of its identity: new steps go to the
 * end, new tickets take a new `n`, and neither is ever changed.
 */
export interface Tale {
  readonly n: number;
  readonly by: string;
  readonly opening: IncidentOpening | OtherOpening;
  readonly steps: readonly Step[];
}

export interface IncidentOpening {
  readonly title: string;
  readonly description: string;
  readonly impact: Level;
  readonly urgency: Level;
  readonly channel: Channel;
  readonly service?: string;
  readonly category?: string;
  /** Opened for somebody else. */
  readonly requester?: string;
}

/** Of a ticket of another type. */
export interface OtherOpening {
  readonly path: 'changes' | 'approvals' | 'problems' | 'orders';
  readonly title: string;
  /** What is said beside the title. */
  readonly body: Body;
}

/** A category of the catalog with what is published in it; `n` as that of a tale. New items go to the end. */
export interface Shelf {
  readonly n: number;
  readonly by: string;
  readonly category: string;
  readonly items: readonly { readonly name: string; readonly definition: Body }[];
}

export interface Story {
  readonly cast: Cast;
  /** There before the first tale begins. */
  readonly catalog: readonly Shelf[];
  readonly tales: readonly Tale[];
}

export const command = (by: string, name: string, body: Body = () => ({})): Step => ({
  by,
  path: `actions/${name}`,
  body,
});

export const assign = (by: string, to: { readonly team?: string; readonly person?: string }) =>
  command(by, 'assign', (names) => ({
    ...(to.team !== undefined && { teamId: names.team(to.team) }),
    ...(to.person !== undefined && { assigneeId: names.person(to.person) }),
  }));

export const start = (by: string) => command(by, 'start');

/** Waits for the requester, who is asked something. */
export const ask = (by: string, comment: string) =>
  command(by, 'hold', () => ({ reason: 'customer', comment }));

export const hold = (by: string, reason: 'vendor' | 'change' | 'problem') =>
  command(by, 'hold', () => ({ reason }));

export const waitForMaintenance = (by: string) =>
  command(by, 'hold', (names) => ({ reason: 'scheduled', until: names.maintenanceWindow() }));

export const resume = (by: string) => command(by, 'resume');

export const prioritize = (by: string, to: { readonly impact?: Level; readonly urgency?: Level }) =>
  command(by, 'prioritize', () => to);

export const override = (by: string, priority: Priority, reason: string) =>
  command(by, 'prioritize', () => ({ override: priority, reason }));

export const classify = (
  by: string,
  as: { readonly service?: string; readonly category: string },
) =>
  command(by, 'classify', (names) => ({
    categoryId: names.category(as.category),
    ...(as.service !== undefined && { serviceId: names.service(as.service) }),
  }));

/** To the team that knows more about it. */
export const passOn = (by: string, team: string, reason: string) =>
  command(by, 'escalate', (names) => ({ kind: 'functional', teamId: names.team(team), reason }));

/** To those who decide. */
export const escalate = (by: string, reason: string) =>
  command(by, 'escalate', () => ({ kind: 'hierarchical', reason }));

export const acknowledge = (by: string) => command(by, 'acknowledge');

export const deescalate = (by: string, reason: string) =>
  command(by, 'deescalate', () => ({ reason }));

export const declareMajor = (by: string, reason: string) =>
  command(by, 'declareMajor', () => ({ reason }));

export const coordinate = (by: string, person: string) =>
  command(by, 'coordinate', (names) => ({ coordinatorId: names.person(person) }));

export const postUpdate = (by: string, body: string) => command(by, 'postUpdate', () => ({ body }));

export const standDownMajor = (by: string, reason: string) =>
  command(by, 'standDownMajor', () => ({ reason }));

export const reviewMajor = (by: string, findings: string) =>
  command(by, 'reviewMajor', () => ({ findings }));

export const resolve = (by: string, code: string, notes: string) =>
  command(by, 'resolve', () => ({ code, notes }));

export const reopen = (by: string, reason: string) => command(by, 'reopen', () => ({ reason }));

export const close = (by: string) => command(by, 'close');

export const cancel = (by: string, reason: string) => command(by, 'cancel', () => ({ reason }));

export const addTask = (by: string, title: string, order: number) =>
  command(by, 'addTask', () => ({ title, order }));

export const submit = (by: string) => command(by, 'submit');

export const requestApproval = (by: string) => command(by, 'requestApproval');

/** Everybody who sees the ticket reads it. */
export const say = (by: string, body: string): Step => ({
  by,
  path: 'comments',
  body: () => ({ body }),
});

/** Agents read it. */
export const note = (by: string, body: string): Step => ({
  by,
  path: 'comments',
  body: () => ({ body, isPublic: false }),
});

/** Lets somebody watch; without a name it is oneself. */
export const watch = (by: string, person: string = by): Step => ({
  by,
  path: 'watchers',
  body: (names) => ({ userId: names.person(person) }),
});

export const tag = (by: string, ...tags: readonly string[]): Step => ({
  by,
  method: 'put',
  path: 'tags',
  body: () => ({ tags }),
});

export const attach = (by: string, file: string, text: string): Step => ({
  by,
  path: `attachments?name=${encodeURIComponent(file)}`,
  body: () => ({}),
  text,
});

export const onFollowUp = (step: Step): Step => ({ ...step, onFollowUp: true });
