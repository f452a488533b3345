import { compiled } from '../filter/compiled';
import {
  answerFields,
  approvalFields,
  audienceFields,
  subjectOfAnswers,
  subjectOfApproval,
  subjectOfOnlooker,
  subjectOfTask,
  taskFields,
} from './conditions';
import type { Form, ItemDefinition } from './shape';
import { visibleIn } from './visible';

const form: Form = {
  schema: {
    type: 'object',
    properties: {
      model: { type: 'string', enum: ['light', 'strong'] },
      size: { type: 'string', oneOf: [{ const: 's', title: 'Small' }, { const: 'l' }] },
      memory: { type: 'integer' },
      isRemote: { type: ['boolean', 'null'] },
      place: { type: 'string', lookup: 'location' },
      software: { type: 'array', items: { type: 'string', enum: ['office', 'draw'] } },
      begins: { type: 'string', format: 'date' },
      address: { type: 'object', properties: { street: { type: 'string' } } },
    },
  },
  hints: {
    order: [],
    fields: {
      memory: { visibleWhen: 'answers.model==strong' },
      software: { visibleWhen: 'answers.memory>8' },
    },
  },
};
const definition: ItemDefinition = {
  description: 'A computer.',
  audience: { see: null, order: null },
  form,
  cost: { amount: 900, currency: 'EUR', per: 'once' },
  serviceId: null,
  teamId: null,
  deliverySeconds: null,
  approval: null,
  fulfilment: {
    startDay: null,
    onFailure: 'ask',
    tasks: [
      {
        ...{ key: 'hand-over', kind: 'manual', title: 'Hand it over', after: [], when: null },
        ...{ notBeforeDays: null, description: '', teamId: null, dueDays: null, undo: null },
        outcomes: ['taken', 'left'],
      },
      {
        ...{ key: 'account', kind: 'automatic', title: 'Make an account', after: [], when: null },
        ...{ notBeforeDays: null, activity: 'account', input: {}, attempts: 3, undo: null },
      },
    ],
  },
};

describe('conditions over answers', () => {
  const holds = (text: string, answers: Parameters<typeof subjectOfAnswers>[1]) =>
    compiled(answerFields(form), text)(subjectOfAnswers(form, answers));

  it('compare what each property holds', () => {
    expect(holds('answers.model==strong;answers.memory>=16', { model: 'strong', memory: 16 })).toBe(
      true,
    );
    expect(holds('answers.size==l', { size: 's' })).toBe(false);
    expect(holds('answers.software==draw', { software: ['office', 'draw'] })).toBe(true);
    expect(holds('answers.software=isnull=true', { software: [] })).toBe(true);
    expect(holds('answers.isRemote!=true', {})).toBe(true);
    expect(holds('answers.begins>=2026-12-01', { begins: '2026-12-01' })).toBe(true);
  });

  it('ask for nothing that cannot be compared', () => {
    expect([...answerFields(form).keys()]).not.toContain('answers.address');
    expect(answerFields(form)).toBe(answerFields(form));
  });
});

describe('conditions of approvals, tasks and audiences', () => {
  it('know the cost of all that is ordered', () => {
    const asked = compiled(approvalFields(definition), 'cost>1000,quantity>5');
    const about = (quantity: number) => subjectOfApproval(definition, { answers: {}, quantity });
    expect(asked(about(1))).toBe(false);
    expect(asked(about(2))).toBe(true);
  });

  it('know what tasks came to', () => {
    const asked = compiled(taskFields(definition), 'results.hand-over==taken;results.account==u1');
    const about = (results: Record<string, string>) =>
      subjectOfTask(definition, { answers: {}, results });
    expect(asked(about({ 'hand-over': 'taken', account: 'u1' }))).toBe(true);
    expect(asked(about({ account: 'u1' }))).toBe(false);
  });

  it('know somebody with all of their teams', () => {
    const [one, other] = [
      '0197d9f5-2b1c-7c3e-8f21-000000000001',
      '0197d9f5-2b1c-7c3e-8f21-000000000002',
    ];
    const asked = compiled(audienceFields, `role=ge=agent;team==${other},department==Sales`);
    const person = { department: null, locationId: null, isVip: false, teamIds: [one, other] };
    expect(asked(subjectOfOnlooker({ ...person, role: 'manager' }))).toBe(true);
    expect(asked(subjectOfOnlooker({ ...person, role: 'end_user' }))).toBe(false);
    expect(asked(subjectOfOnlooker({ ...person, role: 'end_user', department: 'Sales' }))).toBe(
      true,
    );
  });
});

describe('what is shown', () => {
  it('follows from what is shown itself', () => {
    expect(visibleIn(form, { model: 'strong', memory: 16 })).toContain('software');
    expect(visibleIn(form, { model: 'light', memory: 16 })).not.toContain('software');
  });
});
