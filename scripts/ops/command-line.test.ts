import { readCommandLine } from './command-line';
import { verbs } from './verbs';

const read = (line: string) => readCommandLine(line.split(' ').filter(Boolean), verbs);

function textOf(line: string): string {
  const asked = read(line);
  return asked.kind === 'run' ? '' : asked.text;
}

describe('the command line of operations', () => {
  it('lists every verb when none, or an unknown one, is given', () => {
    for (const line of ['', 'reanimate', 'toString']) {
      expect(read(line).kind).toBe('wrong');
      for (const verb of Object.keys(verbs)) expect(textOf(line)).toContain(`  ${verb}`);
    }
    expect(textOf('reanimate')).toContain('There is no verb reanimate.');
  });

  it('answers --help in general and for each verb with all of its flags', () => {
    expect(read('--help').kind).toBe('help');
    for (const [name, { summary, flags }] of Object.entries(verbs)) {
      expect(read(`${name} --help`).kind).toBe('help');
      expect(textOf(`${name} --help`)).toContain(summary);
      for (const flag of Object.keys(flags)) expect(textOf(`${name} -h`)).toContain(`--${flag}`);
    }
  });

  it('refuses an unknown flag and shows what the verb takes', () => {
    const asked = read('resume --everything');
    expect(asked.kind).toBe('wrong');
    expect(textOf('resume --everything')).toMatch(/^Unknown option '--everything'\.?\n\n/);
    expect(textOf('resume --everything')).toContain('--all-missing');
  });

  it.each([
    ['resume', 'Give one of --all-missing, --replace or --stuck.'],
    ['resume --stuck --all-missing', 'Give one of --all-missing, --replace or --stuck.'],
    [
      'resume --all-missing --replace acme/INC0000001',
      'Give one of --all-missing, --replace or --stuck.',
    ],
    ['resume --replace', "Option '--replace <value>' argument missing"],
    ['outbox --all --retry x', '--all goes with no other flag.'],
    ['outbox --ticket acme/INC0000001', '--ticket goes with --retry.'],
    ['facts', 'facts takes <ticket>.'],
    ['retry-fact acme/INC0000001', 'retry-fact takes <ticket> <cause>.'],
    ['check now', 'check takes no words.'],
  ])('refuses "%s"', (line, why) => {
    expect(read(line).kind).toBe('wrong');
    expect(textOf(line)).toContain(why);
  });

  it('hands words and flags to the verb', () => {
    const asked = read('outbox --retry look/3 --ticket acme/INC0000001');
    if (asked.kind !== 'run') throw new Error(asked.text);
    expect(asked.verb).toBe(verbs['outbox']);
    expect(asked.call.text('retry')).toBe('look/3');
    expect(asked.call.text('ticket')).toBe('acme/INC0000001');
    expect(asked.call.isSet('all')).toBe(false);
  });
});
