import { createHmac } from 'node:crypto';
import { signatureOf } from './signature';

const signed = {
  ...{ idempotencyKey: 'ticket/task.account/7', method: 'POST', body: '{"name":"Ada"}' },
  ...{ url: new URL('https://idm.example/api/people?dry=1'), at: new Date('2026-11-24T08:00:00Z') },
};

it('is what docs/automatic-tasks.md tells receivers to compute', () => {
  const lines = [
    '1795507200',
    'ticket/task.account/7',
    'POST',
    '/api/people?dry=1',
    '{"name":"Ada"}',
  ];
  const digest = createHmac('sha256', 'a shared secret').update(lines.join('\n')).digest('hex');
  expect(signatureOf('a shared secret', signed)).toBe(`t=1795507200,v1=${digest}`);
});

it('differs with everything that it is over', () => {
  const all = [
    signed,
    { ...signed, idempotencyKey: 'ticket/task.account/8' },
    { ...signed, method: 'PUT' },
    { ...signed, body: '{"name":"Bob"}' },
    { ...signed, url: new URL('https://idm.example/api/people?dry=0') },
    { ...signed, at: new Date('2026-11-24T08:00:01Z') },
  ].map((one) => signatureOf('a shared secret', one));
  expect(new Set([...all, signatureOf('another secret', signed)]).size).toBe(7);
});
