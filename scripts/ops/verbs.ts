/** Every verb of `npm run ops`, with all that its help says. */
import { check } from './check';
import { facts, retry } from './facts';
import { organizationVerbs } from './organization/verbs';
import { outbox } from './outbox';
import { rehearseRestore, ticketsOf } from './restore-drill';
import { resume } from './resume';
import { stuck } from './stuck';
import type { Call, Verb } from './verb';

const naming = 'A ticket is named by its id, acme/incident/INC0000042 or acme/INC0000042.';

export const verbs: Readonly<Record<string, Verb>> = {
  check: {
    summary: 'Holds PostgreSQL against the engine; exit code 1 when something is wrong.',
    usage: [''],
    help:
      'Lists tickets that do not live, lives of another ticket, stuck lives, overdue agendas, gaps in\n' +
      'feeds, facts that a rule failed on, and messages that were not delivered. Changes nothing.',
    words: 0,
    flags: {},
    run: check,
  },
  resume: {
    summary: 'Starts lives: all that are missing, or new ones in place of some.',
    usage: ['--all-missing', '--replace <ticket>', '--stuck'],
    help:
      'Safe to repeat. After the store of the engine was lost, --all-missing restores every life from\n' +
      `PostgreSQL: what fell due meanwhile is handled at once, with its true instants. ${naming}`,
    words: 0,
    flags: {
      'all-missing': {
        help: 'start every unsettled ticket that does not live; send unconfirmed messages again',
      },
      replace: {
        value: '<ticket>',
        help: 'end the life of this ticket, whatever state it is in, and start a new one',
      },
      stuck: { help: 'do the same with every life that `stuck` lists' },
    },
    check: exactlyOne('all-missing', 'replace', 'stuck'),
    run: resume,
  },
  stuck: {
    summary: 'Lists lives whose tasks fail; exit code 1 when there are some.',
    usage: [''],
    help:
      'Mostly their code cannot replay their history, after a deploy or its rollback. Says since when\n' +
      'and why. resume --stuck repairs them. Changes nothing.',
    words: 0,
    flags: {},
    run: stuck,
  },
  outbox: {
    summary: 'Shows what was not delivered to the engine; takes up again what was set aside.',
    usage: ['', '--retry <id> [--ticket <ticket>]', '--all'],
    help: `A row is set aside after 40 tries. Shows the oldest rows, those set aside first. ${naming}`,
    words: 0,
    flags: {
      retry: { value: '<id>', help: 'take up the set-aside row with this id' },
      ticket: {
        value: '<ticket>',
        help: 'with --retry: of this ticket, when several have such a row',
      },
      all: { help: 'take up all rows that are set aside' },
    },
    check: (call) => {
      if (call.isSet('all') && (call.isSet('retry') || call.isSet('ticket'))) {
        return '--all goes with no other flag.';
      }
      return call.isSet('ticket') && !call.isSet('retry')
        ? '--ticket goes with --retry.'
        : undefined;
    },
    run: outbox,
  },
  facts: {
    summary: 'Lists the facts of a ticket that were refused or that a rule failed on.',
    usage: ['<ticket>'],
    help: naming,
    words: 1,
    flags: {},
    run: facts,
  },
  'retry-fact': {
    summary: 'Takes up a fact that a rule failed on, once the rule is mended and deployed.',
    usage: ['<ticket> <cause>'],
    help:
      'An agenda entry goes back on the agenda at its instant; a command, a message or the result of\n' +
      `work is applied again under its own cause. Causes are listed by facts. ${naming}`,
    words: 2,
    flags: {},
    run: retry,
  },
  'restore-drill': {
    summary:
      'Rehearses a restore in a scratch folder: dump, lose everything, bring it back, compare.',
    usage: ['[--tickets N]', '--dump <file>'],
    help:
      'Touches no installation. With --dump it restores that dump (custom format of pg_dump; needs\n' +
      'pg_restore on the PATH), starts its lives, and says how long that took and what was overdue.',
    words: 0,
    flags: {
      tickets: { value: '<N>', help: 'how many tickets are under way; default 200' },
      dump: { value: '<file>', help: 'a dump of an installation, instead of one made here' },
    },
    check: (call) => {
      if (call.isSet('tickets') && call.isSet('dump')) return 'Give either --tickets or --dump.';
      return ticketsOf(call) === undefined ? '--tickets is a whole number from 10.' : undefined;
    },
    rehearse: rehearseRestore,
  },
  ...organizationVerbs,
};

function exactlyOne(...flags: readonly string[]) {
  const wish = flags
    .map((flag) => `--${flag}`)
    .join(', ')
    .replace(/, (\S+)$/, ' or $1');
  return (call: Call) =>
    flags.filter((flag) => call.isSet(flag)).length === 1 ? undefined : `Give one of ${wish}.`;
}
