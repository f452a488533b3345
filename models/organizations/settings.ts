/** What an organization decides about its service desk, with the defaults of Holdfast. */
import { defaultPriorityMatrix, type PriorityMatrix } from '../tickets/priority';
import type { Level } from '../tickets/ticket';
import type { Role } from '../users/actor';

export interface Settings {
  /** IANA zone of the organization: business hours and dates are read in it. */
  readonly timezone: string;
  /** Language tag such as `de-AT`, for whoever has chosen none. */
  readonly locale: string;
  readonly priorityMatrix: PriorityMatrix;
  /** Whether the impact that a requester gives counts; if not, `defaultImpact` is used. */
  readonly requesterImpactCounts: boolean;
  readonly defaultImpact: Level;
  /** Calendar days from resolved to closed by itself. */
  readonly autoCloseDays: number;
  /** Whether a requester's comment on a resolved ticket reopens it. */
  readonly commentReopens: boolean;
  /** Takes new tickets whose service has no team. */
  readonly defaultTeamId: string | null;
  readonly resolutionCodes: readonly string[];
  /** Days for which a resolved problem is watched before it closes by itself. */
  readonly problemWatchDays: number;
  /** Whether incidents that are held for a problem are resolved with it, or go on with a suggestion. */
  readonly problemResolvesIncidents: boolean;
  /** Days after which a password must be changed; null = never. */
  readonly passwordMaxAgeDays: number | null;
  /** Roles that must have a second factor; each by itself, not those that include it. */
  readonly secondFactorRequiredFor: readonly Role[];
}

export const defaultSettings: Settings = {
  timezone: 'UTC',
  locale: 'en',
  priorityMatrix: defaultPriorityMatrix,
  requesterImpactCounts: true,
  defaultImpact: 'medium',
  autoCloseDays: 5,
  commentReopens: true,
  defaultTeamId: null,
  problemWatchDays: 14,
  problemResolvesIncidents: false,
  passwordMaxAgeDays: null,
  secondFactorRequiredFor: [],
  resolutionCodes: [
    'solved',
    'workaround',
    'notReproducible',
    'duplicate',
    'noFault',
    'byCustomer',
  ],
};

/** The stored settings laid over the defaults: an absent one means the default. */
export function settingsOf(stored: Partial<Settings>): Settings {
  return { ...defaultSettings, ...stored };
}
