import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectionAcquireTimeoutError, ConnectionRefusedError, DatabaseError } from 'sequelize';
import { errorCodes, Refusal } from '../../models/errors';
import { headersOf, problemOf, problems, refusalOf } from './errors';

describe('the documented list of codes', () => {
  const page = readFileSync(join(__dirname, '../../docs/errors.md'), 'utf8');
  const documented = [...page.matchAll(/^\| `(\w+)`\s*\| (\d{3})\s*\| (.*?)\s*\|$/gm)].map(
    ([, code, status, meaning]) => [code, Number(status), meaning],
  );
  const known = Object.entries(errorCodes).map(([code, meaning]) => [
    code,
    Object.entries(problems).find(([name]) => name === code)?.[1].status,
    meaning,
  ]);

  it('is the list in the code: no code missing, none too many, with the same status and words', () => {
    expect(documented).toEqual(known);
  });
});

describe('a refusal as a problem document', () => {
  it('has the standard members, the code, the request id, and the details beside them', () => {
    const refusal = new Refusal('invalid_transition', 'It is closed.', { allowed: ['reopen'] });
    expect(problemOf(refusal, 'r1')).toEqual({
      type: 'urn:holdfast:error:invalid_transition',
      title: 'Not possible in this state',
      status: 409,
      detail: 'It is closed.',
      code: 'invalid_transition',
      requestId: 'r1',
      allowed: ['reopen'],
    });
  });

  it('cannot be told another status or code by its details', () => {
    const refusal = new Refusal('forbidden', 'No.', { status: 200, code: 'ok', requestId: 'x' });
    expect(problemOf(refusal, 'r1')).toMatchObject({
      status: 403,
      code: 'forbidden',
      requestId: 'r1',
    });
  });

  it('says when to come back and which methods there are', () => {
    expect(headersOf(new Refusal('rate_limited', '', { retryAfterSeconds: 7 }))).toMatchObject({
      'Retry-After': '7',
    });
    expect(
      headersOf(new Refusal('method_not_allowed', '', { allow: ['GET', 'POST'] })),
    ).toMatchObject({ Allow: 'GET, POST' });
    expect(headersOf(new Refusal('unauthenticated', ''))).toHaveProperty('WWW-Authenticate');
  });
});

describe('what a caller is told of an error', () => {
  it('is nothing but that it happened when nobody expected it', () => {
    const refusal = refusalOf(new Error('relation "secrets" does not exist'));
    expect(refusal.code).toBe('internal');
    expect(JSON.stringify(problemOf(refusal, 'r1'))).not.toContain('secrets');
  });

  const coded = (code: string | number) => Object.assign(new Error('x'), { code });
  const queryError = (code: string) =>
    new DatabaseError(Object.assign(new Error('x'), { sql: 'select', code }));

  it.each<[string, Error]>([
    ['no connection', new ConnectionRefusedError(coded('ECONNREFUSED'))],
    ['no free connection', new ConnectionAcquireTimeoutError(new Error('x'))],
    ['the server is shutting down', queryError('57P01')],
    ['the connection broke', queryError('08006')],
    ['too many clients', queryError('53300')],
    ['a statement took too long', queryError('57014')],
    ['a deadlock', queryError('40P01')],
    ['a broken socket', coded('ECONNRESET')],
    ['the engine is away', coded(14)],
    ['the connection ended in a query', new Error('Connection terminated unexpectedly')],
    ['all addresses refused', new AggregateError([coded('ECONNREFUSED')])],
    ['an outage below another error', new Error('x', { cause: coded('EPIPE') })],
  ])('is unavailable, with a time to come back: %s', (_, error) => {
    const refusal = refusalOf(error);
    expect(refusal.code).toBe('unavailable');
    expect(refusal.details['retryAfterSeconds']).toBeGreaterThan(0);
  });

  it.each<[string, Error]>([
    ['a broken constraint', queryError('23505')],
    ['a wrong column', queryError('42703')],
    ['another gRPC status', coded(3)],
  ])('is internal, as no waiting cures it: %s', (_, error) => {
    expect(refusalOf(error).code).toBe('internal');
  });
});
