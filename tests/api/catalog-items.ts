/** Items of the catalog as designers write them. */
import type { Response } from 'supertest';
import { z } from 'zod';
import type { Caller } from './incident';

const Made = z.object({ id: z.string() });

/** The form of a computer: what is asked for the strong one only is hidden for the other. */
export const computerForm = {
  schema: {
    type: 'object',
    properties: {
      model: { type: 'string', enum: ['light', 'strong'] },
      memory: { type: 'integer', minimum: 8, maximum: 128 },
      owner: { type: 'string', lookup: 'user' },
      begins: { type: 'string', format: 'date' },
    },
    required: ['model', 'memory'],
  },
  hints: { order: ['model'], fields: { memory: { visibleWhen: 'answers.model==strong' } } },
};

export const anApproval = (id: string, more: object = {}) => ({
  stages: [
    [
      {
        name: 'Manager',
        approvers: [{ kind: 'person', id }],
        quorum: { kind: 'anyone' },
        expiresInHours: 72,
      },
    ],
  ],
  coversOrder: true,
  ...more,
});

export const aPlan = {
  startDay: 'begins',
  tasks: [
    { kind: 'manual', key: 'buy', title: 'Buy it', outcomes: ['bought', 'inStock'] },
    { kind: 'manual', key: 'hand-over', title: 'Hand it over', after: ['buy'] },
  ],
};

export const aDefinition = (more: object = {}) => ({
  description: 'A computer to work with.',
  form: computerForm,
  cost: { amount: 900, currency: 'EUR', per: 'once' },
  ...more,
});

export async function madeCategory(by: Caller, more: object = {}): Promise<string> {
  const body = { name: `Category ${Math.random()}`, ...more };
  return Made.parse((await by.post('/catalog-categories', body).expect(201)).body).id;
}

export const anItem = (categoryId: string, more: object = {}) => ({
  name: `Computer ${Math.random()}`,
  categoryId,
  definition: aDefinition(),
  ...more,
});

/** Made and published. */
export async function offered(by: Caller, categoryId: string, more: object = {}): Promise<string> {
  const made = await by.post('/catalog-designs', anItem(categoryId, more)).expect(201);
  const { id } = Made.parse(made.body);
  await by.post(`/catalog-designs/${id}/actions/publish`).expect(200);
  return id;
}

const Problem = z.looseObject({
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).default([]),
});

/** What was refused, with what was wrong where. */
export function problemOf({ body }: Response) {
  const { errors, ...problem } = Problem.parse(body);
  return { ...problem, wrong: errors.map(({ pointer, code }) => [pointer, code]) };
}
