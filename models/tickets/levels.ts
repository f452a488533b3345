/** How bad a ticket is, how urgent, and what follows; each list begins with the highest. */
export const levels = ['high', 'medium', 'low'] as const;
export type Level = (typeof levels)[number];

export const priorities = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type Priority = (typeof priorities)[number];
