import { etagOf, ifMatchOf } from './etag';

/** What a piece of work throws. */
function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('If-Match', () => {
  it('names the revision that an ETag showed', () => {
    expect(ifMatchOf(etagOf(7))).toBe(7);
    expect(ifMatchOf(' "0" ')).toBe(0);
  });

  it('does not care when it is absent or a star', () => {
    expect(ifMatchOf(undefined)).toBeUndefined();
    expect(ifMatchOf('*')).toBeUndefined();
  });

  it('never matches by a weak tag', () => {
    expect(thrownBy(() => ifMatchOf('W/"7"'))).toMatchObject({ code: 'stale_version' });
  });

  it.each(['7', '"x"', '"1", "2"', '""', '"-1"', ''])('is refused when it is %s', (header) => {
    expect(thrownBy(() => ifMatchOf(header))).toMatchObject({ code: 'invalid_request' });
  });
});
