import { castOf } from './cast';

const cast = castOf('replay');

describe('the account that acts for an author', () => {
  it('is always the same one', () => {
    expect(cast.agentFor('Updated by 17')).toBe(cast.agentFor('Updated by 17'));
    expect(cast.agents).toContain(cast.agentFor('Updated by 17'));
  });

  it('differs among many authors', () => {
    const accounts = Array.from({ length: 300 }, (_, index) =>
      cast.agentFor(`Updated by ${index}`),
    );
    expect(new Set(accounts).size).toBeGreaterThan(20);
  });
});

describe('the email of somebody whom the log names', () => {
  it('is the name in letters that every address may have', () => {
    expect(cast.emailOf('Caller 17')).toBe('caller-17@replay.example');
  });

  it('keeps names apart that differ by an accent only', () => {
    const emails = ['Ase', 'Åse', 'Äse'].map(cast.emailOf);
    expect(new Set(emails).size).toBe(3);
    expect(emails.every((email) => /^[a-z0-9-]+@/.test(email))).toBe(true);
  });

  it('is another one in the organization of another log', () => {
    expect(castOf('other').directory.person('Anna')).not.toBe(cast.directory.person('Anna'));
  });
});
