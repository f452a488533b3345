/** What an operations verb is. */
import type { Database } from '../../models/database';
import type { Installation } from './installation';

/** A verb's words and flags, checked against its declaration. */
export interface Call {
  readonly words: readonly string[];
  /** The value of a flag that takes one. */
  text(flag: string): string | undefined;
  isSet(flag: string): boolean;
}

interface Flag {
  /** Stands for the value in the help; absent: the flag takes none. */
  readonly value?: string;
  readonly help: string;
}

interface Declared {
  readonly summary: string;
  /** What follows the verb, as it is typed. */
  readonly usage: readonly string[];
  readonly help: string;
  /** How many words without dashes it takes. */
  readonly words: number;
  readonly flags: Readonly<Record<string, Flag>>;
  /** Refuses flags that do not go together, before anything is connected. */
  check?(call: Call): string | undefined;
}

/**
 * Works on an installation, as its operator on organizations, or, as a rehearsal, on one of its own making.
 * True when all is well.
 */
export type Verb = Declared &
  (
    | { run(installation: Installation, call: Call): Promise<boolean> }
    | { operate(operator: Database, call: Call): Promise<boolean> }
    | { rehearse(call: Call): Promise<boolean> }
  );
