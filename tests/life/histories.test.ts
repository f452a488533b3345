/** The replay gate: lives that are open today must go on with the code of tomorrow. */
import { Worker } from '@temporalio/worker';
import { z } from 'zod';
import { payloadConverterPath } from '../../engine/worker';
import '../harness';
import { cases } from '../histories/cases';
import { recorded, recordedCases, recordedNames } from '../histories/file';
import { editedLives } from '../setup/edited-lives';
import { testStack } from '../setup/stack';

const Recorded = z.object({
  events: z.array(
    z.looseObject({
      workflowExecutionStartedEventAttributes: z
        .object({ input: z.object({ payloads: z.array(z.object({ data: z.string() })) }) })
        .optional(),
    }),
  ),
});

/** Why each history cannot be replayed by the code of a bundle; undefined where it can. */
async function replayAll(codePath: string): Promise<Map<string, string | undefined>> {
  const options = { workflowBundle: { codePath }, dataConverter: { payloadConverterPath } };
  const histories = recordedNames().map((workflowId) => ({
    workflowId,
    history: recorded(workflowId),
  }));
  const found = new Map<string, string | undefined>();
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    found.set(workflowId, error?.message);
  }
  return found;
}

describe('a recorded history', () => {
  let found: Map<string, string | undefined>;
  beforeAll(async () => {
    found = await replayAll(testStack().bundlePath ?? '');
  });

  it.each(recordedNames())('%s is replayed by the present code', (name) => {
    expect(found.has(name)).toBe(true);
    expect(found.get(name)).toBeUndefined();
  });

  it('is there of every case', () => {
    expect([...recordedCases()]).toEqual(expect.arrayContaining(Object.keys(cases)));
  });

  it('of a run that continued another one begins with facts that travelled along', () => {
    const { events } = Recorded.parse(recorded('continued-as-new-2'));
    const [started] = events;
    const [argument] = started?.workflowExecutionStartedEventAttributes?.input.payloads ?? [];
    const aBomb: unknown = expect.objectContaining({ name: 'bomb' });
    const life: unknown = JSON.parse(Buffer.from(argument?.data ?? '', 'base64').toString());
    expect(life).toMatchObject({ queued: expect.arrayContaining([aBomb]) as unknown });
  });

  it('says so by name when code of lives was edited incompatibly', async () => {
    const edited = await editedLives({
      file: 'workflows/life.ts',
      find: "await wf.sleep(1, { summary: 'Continues as new' });",
      replace: '',
    });
    const broken = [...(await replayAll(edited))].filter(([, reason]) => reason !== undefined);
    expect(broken.map(([name]) => name)).toEqual(['continued-as-new-1']);
    expect(broken[0]?.[1]).toContain('TMPRL1100');
  });
});
