import { change } from '../../workflows/changes/process';
import { incident } from '../../workflows/incidents/process';
import { readRsql } from '../filter/rsql';
import { conditionFields } from './subject';

const issueOf = (text: string) => {
  const read = readRsql(conditionFields(incident), text);
  return read.ok ? undefined : read.issues[0]?.detail;
};

describe('what conditions ask about a ticket', () => {
  it.each([
    'priority=le=P2;requester.isVip==true',
    'state=in=(new,onHold),assignee=isnull=true',
    'requester.role=ge=manager',
    'requester.department=="Board office"',
    'service.criticality==high;awaitsReply==false',
    'location!=0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11',
  ])('%s', (text) => {
    expect(issueOf(text)).toBeUndefined();
  });

  it.each([
    ['state==draft', 'state must be one of new, assigned'],
    ['requester==me', 'requester must be an id'],
    ['team==myTeams', 'team must be an id'],
    ['impact=lt=high', 'impact takes the operators eq, ne, in, nin, isnull'],
    ['channel=isnull=true', 'channel takes the operators eq, ne, in, nin'],
    ['requester.password==x', 'requester.password is not a field'],
  ])('not %s', (text, detail) => {
    expect(issueOf(text)).toContain(detail);
  });

  it('has the states of its process', () => {
    expect(conditionFields(change).get('state')?.values).toContain('draft');
  });

  it('has the facets of its process, each of which may be null', () => {
    const fields = conditionFields({
      ...incident,
      facets: { isMajor: 'boolean', reopenings: 'integer', hold: ['vendor', 'customer'] },
    });
    const text = 'isMajor==true;reopenings=ge=2;hold=in=(vendor,customer),hold=isnull=true';
    expect(readRsql(fields, text).ok).toBe(true);
    expect(readRsql(fields, 'hold==problem').ok).toBe(false);
  });

  it('is made once for each process', () => {
    expect(conditionFields(incident)).toBe(conditionFields(incident));
  });
});
