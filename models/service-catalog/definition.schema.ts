/** The shape of a definition as designers send it, held against the types that the rules read. */
import { z } from 'zod';
import { ApproverSpec } from '../approvals/approvers';
import { Quorum } from '../approvals/quorum';
import { AnyJson, ConditionText, Description, Id, Title } from './fields.schema';
import { PlanInput } from './plan.schema';
import type { ItemDefinition } from './shape';

const fiveYears = 5 * 366 * 86_400;
const aYearInHours = 366 * 24;

/** Of an answer: it stands in conditions and in pointers as it is. */
const Property = z.string().max(60);

const Condition = ConditionText.nullable().default(null);

const AudienceInput = z
  .strictObject({
    see: Condition.describe('Who finds it in the catalog; null: everybody.'),
    order: Condition.describe('Who of them may order it, and for whom it may be ordered.'),
  })
  .default({ see: null, order: null })
  .describe('Over `role`, `department`, `location`, `isVip` and `team`.');

const FieldHintInput = z.strictObject({
  widget: z
    .enum(['text', 'textarea', 'select', 'radio', 'checkbox', 'date', 'lookup'])
    .exactOptional(),
  placeholder: z.string().max(200).exactOptional(),
  help: z.string().max(2_000).exactOptional(),
  visibleWhen: ConditionText.exactOptional().describe(
    'Over `answers.<property>`: shown only while it holds, and only then it may be given.',
  ),
});

export const FormInput = z
  .strictObject({
    schema: z
      .record(z.string(), AnyJson)
      .describe('JSON Schema 2020-12 of an object whose properties are the answers.'),
    hints: z
      .strictObject({
        order: z.array(Property).max(200).default([]),
        fields: z.record(Property, FieldHintInput).default({}),
      })
      .default({ order: [], fields: {} }),
  })
  .meta({ id: 'Form' });

export const CostInput = z
  .strictObject({
    amount: z.number().min(0).max(1_000_000_000),
    currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters, as in ISO 4217'),
    per: z.enum(['once', 'month', 'year']),
  })
  .meta({ id: 'Cost' });

const RoundInput = z.strictObject({
  name: Title,
  approvers: z.array(ApproverSpec).min(1).max(20),
  quorum: Quorum,
  expiresInHours: z.int().min(1).max(aYearInHours),
  onExpiry: z.enum(['approve', 'reject', 'expire']).default('expire'),
  remindEveryHours: z.int().min(1).max(aYearInHours).nullable().default(null),
});

const ApprovalInput = z.strictObject({
  when: Condition.describe('Over `answers.<property>`, `cost` and `quantity`; null: always.'),
  stages: z
    .array(z.array(RoundInput).min(1).max(10))
    .min(1)
    .max(10)
    .describe('In sequence; the rounds of a stage in parallel.'),
  coversOrder: z
    .boolean()
    .default(false)
    .describe('Items of one order that ask the same people alike are decided together.'),
});

export const DefinitionInput = z
  .strictObject({
    description: Description.min(1),
    audience: AudienceInput,
    form: FormInput.default({
      schema: { type: 'object', properties: {} },
      hints: { order: [], fields: {} },
    }),
    cost: CostInput.nullable().default(null),
    serviceId: Id.nullable().default(null),
    teamId: Id.nullable().default(null),
    deliverySeconds: z
      .int()
      .min(1)
      .max(fiveYears)
      .nullable()
      .default(null)
      .describe('Working seconds until it is delivered.'),
    approval: ApprovalInput.nullable().default(null),
    fulfilment: PlanInput.default({ tasks: [], startDay: null, onFailure: 'ask' }),
  })
  .meta({ id: 'CatalogItemDefinition' }) satisfies z.ZodType<ItemDefinition>;
