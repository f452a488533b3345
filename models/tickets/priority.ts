/** Priority from impact and urgency (ITIL 4), by a table that each organization may replace. */
import type { Level, Priority } from './ticket';

export type PriorityMatrix = Readonly<Record<Level, Readonly<Record<Level, Priority>>>>;

/** Rows are impact, columns urgency: 1 2 3 / 2 3 4 / 3 4 5. */
export const defaultPriorityMatrix: PriorityMatrix = {
  high: { high: 'P1', medium: 'P2', low: 'P3' },
  medium: { high: 'P2', medium: 'P3', low: 'P4' },
  low: { high: 'P3', medium: 'P4', low: 'P5' },
};

/** `priorityOf(defaultPriorityMatrix, 'high', 'medium')` is `'P2'`. */
export function priorityOf(matrix: PriorityMatrix, impact: Level, urgency: Level): Priority {
  return matrix[impact][urgency];
}
