import { defaultSettings, settingsOf } from './settings';

describe('the settings of an organization', () => {
  it('are those of Holdfast until it decides', () => {
    expect(settingsOf({})).toEqual(defaultSettings);
    expect(defaultSettings).toMatchObject({
      autoCloseDays: 5,
      commentReopens: true,
      requesterImpactCounts: true,
      resolutionCodes: [
        'solved',
        'workaround',
        'notReproducible',
        'duplicate',
        'noFault',
        'byCustomer',
      ],
    });
  });

  it('keep what it decided, also when that is no or none', () => {
    const decided = { commentReopens: false, autoCloseDays: 0, defaultTeamId: null };
    expect(settingsOf(decided)).toEqual({ ...defaultSettings, ...decided });
  });
});
