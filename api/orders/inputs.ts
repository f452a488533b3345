/** What is ordered, as it comes. */
import { z } from 'zod';
import { AnyJson } from '../../models/service-catalog/fields.schema';
import { channels } from '../../models/tickets/ticket';

const RequestedFor = z
  .uuid()
  .toLowerCase()
  .optional()
  .describe('For whom; left out: for yourself. For agents and for whoever manages them.');

const line = {
  version: z
    .int()
    .min(1)
    .optional()
    .describe('The one that you saw; refused when another one is published. Left out: that.'),
  quantity: z.int().min(1).max(1_000).default(1),
  answers: z
    .record(z.string().max(100), AnyJson)
    .default({})
    .describe('By the names of the properties of the form; what is hidden is not given.'),
};

const OrderLine = z.strictObject({
  itemId: z.uuid().toLowerCase(),
  ...line,
  startDay: z.iso
    .date()
    .nullable()
    .default(null)
    .describe('From which days of the plan are counted; null: the answer that the item names.'),
});
export type OrderLine = z.output<typeof OrderLine>;

export const OrderInput = z
  .strictObject({
    requestedForId: RequestedFor,
    channel: z.enum(channels).default('portal'),
    items: z.array(OrderLine).min(1).max(20).describe('One request is opened for each.'),
  })
  .meta({ id: 'NewOrder' });
export type OrderInput = z.output<typeof OrderInput>;

export const ValidateInput = z
  .strictObject({ requestedForId: RequestedFor, ...line })
  .meta({ id: 'ValidateCatalogAnswers' });
