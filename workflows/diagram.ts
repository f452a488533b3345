/**
 * A process drawn from its declaration, as Mermaid text (stateDiagram-v2). With the way of one ticket, its
 * states are coloured and the transitions that it took have a tick.
 */
import type { ProcessDeclaration } from './process';

/** What leads from state to state: a command, a word from outside, or time. */
interface Lead {
  readonly summary: string;
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  readonly event?: string;
}

/** A declaration, as far as it is drawn; signals and timers may say where they lead, or not. */
export type Drawn = Pick<ProcessDeclaration, 'states' | 'opening' | 'commands'> & {
  readonly signals: Readonly<Record<string, Lead>>;
  readonly timers?: Readonly<Record<string, Lead>>;
};

/** One change of state; the event is that of its feed, null when the reader may not see it. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly event: string | null;
}

/** The way of one ticket up to now. */
export interface Way {
  /** The states that it has been in, the present one last. */
  readonly states: readonly string[];
  readonly moves: readonly Move[];
}

/** Of the declaration alone, or of one ticket's way through it. */
export function diagramOf(process: Drawn, way: Way = nowhere): string {
  const states = [...new Set([...Object.keys(process.states), ...way.states])];
  const idOf = idsOf(states);
  const lines = [
    ...states.map((state) => `state "${plain(state)}" as ${idOf(state)}`),
    ...states.flatMap((state) => stayingIn(process, state).map((one) => `${idOf(state)} : ${one}`)),
    `[*] --> ${idOf(process.opening.state)} : open`,
    ...arrowsOf(process, way).map(
      ({ from, to, label }) => `${idOf(from)} --> ${idOf(to)} : ${label}`,
    ),
    ...states
      .filter((state) => process.states[state] === 'final')
      .map((state) => `${idOf(state)} --> [*]`),
    ...signalsOf(process).map((note) => `note right of ${idOf(process.opening.state)} : ${note}`),
    ...coloursOf(way, idOf),
  ];
  return `${['stateDiagram-v2', ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}

const nowhere: Way = { states: [], moves: [] };

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** One arrow between two states, whatever leads along it: thirty of them would hide the process. */
function arrowsOf(process: Drawn, { states: been, moves }: Way): Arrow[] {
  const states = [...new Set([...Object.keys(process.states), ...been])];
  const taken = new Map<string, Move[]>();
  for (const move of moves) {
    const pair = pairOf(move.from, move.to);
    taken.set(pair, [...(taken.get(pair) ?? []), move]);
  }
  return states.flatMap((from) =>
    states.flatMap((to) => {
      const commands = from === to ? [] : leading(process, from, to);
      const along = taken.get(pairOf(from, to)) ?? [];
      if (commands.length === 0 && along.length === 0) return [];
      return [{ from, to, label: labelOf(process, commands, along) }];
    }),
  );
}

function pairOf(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

/** All that says where it leads, by name. */
function leadsOf({ commands, signals, timers = {} }: Drawn): Readonly<Record<string, Lead>> {
  return { ...timers, ...signals, ...commands };
}

function leading(process: Drawn, from: string, to: string): string[] {
  return Object.entries(leadsOf(process))
    .filter(([, lead]) => lead.from?.includes(from) === true && lead.to?.includes(to) === true)
    .map(([name]) => name);
}

/** What may lead there, with a tick where it did; then what else did: a result, a message. */
function labelOf(process: Drawn, commands: readonly string[], taken: readonly Move[]): string {
  const events = new Set(taken.map(({ event }) => event ?? 'not shown'));
  const eventOf = (command: string) => leadsOf(process)[command]?.event ?? command;
  const declared = new Set(commands.map(eventOf));
  const others = [...events].filter((event) => !declared.has(event));
  return [
    ...commands.map((command) => (events.has(eventOf(command)) ? `✓ ${command}` : command)),
    ...others.map((event) => `✓ ${event}`),
  ]
    .map(plain)
    .join(', ');
}

/** What leaves a ticket in this state, in one line. */
function stayingIn(process: Drawn, state: string): string[] {
  const names = Object.entries(leadsOf(process))
    .filter(([, { from = [], to = [] }]) => {
      return from.includes(state) && (to.includes('same') || to.includes(state));
    })
    .map(([name]) => name);
  return names.length === 0 ? [] : [plain(names.join(', '))];
}

/** Signals that do not say where they lead. */
function signalsOf({ signals }: Drawn): string[] {
  const names = Object.entries(signals)
    .filter(([, { from, to }]) => from === undefined || to === undefined)
    .map(([name]) => name);
  return names.length === 0 ? [] : [plain(`At any time ${names.join(', ')}`)];
}

function coloursOf({ states }: Way, idOf: (state: string) => string): string[] {
  const present = states.at(-1);
  if (present === undefined) return [];
  const left = [...new Set(states)].filter((state) => state !== present);
  return [
    'classDef been fill:#dbeafe,stroke:#1d4ed8',
    'classDef present fill:#bbf7d0,stroke:#15803d,stroke-width:3px',
    ...(left.length === 0 ? [] : [`class ${left.map(idOf).join(',')} been`]),
    `class ${idOf(present)} present`,
  ];
}

/** Words that mean something else to Mermaid at the beginning of a line, in upper case, too. */
const reserved =
  /^(accdescr|acctitle|class|classdef|click|default|end|hide|href|note|scale|state|statediagram|style)$/i;

function idsOf(states: readonly string[]): (state: string) => string {
  return (state) => {
    if (/^[A-Za-z]\w*$/.test(state) && !reserved.test(state)) return state;
    return `s${states.indexOf(state)}_${state.replaceAll(/\W/g, '_')}`;
  };
}

/** Without signs that mean something to Mermaid. */
function plain(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}✓,._-]+/gu, ' ').trim() || '?';
}
