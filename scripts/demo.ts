/** The demo organizations acme and globex. */
export interface DemoWish {
  readonly apiUrl: string;
  readonly databaseUrl: string;
  readonly password: string;
  readonly log: (line: string) => void;
}

/** Placeholder until the demo data are written. */
export function loadDemo({ log }: DemoWish): Promise<void> {
  log('There are no demo data yet');
  return Promise.resolve();
}
