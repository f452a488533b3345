import { incident } from '../../../workflows/incidents/process';
import { tableUnder } from '../documented';
import { placeOfOurs } from '../place';
import { levelOfForeign, placeOfForeign, priorityOfForeign } from './mapping';

describe('the documented mapping', () => {
  it.each([
    ['States', placeOfForeign],
    ['Impact and urgency', levelOfForeign],
    ['Priority', priorityOfForeign],
  ])('of %s is the one that runs', (heading, words) => {
    expect(tableUnder(heading)).toEqual(words);
  });
});

describe('our places', () => {
  it('are known for every state of an incident', () => {
    for (const state of Object.keys(incident.states)) {
      expect(placeOfOurs(state, 'customer')).toEqual(expect.any(String));
    }
  });

  it('refuse a state that the replay does not know', () => {
    expect(() => placeOfOurs('parked', null)).toThrow('parked');
  });
});
