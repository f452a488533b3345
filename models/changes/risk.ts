/**
 * How risky a change is, as a number that can be explained: each factor has a score and a weight, and its
 * share says how much of the whole comes from it. Pure. Making one factor worse never lowers the score.
 */
import type { Level } from '../tickets/ticket';

export const testEvidences = ['rehearsed', 'tested', 'partly', 'none'] as const;
/** Whether it was tried: in a copy of the real thing, somewhere, in parts, not at all. */
export type TestEvidence = (typeof testEvidences)[number];

export const backOuts = ['tested', 'documented', 'none', 'impossible'] as const;
/** Whether there is a way back: one that was tried, one on paper, nobody thought of it, there is none. */
export type BackOut = (typeof backOuts)[number];

export const riskLevels = ['low', 'medium', 'high', 'veryHigh'] as const;
export type RiskLevel = (typeof riskLevels)[number];

/** What whoever plans the change answers. */
export interface RiskAnswers {
  /** On the business, should it go wrong. */
  readonly impact: Level;
  readonly testEvidence: TestEvidence;
  readonly backOut: BackOut;
}

/** What is known without asking. */
export interface RiskContext {
  /** Those that it touches. Null: nobody has said how critical it is. */
  readonly services: readonly { readonly criticality: Level | null }[];
  /** How many changes of this kind went well, and how many did not. */
  readonly experience: { readonly successful: number; readonly failed: number };
  readonly timing: Timing;
}

export interface Timing {
  readonly isInBusinessHours: boolean;
  /** `none`: its services have no maintenance windows. */
  readonly maintenance: 'inside' | 'none' | 'outside';
  /** From the request to the start of the window. */
  readonly noticeHours: number;
}

export type RiskFactor =
  'impact' | 'services' | 'experience' | 'testEvidence' | 'backOut' | 'timing';

export interface FactorAssessment {
  readonly factor: RiskFactor;
  /** 0 to 100, before it is weighted. */
  readonly score: number;
  /** 0 to 1; all together make 1. */
  readonly weight: number;
  /** 0 to 1: which part of the whole score comes from it; all together make 1. */
  readonly share: number;
  readonly why: string;
}

export interface RiskAssessment {
  /** 0 to 100, a whole number. */
  readonly score: number;
  readonly level: RiskLevel;
  /** The one with the largest share first. */
  readonly factors: readonly FactorAssessment[];
}

/**
 * In percent. The impact counts most, as it says what is at stake; then whom it meets. Experience, tests
 * and the way back each say how likely it is to stay bad, and none of them makes up for another. Timing
 * counts least: it can be chosen anew.
 */
const weights = {
  impact: 25,
  services: 20,
  experience: 15,
  testEvidence: 15,
  backOut: 15,
  timing: 10,
} as const satisfies Record<RiskFactor, number>;

/** From which score on. */
const thresholds: readonly (readonly [RiskLevel, number])[] = [
  ['veryHigh', 75],
  ['high', 50],
  ['medium', 25],
];

interface Scored {
  readonly score: number;
  readonly why: string;
}

export function assessRisk(answers: RiskAnswers, context: RiskContext): RiskAssessment {
  const scored: readonly (readonly [RiskFactor, Scored])[] = [
    ['impact', impacts[answers.impact]],
    ['services', ofServices(context.services)],
    ['experience', ofExperience(context.experience)],
    ['testEvidence', evidences[answers.testEvidence]],
    ['backOut', waysBack[answers.backOut]],
    ['timing', ofTiming(context.timing)],
  ];
  // Whole numbers up to here. Never 0: even the lowest impact scores.
  const points = scored.reduce((sum, [factor, { score }]) => sum + weights[factor] * score, 0);
  const factors = scored.map(([factor, { score, why }]) => {
    const weight = weights[factor];
    return { factor, score, weight: weight / 100, share: (weight * score) / points, why };
  });
  const score = Math.round(points / 100);
  return {
    score,
    level: levelOf(score),
    factors: factors.sort((one, other) => other.share - one.share),
  };
}

function levelOf(score: number): RiskLevel {
  return thresholds.find(([, from]) => score >= from)?.[0] ?? 'low';
}

