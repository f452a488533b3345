import type { ApproverSpec } from '../approvals/approvers';
import { coveringOf } from './covering';
import type { ApprovalPolicy } from './shape';

const approval = (approver: ApproverSpec, more: Partial<ApprovalPolicy> = {}): ApprovalPolicy => ({
  when: null,
  stages: [
    [
      {
        ...{ name: 'x', approvers: [approver], quorum: { kind: 'anyone' }, expiresInHours: 1 },
        ...{ onExpiry: 'expire', remindEveryHours: null },
      },
    ],
  ],
  coversOrder: true,
  ...more,
});
const boss = { kind: 'relation', relation: 'requesterManager', veto: false } as const;
const owner = { kind: 'relation', relation: 'serviceOwner', veto: false } as const;
const one = (id: string, policy: ApprovalPolicy | null, serviceId: string | null = null) => ({
  ...{ id, definition: { approval: policy, serviceId }, isAsked: policy !== null },
});

describe('what is asked for an order', () => {
  it('is asked once of the same people in the same way', () => {
    const covering = coveringOf([
      one('a', approval(boss)),
      one('b', approval(boss), 's1'),
      one('c', null),
      one('d', approval({ ...boss, veto: true })),
      { ...one('e', approval(boss)), isAsked: false },
      one('f', approval(boss, { coversOrder: false })),
    ]);
    expect(covering.get('a')).toEqual({ coveredById: null, covers: ['b'] });
    expect(covering.get('b')).toEqual({ coveredById: 'a', covers: [] });
    for (const id of ['c', 'd', 'e', 'f'])
      expect(covering.get(id)).toEqual({ coveredById: null, covers: [] });
  });

  it('is asked of the owner of each service by itself', () => {
    const covering = coveringOf([
      one('a', approval(owner), 's1'),
      one('b', approval(owner), 's2'),
      one('c', approval(owner), 's1'),
    ]);
    expect(covering.get('a')?.covers).toEqual(['c']);
    expect(covering.get('b')).toEqual({ coveredById: null, covers: [] });
  });
});
