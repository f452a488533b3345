import { tableUnder } from '../documented';
import { placeOfForeign } from './mapping';

describe('the documented mapping of the Volvo log', () => {
  it('of states is the one that runs', () => {
    expect(tableUnder('Volvo states')).toEqual(placeOfForeign);
  });
});
