import * as fc from 'fast-check';
import { levels } from '../tickets/ticket';
import {
  assessRisk,
  authorityAt,
  backOuts,
  plansNeededAt,
  riskLevels,
  testEvidences,
  type RiskAnswers,
  type RiskContext,
} from './risk';
import { plansMissing } from './risk.schema';

const harmless: [RiskAnswers, RiskContext] = [
  { impact: 'low', testEvidence: 'rehearsed', backOut: 'tested' },
  {
    services: [{ criticality: 'low' }],
    experience: { successful: 30, failed: 0 },
    timing: { isInBusinessHours: false, maintenance: 'inside', noticeHours: 200 },
  },
];
const reckless: [RiskAnswers, RiskContext] = [
  { impact: 'high', testEvidence: 'none', backOut: 'impossible' },
  {
    services: Array.from({ length: 9 }, () => ({ criticality: 'high' as const })),
    experience: { successful: 0, failed: 40 },
    timing: { isInBusinessHours: true, maintenance: 'outside', noticeHours: 1 },
  },
];

const criticality = fc.constantFrom('low', 'medium', 'high', null);
const answers: fc.Arbitrary<RiskAnswers> = fc.record({
  impact: fc.constantFrom(...levels),
  testEvidence: fc.constantFrom(...testEvidences),
  backOut: fc.constantFrom(...backOuts),
});
const context: fc.Arbitrary<RiskContext> = fc.record({
  services: fc.array(fc.record({ criticality }), { maxLength: 10 }),
  experience: fc.record({ successful: fc.nat(200), failed: fc.nat(200) }),
  timing: fc.record({
    isInBusinessHours: fc.boolean(),
    maintenance: fc.constantFrom('inside', 'none', 'outside'),
    noticeHours: fc.integer({ min: -10, max: 400 }),
  }),
});

/** Of a list from good to bad: one at or after it. */
const noBetter = <T>(from: readonly T[], than: T) =>
  fc.constantFrom(...from.slice(from.indexOf(than)));

const worseAnswers = (one: RiskAnswers): fc.Arbitrary<RiskAnswers> =>
  fc.oneof(
    noBetter(levels.toReversed(), one.impact).map((impact) => ({ ...one, impact })),
    noBetter(testEvidences, one.testEvidence).map((testEvidence) => ({ ...one, testEvidence })),
    noBetter(backOuts, one.backOut).map((backOut) => ({ ...one, backOut })),
  );

const worseContext = (one: RiskContext): fc.Arbitrary<RiskContext> => {
  const { services, experience, timing } = one;
  return fc.oneof(
    fc.record({ criticality }).map((further) => ({ ...one, services: [...services, further] })),
    fc.constant({ ...one, services: services.map(() => ({ criticality: 'high' as const })) }),
    fc.nat(50).map((more) => {
      return { ...one, experience: { ...experience, failed: experience.failed + more } };
    }),
    fc.integer({ min: 0, max: experience.successful }).map((successful) => {
      return { ...one, experience: { ...experience, successful } };
    }),
    fc.constant({ ...one, timing: { ...timing, isInBusinessHours: true } }),
    noBetter(['inside', 'none', 'outside'] as const, timing.maintenance).map((maintenance) => {
      return { ...one, timing: { ...timing, maintenance } };
    }),
    fc.nat(400).map((hours) => {
      return { ...one, timing: { ...timing, noticeHours: timing.noticeHours - hours } };
    }),
  );
};

