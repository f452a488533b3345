import { inverseOf, isLinkKind, linkKinds, storedLink, wordsOf } from './links';

const [one, other] = ['a', 'b'];

describe('the kinds of links', () => {
  it.each(linkKinds)('%s is the inverse of its inverse, and has words of its own', (kind) => {
    const inverse = inverseOf(kind);
    expect(isLinkKind(inverse) && inverseOf(inverse)).toBe(kind);
    expect(linkKinds.filter((each) => wordsOf(each) === wordsOf(kind))).toEqual([kind]);
  });

  it.each(linkKinds)('%s is the same row from whichever end it is told', (kind) => {
    const back = inverseOf(kind);
    if (!isLinkKind(back)) throw new Error(back);
    expect(storedLink(one, kind, other)).toEqual(storedLink(other, back, one));
  });

  it('are stored from the end that does it', () => {
    expect(storedLink(one, 'blockedBy', other)).toEqual({
      ...{ ticketId: other, kind: 'blocks', otherId: one },
    });
    expect(storedLink(one, 'parent', other)).toEqual({
      ...{ ticketId: one, kind: 'parent', otherId: other },
    });
  });

  it('are not those that tickets are born with, which are read from the other end, too', () => {
    expect(['followUpOf', 'constructor'].map(isLinkKind)).toEqual([false, false]);
    expect([inverseOf('followUpOf'), inverseOf('approvalOf')]).toEqual(['followUp', 'approval']);
  });
});
