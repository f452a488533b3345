/**
 * Leads lives of tests/histories/cases.ts on servers of its own and writes their histories beside them:
 * the named cases, or all that have none. Never writes over one. When to run it: CONTRIBUTING.md, "Change life.ts".
 */
import type { Stage } from '../tests/histories/stage';
import { cases, type Case } from '../tests/histories/cases';
import { recordedCases, writeHistory } from '../tests/histories/file';
import { openStage } from '../tests/histories/stage';
import { startServers } from '../tests/setup/servers';
import { removeScratch } from './rig/scratch';
import { publish } from '../tests/setup/stack';
import { messageOf } from './stack/failure';

/** More runs of one life say nothing new. */
const runsKept = 2;

void main();

async function main(): Promise<void> {
  try {
    const wanted = read(process.argv.slice(2));
    if (wanted.length === 0) console.log('Every case is recorded.');
    else await onServers((stage) => recordAll(stage, wanted));
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

type Wanted = readonly [name: string, lead: Case];

function read(names: readonly string[]): Wanted[] {
  const present = recordedCases();
  if (names.length === 0) return Object.entries(cases).filter(([name]) => !present.has(name));
  return names.map((name) => {
    const lead = Object.hasOwn(cases, name) ? cases[name] : undefined;
    if (!lead) throw new Error(`There is no case ${name}. Cases: ${Object.keys(cases).join(', ')}`);
    if (!present.has(name)) return [name, lead];
    throw new Error(
      `${name} is recorded, and lives of its time may be open: give what is new a case of its own.`,
    );
  });
}

async function onServers(work: (stage: Stage) => Promise<void>): Promise<void> {
  const stack = await startServers();
  try {
    publish(stack);
    const stage = await openStage();
    await work(stage).finally(() => stage.close());
  } finally {
    await removeScratch(stack.scratch);
  }
}

async function recordAll(stage: Stage, wanted: readonly Wanted[]): Promise<void> {
  for (const [name, lead] of wanted) {
    const runs = await runsOf(stage, await lead(stage));
    for (const [k, history] of runs.entries()) {
      const file = runs.length === 1 ? name : `${name}-${k + 1}`;
      writeHistory(file, history);
      console.log(`${file}: ${history.events?.length ?? 0} events`);
    }
  }
}

/** Histories of the last life under this id, from its first run on. */
async function runsOf({ world }: Stage, workflowId: string) {
  const { workflow } = world.engine.client;
  const { raw } = await workflow.getHandle(workflowId).describe();
  const runs = [];
  let runId = raw.workflowExecutionInfo?.firstRunId;
  while (runId && runs.length < runsKept) {
    const history = await workflow.getHandle(workflowId, runId).fetchHistory();
    runs.push(history);
    const last = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
    runId = last?.newExecutionRunId;
  }
  return runs;
}
