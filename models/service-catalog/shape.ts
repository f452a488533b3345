/**
 * What a catalog item is: one versioned artifact that holds form, approval, delivery and fulfilment
 * together. Plain JSON that administrators edit; a published version is never edited.
 */
import type { ApproverSpec } from '../approvals/approvers';
import type { Quorum } from '../approvals/quorum';
import type { Plan } from '../fulfilment/shape';
import type { Json } from '../tickets/ticket';

export interface ItemDefinition {
  /** What one gets, for whoever looks at the catalog. */
  readonly description: string;
  readonly audience: Audience;
  readonly form: Form;
  readonly cost: Cost | null;
  /** The service that requests for it are about; its owner may be an approver. */
  readonly serviceId: string | null;
  /** Takes its requests; null: rules of assignment, else the team of the service. */
  readonly teamId: string | null;
  /** Working seconds until it is delivered: what policies promise by `{ facet: 'deliverySeconds' }`. */
  readonly deliverySeconds: number | null;
  /** null: nobody is asked. */
  readonly approval: ApprovalPolicy | null;
  readonly fulfilment: Plan;
}

/** Conditions over people, in the filter language (`role=ge=agent,department==Sales`); null: everybody. */
export interface Audience {
  /** Who finds it in the catalog. */
  readonly see: string | null;
  /** Who of them may order it, and for whom it may be ordered. */
  readonly order: string | null;
}

/** JSON Schema 2020-12 of an object, whose properties are the answers; and how to show it. */
export interface Form {
  readonly schema: Readonly<Record<string, Json>>;
  readonly hints: FormHints;
}

export interface FormHints {
  /** Names of properties in the order in which they are shown; those that are left out come after. */
  readonly order: readonly string[];
  /** By the name of a property. */
  readonly fields: Readonly<Record<string, FieldHint>>;
}

export interface FieldHint {
  readonly widget?: 'text' | 'textarea' | 'select' | 'radio' | 'checkbox' | 'date' | 'lookup';
  readonly placeholder?: string;
  readonly help?: string;
  /** In the filter language over `answers.<property>`: shown only while it holds, and only then it may be given. */
  readonly visibleWhen?: string;
}

/** Kinds of things that an answer may look up; in the schema: `{ "type": "string", "lookup": "user" }`. */
export const lookups = ['user', 'service', 'location', 'team'] as const;
export type Lookup = (typeof lookups)[number];

export interface Cost {
  /** Of one, in units of the currency. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly per: 'once' | 'month' | 'year';
}

export interface ApprovalPolicy {
  /** Over `answers.<property>`, `cost` (of all that is ordered of it) and `quantity`; null: always. */
  readonly when: string | null;
  /** In sequence; the rounds of a stage in parallel. */
  readonly stages: readonly (readonly ApprovalRound[])[];
  /** Items of one order that ask the same people in the same way are decided by one round. */
  readonly coversOrder: boolean;
}

export interface ApprovalRound {
  readonly name: string;
  readonly approvers: readonly ApproverSpec[];
  readonly quorum: Quorum;
  readonly expiresInHours: number;
  readonly onExpiry: 'approve' | 'reject' | 'expire';
  readonly remindEveryHours: number | null;
}

/** What a request keeps of the item that it was ordered of. */
export interface ItemVersion {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly definition: ItemDefinition;
}
