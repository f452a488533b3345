/** What a fact leaves to be done, as data: the kernel writes it down in the same transaction. */
import type { Instant } from '../instant';
import type { AttachmentChange } from './attachment';
import type { FactActor } from './fact';
import type { LinkKind } from './links';
import type { Channel, Json, Level, Patience } from './ticket';

export type Visibility = 'public' | 'internal';

/** A line of the feed before it has a cause and a version. */
export interface NewEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly visibility: Visibility;
  /** When it happened, if that is not the instant of the fact. */
  readonly at?: Instant;
}

/** Whom to tell; resolved to people when it is written. */
export type Recipient =
  | 'requester'
  | 'assignee'
  | 'team'
  | 'teamLead'
  | 'requesterManager'
  | 'serviceOwner'
  | 'managers'
  | 'watchers'
  | 'awaited'
  | { readonly userId: string };

export interface Notice {
  readonly to: Recipient;
  /** Name in the process's `notices`. */
  readonly notice: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface NewComment {
  readonly body: string;
  readonly isPublic: boolean;
  /** In whose name; absent: of whoever did the fact. */
  readonly authorId?: string;
}

/** A life that this fact begins; its id follows from the ticket and the cause. */
export interface Birth {
  readonly type: string;
  /** How the new ticket is linked to this one, e.g. `followUpOf`. */
  readonly link: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A fact for another ticket; no order is promised. */
export interface Message {
  readonly ticketId: string;
  readonly name: string;
  readonly input: Json;
  /** Who did it; absent: Holdfast. */
  readonly actor?: FactActor;
}

/** A link that is made or ended, as this ticket reads it. */
export interface LinkChange {
  readonly did: 'linked' | 'unlinked';
  readonly kind: LinkKind;
  readonly otherId: string;
}

export interface NewWork {
  readonly key: string;
  readonly activity: string;
  readonly input: Json;
  readonly patience: Patience;
}

export interface Owed {
  readonly notices: readonly Notice[];
  readonly comments: readonly NewComment[];
  readonly births: readonly Birth[];
  readonly messages: readonly Message[];
  readonly links: readonly LinkChange[];
  readonly attachments: readonly AttachmentChange[];
}

export const nothingOwed: Owed = {
  ...{ notices: [], comments: [], births: [], messages: [], links: [], attachments: [] },
};

/** The fields that an opening fact gives, before rules have their say. */
export interface Opening {
  readonly title: string;
  readonly description: string;
  readonly impact?: Level | undefined;
  readonly urgency?: Level | undefined;
  /** Absent: whoever opens it. */
  readonly requesterId?: string | undefined;
  readonly serviceId: string | null;
  readonly categoryId: string | null;
  readonly channel: Channel;
  /** Of what a confidential ticket gives birth to; no input schema takes it from outside. */
  readonly confidentialTeamId?: string | null;
}
