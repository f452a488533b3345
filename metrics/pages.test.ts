import { pino } from 'pino';
import type { StepSeen } from '../activities/tickets/witness';
import type { Part } from '../engine/health';
import { processes } from '../workflows/registry';
import { createAsking } from './asked';
import { createRegistry } from './registry';
import { requestWitness } from './requests';
import { workerMeters } from './worker';

const since = '2026-11-23T09:00:00.000Z';
const part = (ok: boolean): Part => ({ ok, since });

/** A worker's meters, and their page as `name{labels} value` lines. */
function worker(sdkPage: () => Promise<string> = () => Promise.resolve('temporal_x 1')) {
  const database = { poolUse: () => ({ open: 4, idle: 1, most: 12, waiting: 2 }) };
  const meters = workerMeters({ database, processes, sdkPage, log: pino({ level: 'silent' }) });
  const parts = { database: part(true), poller: part(false) };
  const { metrics } = meters.pages(() => Promise.resolve({ ready: false, parts }));
  return { ...meters, lines: async () => (await metrics()).split('\n') };
}

function seen(name: string, change: Partial<StepSeen> = {}): StepSeen {
  const request = { organizationId: 'o', ticketId: 't', type: 'incident', life: 1 };
  const fact = { name, via: 'api' as const };
  const usual = { workflowId: 'acme/incident/INC1', result: 'applied' as const };
  const told = { seconds: 0.02, lateSeconds: [], owesOthers: false };
  return { ...usual, request: { ...request, fact }, ...told, ...change };
}

describe('the page of a worker', () => {
  it('counts steps by kind of fact and result', async () => {
    const { step, lines } = worker();
    step(seen('resolve'));
    step(seen('resolve'));
    step(seen('hold', { result: 'refused' }));
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'holdfast_step_duration_seconds_count{fact="resolve",result="applied"} 2',
        'holdfast_step_duration_seconds_count{fact="hold",result="refused"} 1',
        'holdfast_step_duration_seconds_bucket{le="0.01",fact="resolve",result="applied"} 0',
        'holdfast_step_duration_seconds_bucket{le="0.025",fact="resolve",result="applied"} 2',
        'holdfast_causes_already_done_total 0',
      ]),
    );
  });

  it('counts a cause that was found already done', async () => {
    const { step, lines } = worker();
    step(seen('resolve', { result: 'known' }));
    expect(await lines()).toContain('holdfast_causes_already_done_total 1');
  });

  it('gives names that were typed by hand one label, however many there are', async () => {
    const { step, lines } = worker();
    for (const name of ['constructor', 'anything', 'x'.repeat(500)]) step(seen(name));
    const counts = (await lines()).filter((line) => line.includes('duration_seconds_count'));
    expect(counts).toEqual([
      'holdfast_step_duration_seconds_count{fact="other",result="applied"} 3',
    ]);
  });

  it('measures how late each agenda entry was handled, never less than 0', async () => {
    const { step, lines } = worker();
    step(seen('due', { lateSeconds: [0.2, 7, -0.1] }));
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'holdfast_timer_lateness_seconds_count 3',
        'holdfast_timer_lateness_seconds_sum 7.2',
        'holdfast_timer_lateness_seconds_bucket{le="5"} 2',
      ]),
    );
  });

  it('shows every kind of repair and delivery before the first, so that a rate sees it', async () => {
    const { tally, ruleFailed, lines } = worker();
    const zero = (await lines()).filter((line) => /^holdfast_(watchdog|outbox).* 0$/.test(line));
    expect(zero).toHaveLength(8);
    tally.repaired('began');
    tally.carried('setAside');
    ruleFailed();
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'holdfast_watchdog_repairs_total{kind="began"} 1',
        'holdfast_outbox_deliveries_total{result="setAside"} 1',
        'holdfast_failed_facts_total 1',
      ]),
    );
  });

  it('tells of its pool, its parts and its build, and takes in the metrics of the SDK', async () => {
    expect(await worker().lines()).toEqual(
      expect.arrayContaining([
        'holdfast_database_pool_connections{state="waiting"} 2',
        'holdfast_ready{part="database"} 1',
        'holdfast_ready{part="poller"} 0',
        expect.stringMatching(/^holdfast_build_info\{version="\d.*",node="\d.*"\} 1$/),
        expect.stringMatching(/^process_resident_memory_bytes \d/),
        'temporal_x 1',
      ]),
    );
  });

  it('tells the rest when the SDK gives nothing', async () => {
    const { lines } = worker(() => Promise.reject(new Error('refused')));
    expect(await lines()).toContain('holdfast_failed_facts_total 0');
  });
});

describe('requests', () => {
  it('are counted by declared path and code, whatever the address was', async () => {
    const registry = createRegistry();
    const witness = requestWitness(registry);
    const answered = { method: 'POST', route: '/incidents/{id}', status: 200, seconds: 0.03 };
    witness({ ...answered, isAbandoned: false });
    witness({ ...answered, isAbandoned: true });
    witness({ ...answered, isAbandoned: false, method: 'BREW', route: undefined, status: 404 });
    const page = await registry.metrics();
    for (const line of [
      'requests_total{route="/incidents/{id}",method="POST",code="200"} 1',
      'requests_total{route="/incidents/{id}",method="POST",code="499"} 1',
      'requests_total{route="none",method="other",code="404"} 1',
      'request_duration_seconds_count{route="/incidents/{id}",method="POST"} 2',
    ]) {
      expect(page).toContain(`holdfast_http_${line}`);
    }
  });
});

describe('a figure that somebody else is asked for', () => {
  function asked(answers: (() => Promise<{ n: number }>)[]) {
    const registry = createRegistry();
    let clock = 0;
    let asks = 0;
    const ask = () => (answers[asks++] ?? (() => Promise.reject(new Error('none'))))();
    const gauges = [{ name: 'n', help: 'n', read: ({ n }: { n: number }) => n }];
    createAsking(registry, () => clock)({ source: 'one', ask, keptMs: 1_000, gauges });
    const page = async () =>
      (await registry.metrics())
        .split('\n')
        .filter((line) => /^(n |holdfast_.*_failed_total)/.test(line));
    return { page, later: () => (clock += 1_000), asks: () => asks };
  }
  const failed = (times: number) =>
    `holdfast_metrics_questions_failed_total{source="one"} ${times}`;

  it('is asked for once in its time, however often it is scraped', async () => {
    const { page, later, asks } = asked([1, 2].map((n) => () => Promise.resolve({ n })));
    await Promise.all([page(), page()]);
    expect(await page()).toEqual([failed(0), 'n 1']);
    expect(asks()).toBe(1);
    later();
    expect(await page()).toEqual([failed(0), 'n 2']);
  });

  it('is left out when there is no answer, which is counted, and is back with the next', async () => {
    const one = () => Promise.resolve({ n: 1 });
    const { page, later } = asked([one, () => Promise.reject(new Error('away')), one]);
    await page();
    later();
    await page();
    expect(await page()).toEqual([failed(1)]);
    later();
    expect(await page()).toEqual([failed(1), 'n 1']);
  });
});
