import { pino } from 'pino';
import type { StepAnswer, StepRequest } from '../../workflows/life/wire';
import type { Step } from './step';
import { logSteps } from './step-log';
import { witnessed, type StepSeen } from './witness';

const request: StepRequest = {
  ...{ organizationId: 'org', ticketId: 'ticket', type: 'incident', life: 1 },
  fact: {
    name: 'resolve',
    via: 'api',
    cause: 'command',
    requestId: 'request',
    input: { notes: 'secret words' },
  },
};
const answer: StepAnswer = { outcome: { kind: 'applied', version: 2 } };

async function witness(step: Step): Promise<StepSeen> {
  const all: StepSeen[] = [];
  await witnessed(step, (one) => all.push(one))(request, 'acme/incident/INC1').catch(
    () => undefined,
  );
  expect(all).toHaveLength(1);
  const [seen] = all;
  if (!seen) throw new Error('nothing was seen');
  return seen;
}

describe('a witnessed step', () => {
  it('answers as it would alone, and tells which life asked and what became of the fact', async () => {
    const step = witnessed(
      () => Promise.resolve(answer),
      () => undefined,
    );
    expect(await step(request)).toBe(answer);
    const seen = await witness(() => Promise.resolve(answer));
    expect(seen).toMatchObject({ request, workflowId: 'acme/incident/INC1', result: 'applied' });
    expect(seen.seconds).toBeGreaterThanOrEqual(0);
  });

  it('tells of a cause that was recorded before', async () => {
    const seen = await witness((_, tell) => {
      tell({ isKnown: true, handled: [], owesOthers: false });
      return Promise.resolve(answer);
    });
    expect(seen.result).toBe('known');
  });

  it('tells how late each agenda entry was handled, in seconds', async () => {
    const dueAt = new Date(Date.now() - 90_000).toISOString();
    const seen = await witness((_, tell) => {
      tell({ isKnown: false, handled: [dueAt], owesOthers: false });
      return Promise.resolve(answer);
    });
    expect(seen.lateSeconds).toHaveLength(1);
    expect(seen.lateSeconds[0]).toBeGreaterThanOrEqual(90);
    expect(seen.lateSeconds[0]).toBeLessThan(100);
  });

  it('tells of an outage, and throws it on', async () => {
    const step = () => Promise.reject(new Error('connection lost'));
    expect((await witness(step)).result).toBe('thrown');
    await expect(witnessed(step, () => undefined)(request)).rejects.toThrow('connection lost');
  });
});

describe('the line of a step', () => {
  async function lineOf(change: Partial<StepSeen>): Promise<unknown> {
    const lines: string[] = [];
    const log = pino(
      { level: 'info', base: null, timestamp: false },
      { write: (line) => lines.push(line) },
    );
    const seen = await witness(() => Promise.resolve(answer));
    logSteps(log)({ ...seen, seconds: 0.0123, ...change });
    return lines[0] === undefined ? undefined : JSON.parse(lines[0]);
  }

  it('has every id by which a command is followed, and nothing that it says', async () => {
    expect(await lineOf({})).toEqual({
      level: 30,
      fact: 'resolve',
      result: 'applied',
      durationMs: 12.3,
      requestId: 'request',
      commandId: 'command',
      organizationId: 'org',
      ticketId: 'ticket',
      workflowId: 'acme/incident/INC1',
      msg: 'fact taken',
    });
  });

  it('is a warning when there was no outcome, and not there when a life only looked', async () => {
    expect(await lineOf({ result: 'thrown' })).toMatchObject({ level: 40 });
    const look: StepRequest = { ...request, fact: { name: 'look', via: 'engine' } };
    expect(await lineOf({ request: look })).toBeUndefined();
  });
});
