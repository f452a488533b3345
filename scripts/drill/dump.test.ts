import { majorIn, versionOf, wayFor } from './dump';

describe('the way of a dump', () => {
  it.each([
    ['pg_dump (PostgreSQL) 16.4', 16],
    ['pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)', 15],
    ['pg_restore (PostgreSQL) 18beta1', 18],
    ['something else 16.4', undefined],
  ])('reads the version in "%s"', (text, major) => {
    expect(majorIn(text)).toBe(major);
  });

  it('is never a pg_dump that is older than the server, which would refuse', async () => {
    expect(await wayFor(99)).toBe('rows');
  });

  it('is pg_dump when it is as new as the server', async () => {
    const found = await versionOf('pg_dump');
    expect(await wayFor(found ?? 99)).toBe(found === undefined ? 'rows' : 'pg_dump');
  });
});
