import { aFact } from '../../../tests/factories';
import { Refusal } from '../../errors';
import { isOutage, RuleFailed } from './failure';

const sqlError = (code: string) => Object.assign(new Error('x'), { original: { code } });

describe('an outage', () => {
  it.each(['08006', '53300', '57P01', '57014', '55P03', '40001', '40P01', '25006'])(
    'is SQL state %s',
    (code) => {
      expect(isOutage(sqlError(code))).toBe(true);
    },
  );

  it.each(['23505', '22P02', '42703', '57000', '25001'])('is not SQL state %s', (code) => {
    expect(isOutage(sqlError(code))).toBe(false);
  });

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'])('is %s under a query', (code) => {
    expect(isOutage(sqlError(code))).toBe(true);
  });

  it.each([
    'connect ECONNREFUSED 127.0.0.1:5432',
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
  ])('is %s', (message) => {
    expect(isOutage(new Error(message))).toBe(true);
  });

  it('is neither a refusal, nor a bug, nor what is no error', () => {
    expect(isOutage(new Refusal('conflict', 'timeout'))).toBe(false);
    expect(isOutage(new TypeError('x is not a function'))).toBe(false);
    expect(isOutage('timeout')).toBe(false);
  });
});

describe('a rule that throws', () => {
  const fact = aFact('explode', {});
  const bug = new TypeError('x is not a function');

  it('is named with the fact and the reason', () => {
    const attempt = () =>
      RuleFailed.during(fact, () => {
        throw bug;
      });
    expect(attempt).toThrow(RuleFailed);
    expect(new RuleFailed(fact, bug)).toMatchObject({ fact, cause: bug });
    expect(attempt).toThrow(`explode (${fact.cause}): x is not a function`);
  });

  it('is not seen where none throws', () => {
    expect(RuleFailed.during(fact, () => 7)).toBe(7);
  });

  it('while writing is told from an outage', async () => {
    const writing = (error: Error) => RuleFailed.whileWriting(fact, () => Promise.reject(error));
    await expect(writing(bug)).rejects.toThrow(RuleFailed);
    await expect(writing(sqlError('40P01'))).rejects.not.toThrow(RuleFailed);
  });
});
