/** The verbs of an operator, with all that their help says. */
import { Slug } from '../../../models/organizations/slug';
import type { Call, Verb } from '../verb';
import { bringBack, create, deleteOne, list, resumeOne, suspendOne } from './acts';
import { exportOne, purge } from './rows';

const slug = '<slug>';

export const organizationVerbs: Readonly<Record<string, Verb>> = {
  'organization create': {
    summary: 'Makes an organization that is ready to work, and its administrator.',
    usage: ['--slug <slug> --name <name> --admin-email <address> [--timezone <zone>]'],
    help:
      'With a default team, calendars, service levels and one administrator, whose password is printed\n' +
      'once and must be changed at the first sign-in. A slug that was ever used is not given again.',
    words: 0,
    flags: {
      slug: { value: slug, help: 'its name in addresses; never changes' },
      name: { value: '<name>', help: 'its name for people' },
      'admin-email': { value: '<address>', help: 'of its first administrator' },
      'admin-name': { value: '<name>', help: 'default: Administrator' },
      timezone: { value: '<zone>', help: 'IANA zone of its business hours; default UTC' },
    },
    check: (call) =>
      missing(call, 'slug', 'name', 'admin-email') ?? wrongSlug(call.text('slug') ?? ''),
    operate: create,
  },
  'organization list': {
    summary: 'Lists organizations: which work, are suspended or deleted, and what was purged.',
    usage: [''],
    help: 'Changes nothing.',
    words: 0,
    flags: {},
    operate: list,
  },
  'organization suspend': {
    summary: 'Lets nobody of an organization come in, at once.',
    usage: [`${slug} --reason <why>`],
    help: 'Clocks run on. What closes by itself waits until it is resumed.',
    words: 1,
    flags: { reason: { value: '<why>', help: 'kept with it, for operators' } },
    check: (call) => missing(call, 'reason'),
    operate: suspendOne,
  },
  'organization resume': {
    summary: 'Lets the people of a suspended organization come in again.',
    usage: [slug],
    help: 'What waited meanwhile happens now.',
    words: 1,
    flags: {},
    operate: resumeOne,
  },
  'organization export': {
    summary: 'Writes all rows of an organization into a file.',
    usage: [`${slug} --to <file>`],
    help:
      'Lines of JSON, gzipped, as of one instant; without passwords, tokens and other secrets. The file\n' +
      'has its name only once it is whole. As the application role, on DATABASE_URL.',
    words: 1,
    flags: { to: { value: '<file>', help: 'a new file; one that is there is not overwritten' } },
    check: (call) => missing(call, 'to'),
    run: exportOne,
  },
  'organization delete': {
    summary: 'Deletes an organization after 30 days in which it can be brought back.',
    usage: [slug, `${slug} --restore`],
    help: 'Suspends it at once.',
    words: 1,
    flags: { restore: { help: 'bring it back, as long as the 30 days are not over' } },
    operate: (operator, call) =>
      call.isSet('restore') ? bringBack(operator, call) : deleteOne(operator, call),
  },
  'organization purge': {
    summary: 'Ends lives and deletes rows of what was deleted more than 30 days ago.',
    usage: [''],
    help: 'Workers do it, too, every hour. Safe to end and to repeat.',
    words: 0,
    flags: {},
    run: purge,
  },
};

function missing(call: Call, ...flags: readonly string[]): string | undefined {
  const absent = flags.filter((flag) => (call.text(flag) ?? '').trim() === '');
  return absent.length === 0 ? undefined : `Give ${absent.map((flag) => `--${flag}`).join(', ')}.`;
}

function wrongSlug(given: string): string | undefined {
  const { error } = Slug.safeParse(given);
  return error && `--slug ${error.issues.map(({ message }) => message).join(', ')}.`;
}
