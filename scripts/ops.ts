/** `npm run ops -- <verb>`: looks after an installation from the command line. */
import { existsSync } from 'node:fs';
import { readConfig } from '../config';
import { readCommandLine } from './ops/command-line';
import { openInstallation } from './ops/installation';
import { openOperator } from './ops/operator';
import { print } from './ops/print';
import type { Call, Verb } from './ops/verb';
import { verbs } from './ops/verbs';
import { messageOf } from './stack/failure';

/** Exit codes: all is well; something is wrong; the command line cannot be read. */
const codes = { well: 0, wrong: 1, unreadable: 2 };

void main();

async function main(): Promise<void> {
  const asked = readCommandLine(process.argv.slice(2), verbs);
  switch (asked.kind) {
    case 'run':
      process.exitCode = await run(asked.verb, asked.call);
      return;
    case 'help':
      print(asked.text);
      return;
    case 'wrong':
      console.error(asked.text);
      process.exitCode = codes.unreadable;
  }
}

async function run(verb: Verb, call: Call): Promise<number> {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    if ('rehearse' in verb) return (await verb.rehearse(call)) ? codes.well : codes.wrong;
    if ('operate' in verb) {
      const operator = await openOperator(readConfig());
      try {
        return (await verb.operate(operator, call)) ? codes.well : codes.wrong;
      } finally {
        await operator.close();
      }
    }
    const installation = await openInstallation(readConfig());
    try {
      return (await verb.run(installation, call)) ? codes.well : codes.wrong;
    } finally {
      await installation.close();
    }
  } catch (error) {
    console.error(messageOf(error));
    return codes.wrong;
  }
}
