import { eventually, openWorld, type World } from '../harness';
import { errandProcess } from '../errands/process';
import { beginLife, kindsOf } from './living';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

describe('probe', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ processes: [errandProcess], works: { fetch: async () => 'ok' } });
  });
  afterAll(() => world.close());

  async function state(label: string, act: (t: any) => Promise<unknown>) {
    const t = await beginLife(world, { type: 'errand', by: 'agent' });
    let err = '';
    try { await act(t); } catch (e: any) { err = `${e.name} ${e.message} ${e.cause?.message ?? e.stderr ?? ''}`.slice(0, 300); }
    await new Promise((r) => setTimeout(r, 800));
    let out = '';
    try { out = JSON.stringify(await Promise.race([t.give('nudge'), new Promise((r) => setTimeout(() => r('STUCK'), 4000))])); } catch (e: any) { out = 'ERR ' + e.message; }
    const h = kindsOf(await t.history());
    process.stderr.write(`${label}: err=${err} nudge=${out} feed=${JSON.stringify((await t.feed()).map((l) => [l.type, l.cause.slice(0, 20), l.actor.name]))} refusals=${JSON.stringify((await t.refusals()).map((r) => [r.name, String(r.cause).slice(0, 12), r.code]))} failedWft=${h.filter((k) => k === 'WORKFLOW_TASK_FAILED').length}\n`);
  }
  const raw = (t: any, name: string, payloads: any[]) => world.engine.connection.workflowService.signalWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId: t.workflowId }, signalName: name, input: { payloads } });
  const enc = (s: string) => new TextEncoder().encode(s);

  it('x', async () => {
    await state('reserved name', (t) => raw(t, '__temporal_x', []));
    await state('stack trace name', (t) => raw(t, '__stack_trace', []));
    await state('unknown encoding', (t) => raw(t, 'go', [{ metadata: { encoding: enc('foo/bar') }, data: enc('x') }]));
    await state('no encoding', (t) => raw(t, 'go', [{ data: enc('x') }]));
    await state('bad json', (t) => raw(t, 'go', [{ metadata: { encoding: enc('json/plain') }, data: enc('{nope') }]));
    await state('deep json', (t) => raw(t, 'go', [{ metadata: { encoding: enc('json/plain') }, data: enc('['.repeat(400000) + ']'.repeat(400000)) }]));
    await state('deep 5000', (t) => raw(t, 'go', [{ metadata: { encoding: enc('json/plain') }, data: enc('['.repeat(5000) + ']'.repeat(5000)) }]));
    await state('nested 1MB', (t) => t.handle.signal('go', { fails: Array.from({ length: 1000 }, () => ({ a: 'x'.repeat(1000) })) }));
    await state('null', (t) => t.handle.signal('go', null));
    await state('string', (t) => t.handle.signal('go', 'x'));
    await state('NUL in name', (t) => t.handle.signal('go\u0000x', {}));
    await state('NUL in input', (t) => t.handle.signal('go', { fails: 'a\u0000b' }));
    await state('NUL in cause', (t) => t.handle.signal('go', { cause: 'a\u0000b' }));
    await state('lone surrogate', (t) => t.handle.signal('go', { cause: 'a\ud800b', input: '\ud800' }));
    await state('long cause', (t) => t.handle.signal('go', { cause: 'x'.repeat(100000), input: {} }));
    await state('long rubbish', (t) => t.handle.signal('go', { cause: 'y', name: 'z'.repeat(100000) }));
    await state('binary', (t) => raw(t, 'go', [{ metadata: { encoding: enc('binary/plain') }, data: enc('xx') }]));
    await state('constructor', (t) => t.handle.signal('constructor', {}));
    await state('__proto__', (t) => t.handle.signal('__proto__', {}));
    await state('fact toString', (t) => t.handle.signal('fact', { cause: 'q', name: 'toString', input: {} }));
    await state('update constructor', (t) => t.give('constructor'));
    await state('update toString', (t) => t.give('toString', 'x'));
    await state('forged', (t) => t.handle.signal('go', { cause: 'forged', actor: { kind: 'person', id: null, name: 'Root', role: 'admin' }, input: { fails: 0 } }));
    await state('other ticket', (t) => t.handle.signal('go', { cause: 'forged2', ticketId: 'other', input: { fails: 0 } }));
    await state('forged event cause', async (t) => t.handle.signal('go', { cause: t.id, input: { fails: 0 } }));
    await state('forged opened', async (t) => t.handle.signal('opened', { cause: t.id, input: { fails: 0 } }));
    await state('cancel', async (t) => t.handle.cancel());
    for (const n of ['due', 'workDone', 'workFailed', 'opened', 'commented', 'watched', 'edited', 'cancelRequested', 'look', 'nudge', 'fetch', 'bomb', 'command', 'fact']) await state(n, (t) => t.handle.signal(n, { key: 'fetch', n: 2, attempts: 1, body: 'x', isPublic: true, title: 'pwned', userId: t.id }));
  }, 300000);
});
