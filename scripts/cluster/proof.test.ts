import { prove } from './proof';

const asked = { ticketId: 'a', events: ['opened', 'commented'] };
const feed = (types: readonly string[], ticketId = 'a') => ({
  ...{ ticketId, types, lastVersion: types.length },
});

describe('what was acknowledged, held against the feeds', () => {
  it('is found whole when each stands once, whatever the ticket did by itself', () => {
    expect(prove([asked], [feed(['opened', 'slaWarned', 'commented'])])).toEqual({
      ...{ tickets: 1, commands: 2, lost: [], twice: [], gaps: [] },
    });
  });

  it('is lost when the feed does not have it, or there is no feed', () => {
    expect(prove([asked], [feed(['opened'])]).lost).toEqual(['a commented']);
    expect(prove([asked], []).lost).toEqual(['a opened', 'a commented']);
  });

  it('was done twice when the feed has it more often', () => {
    const { twice } = prove([asked], [feed(['opened', 'commented', 'commented'])]);
    expect(twice).toEqual(['a commented']);
  });

  it('was done twice when there is a ticket that nobody was told of', () => {
    expect(prove([asked], [feed(asked.events), feed(['opened'], 'b')]).twice).toEqual(['b opened']);
  });

  it('has a gap when the last version is not the number of lines', () => {
    expect(prove([asked], [{ ...feed(asked.events), lastVersion: 3 }]).gaps).toEqual(['a']);
  });
});
