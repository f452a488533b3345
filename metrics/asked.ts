/** Figures that somebody else has to be asked for, at most so often, however often they are scraped. */
import { Counter, Gauge, type Registry } from 'prom-client';

export interface Question<T extends object> {
  /** For the log and for the count of questions that failed; a short fixed word. */
  readonly source: string;
  readonly ask: () => Promise<T>;
  /** Scrapes within this time get the same answer. */
  readonly keptMs: number;
  /** One gauge for each: what it is called, what it says, and how it is read. */
  readonly gauges: readonly Reading<T>[];
}

interface Reading<T> {
  readonly name: string;
  readonly help: string;
  readonly read: (answer: T) => number;
}

/** Registers questions. One that fails leaves its figures out of the page and is counted. */
export function createAsking(registry: Registry, now: () => number = () => performance.now()) {
  const failures = new Counter({
    name: 'holdfast_metrics_questions_failed_total',
    help: 'Questions for figures that got no answer; those figures are left out meanwhile.',
    labelNames: ['source'],
    registers: [registry],
  });
  return function register<T extends object>(question: Question<T>): void {
    const { source } = question;
    const failed = () => {
      failures.inc({ source });
    };
    const answer = remembered(question, failed, now);
    failures.inc({ source }, 0);
    for (const { name, help, read } of question.gauges) {
      new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          const present = await answer();
          if (present === undefined) this.remove();
          else this.set(read(present));
        },
      });
    }
  };
}

/** The answer, asked for anew when it is too old; undefined when there is none. Asks once at a time. */
function remembered<T extends object>(
  { ask, keptMs }: Question<T>,
  failed: () => void,
  now: () => number,
): () => Promise<T | undefined> {
  let last: { readonly at: number; readonly answer: Promise<T | undefined> } | undefined;
  return () => {
    if (last && now() - last.at < keptMs) return last.answer;
    const answer = ask().catch(() => {
      failed();
      return undefined;
    });
    last = { at: now(), answer };
    return answer;
  };
}
