/** Who counts what the engine's loops do: the port that keeps them free of any library for metrics. */
export interface Tally {
  /**
   * A due ticket's life was gone and began anew, or was woken; a ticket that is not due did not live; a life
   * went on although its ticket was settled.
   */
  readonly repaired: (kind: Repair) => void;
  /** What became of one try to deliver a row of the outbox. */
  readonly carried: (result: Carriage) => void;
}

export type Repair = 'began' | 'woken' | 'missing' | 'ended';
export type Carriage = 'done' | 'unconfirmed' | 'failed' | 'setAside';

/** Counts nothing. */
export const noTally: Tally = { repaired: () => undefined, carried: () => undefined };