describe('the risk of a change', () => {
  it('goes from a rehearsed one at night to one that nobody tried and cannot be taken back', () => {
    expect(assessRisk(...harmless)).toMatchObject({ score: 5, level: 'low' });
    expect(assessRisk(...reckless)).toMatchObject({ score: 100, level: 'veryHigh' });
  });

  it.each([
    ['low', 24, { impact: 'medium', testEvidence: 'tested', backOut: 'documented' }],
    ['medium', 28, { impact: 'high', testEvidence: 'rehearsed', backOut: 'tested' }],
    ['medium', 47, { impact: 'high', testEvidence: 'none', backOut: 'documented' }],
    ['high', 55, { impact: 'high', testEvidence: 'none', backOut: 'none' }],
  ] as const)('is %s, %d, on a common service at night for %j', (level, score, given) => {
    expect(assessRisk(given, harmless[1])).toMatchObject({ level, score });
  });

  it('is explained by its factors: their shares make the whole, the largest first', () => {
    fc.assert(
      fc.property(answers, context, (given, known) => {
        const { score, level, factors } = assessRisk(given, known);
        const sumOf = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        expect(Number.isInteger(score)).toBe(true);
        expect(riskLevels).toContain(level);
        expect(sumOf(factors.map(({ share }) => share))).toBeCloseTo(1, 10);
        expect(sumOf(factors.map(({ weight }) => weight))).toBeCloseTo(1, 10);
        const points = sumOf(factors.map((one) => one.weight * one.score));
        expect(Math.abs(points - score)).toBeLessThanOrEqual(0.5 + 1e-9);
        for (const one of factors) {
          expect(one.share * points).toBeCloseTo(one.weight * one.score, 8);
          expect(one.why).toMatch(/^[A-Z].+\.$/);
        }
        const shares = factors.map(({ share }) => share);
        expect(shares).toEqual(shares.toSorted((one, other) => other - one));
      }),
    );
  });

  it('is never lower for an answer that is worse, nor for anything known that is worse', () => {
    const pairs = fc.tuple(answers, context).chain(([given, known]) =>
      fc.tuple(
        fc.constant([given, known] as const),
        fc.oneof(
          worseAnswers(given).map((worse) => [worse, known] as const),
          worseContext(known).map((worse) => [given, worse] as const),
        ),
      ),
    );
    fc.assert(
      fc.property(pairs, ([better, worse]) => {
        const [one, other] = [assessRisk(...better), assessRisk(...worse)];
        expect(other.score).toBeGreaterThanOrEqual(one.score);
        expect(riskLevels.indexOf(other.level)).toBeGreaterThanOrEqual(
          riskLevels.indexOf(one.level),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('says why in words: what nobody rated, what nobody did before', () => {
    const { factors } = assessRisk(harmless[0], {
      ...harmless[1],
      services: [{ criticality: null }, { criticality: 'low' }],
      experience: { successful: 0, failed: 0 },
    });
    const why = Object.fromEntries(factors.map((one) => [one.factor, one.why]));
    expect(why).toMatchObject({
      services:
        'It touches 2 services; the highest criticality is medium. 1 of unknown criticality count as medium.',
      experience: 'No change of this kind was made before.',
    });
  });
});

describe('what a level asks for', () => {
  it('is never less than what the level below asks for', () => {
    const authorities = ['peer', 'manager', 'cab'];
    for (const [k, level] of riskLevels.slice(1).entries()) {
      const below = riskLevels[k] ?? 'low';
      expect(plansNeededAt(level)).toEqual(expect.arrayContaining([...plansNeededAt(below)]));
      expect(authorities.indexOf(authorityAt(level))).toBeGreaterThanOrEqual(
        authorities.indexOf(authorityAt(below)),
      );
    }
    expect(riskLevels.map(authorityAt)).toEqual(['peer', 'manager', 'cab', 'cab']);
    expect(riskLevels.map((level) => plansNeededAt(level).length)).toEqual([1, 3, 4, 4]);
  });

  it('is missing where the plan is absent or empty', () => {
    const plans = { implementation: 'Pull the plug.', test: '' };
    expect(plansMissing(plans, plansNeededAt('low'))).toEqual([]);
    expect(plansMissing(plans, plansNeededAt('high'))).toEqual([
      'test',
      'backOut',
      'communication',
    ]);
  });
});
