/** How something is fulfilled: tasks with their order and conditions, as plain JSON. */
import type { Json } from '../tickets/ticket';

export interface Plan {
  readonly tasks: readonly PlannedTask[];
  /** The answer (a date) from which days are counted; null: the day on which fulfilment begins. */
  readonly startDay: string | null;
  /** When a task fails for good: what was done is undone in reverse order, or a person decides. */
  readonly onFailure: 'undo' | 'ask';
}

export type PlannedTask = ManualTask | AutomaticTask;

interface AnyTask {
  /** Unique in the plan: lower-case words with dashes. */
  readonly key: string;
  readonly title: string;
  /** Keys of tasks that come before; none: it may begin at once. Those that name the same run in parallel. */
  readonly after: readonly string[];
  /** Over `answers.<property>` and `results.<task>`, in the filter language; asked when its turn has come. */
  readonly when: string | null;
  /** Not before this day, counted from the start day (negative: before it); null: as soon as it may. */
  readonly notBeforeDays: number | null;
}

export interface ManualTask extends AnyTask {
  readonly kind: 'manual';
  readonly description: string;
  /** null: by the rules of assignment for tasks. */
  readonly teamId: string | null;
  /** It is to be done by the end of this day, counted from the start day; null: no date. */
  readonly dueDays: number | null;
  /** What whoever does it says of it, `results.<task>`: one of these words. */
  readonly outcomes: readonly string[];
  /** What is to be done by hand to undo it; null: nothing. */
  readonly undo: { readonly title: string; readonly description: string } | null;
}

export interface AutomaticTask extends AnyTask {
  readonly kind: 'automatic';
  /** Name of a registered activity. */
  readonly activity: string;
  /** Its input; a string `{answers.laptop}` stands for that answer, `{results.account}` for a result. */
  readonly input: Readonly<Record<string, Json>>;
  readonly attempts: number;
  /** What undoes it; `{results.<own key>}` stands for what it answered. null: nothing. */
  readonly undo: {
    readonly activity: string;
    readonly input: Readonly<Record<string, Json>>;
  } | null;
}