const impacts: Readonly<Record<Level, Scored>> = {
  low: { score: 10, why: 'The impact is low, should it go wrong.' },
  medium: { score: 50, why: 'The impact is medium, should it go wrong.' },
  high: { score: 100, why: 'The impact is high, should it go wrong.' },
};

const evidences: Readonly<Record<TestEvidence, Scored>> = {
  rehearsed: { score: 0, why: 'It was rehearsed in a copy of what it changes.' },
  tested: { score: 25, why: 'It was tested, though not in a copy of what it changes.' },
  partly: { score: 60, why: 'Only parts of it were tested.' },
  none: { score: 100, why: 'It was not tested.' },
};

const waysBack: Readonly<Record<BackOut, Scored>> = {
  tested: { score: 0, why: 'The way back was tried.' },
  documented: { score: 30, why: 'The way back is written down, but was never tried.' },
  none: { score: 80, why: 'No way back has been thought of.' },
  impossible: { score: 100, why: 'There is no way back.' },
};

/** What nobody has rated counts as medium. */
const criticalities = { low: 10, medium: 40, high: 70 } as const satisfies Record<Level, number>;
const perFurtherService = 6;
const mostForFurther = 30;

/** The most critical one, and something for each further one. */
function ofServices(services: RiskContext['services']): Scored {
  if (services.length === 0) return { score: 0, why: 'It touches no service.' };
  const rated = services.map(({ criticality }) => criticalities[criticality ?? 'medium']);
  const worst = Math.max(...rated);
  const further = Math.min(mostForFurther, perFurtherService * (services.length - 1));
  const how = (['high', 'medium', 'low'] as const).find((one) => criticalities[one] === worst);
  const touched = services.length === 1 ? 'one service' : `${services.length} services`;
  const unrated = services.filter(({ criticality }) => criticality === null).length;
  const unknown = unrated === 0 ? '' : ` ${unrated} of unknown criticality count as medium.`;
  return {
    score: worst + further,
    why: `It touches ${touched}; the highest criticality is ${how ?? 'low'}.${unknown}`,
  };
}

/**
 * As though three more had been made and two of them had failed: no experience scores 67, and one success
 * does not yet make a habit.
 */
function ofExperience({ successful, failed }: RiskContext['experience']): Scored {
  const score = Math.round((100 * (failed + 2)) / (successful + failed + 3));
  const all = successful + failed;
  if (all === 0) return { score, why: 'No change of this kind was made before.' };
  return { score, why: `Of ${all} changes of this kind ${failed} failed.` };
}

const inBusinessHours = 45;
const maintenances = { inside: 0, none: 15, outside: 25 } as const;

function ofTiming({ isInBusinessHours, maintenance, noticeHours }: Timing): Scored {
  const score =
    (isInBusinessHours ? inBusinessHours : 0) + maintenances[maintenance] + ofNotice(noticeHours);
  const hours = isInBusinessHours ? 'inside business hours' : 'outside business hours';
  const place = {
    inside: 'in a maintenance window',
    none: 'on services without maintenance windows',
    outside: 'outside the maintenance windows',
  }[maintenance];
  const notice = Math.max(0, Math.floor(noticeHours));
  return { score, why: `It is ${hours}, ${place}, at a notice of ${notice} hours.` };
}

function ofNotice(hours: number): number {
  if (hours < 24) return 30;
  return hours < 72 ? 15 : 0;
}

export const planKinds = ['implementation', 'test', 'backOut', 'communication'] as const;
export type PlanKind = (typeof planKinds)[number];

const plansByLevel = {
  low: ['implementation'],
  medium: ['implementation', 'test', 'backOut'],
  high: planKinds,
  veryHigh: planKinds,
} as const satisfies Record<RiskLevel, readonly PlanKind[]>;

/** What must be written down before a change of this level is scheduled. */
export function plansNeededAt(level: RiskLevel): readonly PlanKind[] {
  return plansByLevel[level];
}

export type Authority = 'peer' | 'manager' | 'cab';

const authorities = {
  low: 'peer',
  medium: 'manager',
  high: 'cab',
  veryHigh: 'cab',
} as const satisfies Record<RiskLevel, Authority>;

/** Who decides about a normal change of this level. */
export function authorityAt(level: RiskLevel): Authority {
  return authorities[level];
}
