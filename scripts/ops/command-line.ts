/** Reads `npm run ops -- <verb> ...`: what is asked for, or what there is. */
import { parseArgs } from 'node:util';
import { messageOf } from '../stack/failure';
import type { Call, Verb } from './verb';

type Verbs = Readonly<Record<string, Verb>>;

export type Asked =
  | { readonly kind: 'run'; readonly verb: Verb; readonly call: Call }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly text: string };

/** Never throws: what cannot be read comes back with the list of what can. */
export function readCommandLine(args: readonly string[], verbs: Verbs): Asked {
  const [name, ...rest] = args;
  if (name === undefined) return { kind: 'wrong', text: overview(verbs) };
  if (name === '--help' || name === '-h' || name === 'help')
    return { kind: 'help', text: overview(verbs) };
  const [second = '', ...behind] = rest;
  const both = `${name} ${second}`;
  const found = verbs[both];
  if (Object.hasOwn(verbs, both) && found) return readCall(both, found, behind);
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!verb) return { kind: 'wrong', text: `There is no verb ${name}.\n\n${overview(verbs)}` };
  return readCall(name, verb, rest);
}

function readCall(name: string, verb: Verb, args: readonly string[]): Asked {
  const wrong = (why: string): Asked => ({
    kind: 'wrong',
    text: `${why}\n\n${helpOf(name, verb)}`,
  });
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: optionsOf(verb),
      allowPositionals: true,
    });
    if (values['help'] === true) return { kind: 'help', text: helpOf(name, verb) };
    if (positionals.length !== verb.words) {
      return wrong(`${name} takes ${verb.words === 0 ? 'no words' : verb.usage.join(' or ')}.`);
    }
    const call = callOf(values, positionals);
    const clash = verb.check?.(call);
    return clash === undefined ? { kind: 'run', verb, call } : wrong(clash);
  } catch (error) {
    // What Node adds about words that begin with a dash helps nobody here.
    return wrong(messageOf(error).replace(/ To specify a positional.*/s, ''));
  }
}

type Options = Record<string, { type: 'boolean' | 'string'; short?: string }>;

function optionsOf({ flags }: Verb): Options {
  const options: Options = { help: { type: 'boolean', short: 'h' } };
  for (const [flag, { value }] of Object.entries(flags)) {
    options[flag] = { type: value === undefined ? 'boolean' : 'string' };
  }
  return options;
}

function callOf(values: Readonly<Record<string, unknown>>, words: readonly string[]): Call {
  return {
    words,
    text: (flag) => {
      const value = values[flag];
      return typeof value === 'string' ? value : undefined;
    },
    isSet: (flag) => values[flag] !== undefined,
  };
}

function overview(verbs: Verbs): string {
  const lines = Object.entries(verbs).map(
    ([name, { summary }]) => `  ${name.padEnd(22)}${summary}`,
  );
  return [
    'npm run ops -- <verb> [--help]',
    '',
    ...lines,
    '',
    'Works on DATABASE_URL and TEMPORAL_ADDRESS, the operator on DATABASE_OPERATOR_URL; unset: on what',
    'npm start runs in DATA_DIR.',
  ].join('\n');
}

function helpOf(name: string, { summary, usage, help, flags }: Verb): string {
  const rows = Object.entries(flags).map(
    ([flag, about]) => `  ${`--${flag} ${about.value ?? ''}`.padEnd(22)}${about.help}`,
  );
  return [
    ...usage.map((words) => `npm run ops -- ${name} ${words}`.trimEnd()),
    '',
    summary,
    help,
    ...(rows.length === 0 ? [] : ['', ...rows]),
  ].join('\n');
}
