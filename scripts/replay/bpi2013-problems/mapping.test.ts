import { problem } from '../../../workflows/problems/process';
import { tableUnder } from '../documented';
import { placeOfProblem } from '../problems/place';
import { codeOfForeign, levelOfForeign, placeOfForeign } from './mapping';

describe("the documented mapping of Volvo's problems", () => {
  it.each([
    ['Problem states', placeOfForeign],
    ['Problem impact', levelOfForeign],
    ['Problem codes', codeOfForeign],
  ])('of %s is the one that runs', (heading, words) => {
    expect(tableUnder(heading)).toEqual(words);
  });
});

describe('places of a problem', () => {
  it('are known for every state', () => {
    for (const state of Object.keys(problem.states)) {
      expect(placeOfProblem({ state, hasAssignee: true })).toBe(state);
    }
  });

  it('refuse a state that the replay does not know', () => {
    expect(() => placeOfProblem({ state: 'parked', hasAssignee: true })).toThrow('parked');
  });
});
