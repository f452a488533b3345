/**
 * The words of the foreign log in ours. The table for people is docs/replay-mapping.md; a test holds
 * the two together.
 */
import type { Level, Priority } from '../../../models/tickets/ticket';
import type { Place } from '../place';

/** State of the log → place; `same` says nothing about the state. */
export const placeOfForeign: Readonly<Record<string, Place | 'same'>> = {
  New: 'new',
  Active: 'active',
  'Awaiting User Info': 'hold:customer',
  'Awaiting Evidence': 'hold:customer',
  'Awaiting Problem': 'hold:problem',
  'Awaiting Vendor': 'hold:vendor',
  'Awaiting Change': 'hold:change',
  Resolved: 'resolved',
  Closed: 'closed',
  Canceled: 'cancelled',
  Cancelled: 'cancelled',
  '-100': 'same',
};

/** Level of the log → ours. */
export const levelOfForeign: Readonly<Record<string, Level>> = {
  '1 - High': 'high',
  '2 - Medium': 'medium',
  '3 - Low': 'low',
};

export const priorityOfForeign: Readonly<Record<string, Priority>> = {
  '1 - Critical': 'P1',
  '2 - High': 'P2',
  '3 - Moderate': 'P3',
  '4 - Low': 'P4',
  '5 - Planning': 'P5',
};
