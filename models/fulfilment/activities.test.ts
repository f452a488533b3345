import { activities, activityNamed, activityNames, faultsOf, undoOf } from './activities';
import type { Activity } from './activities';

const someId = '01890a5d-ac96-7dbf-8b4c-3d8b12f0a001';

function known(name: string): Activity {
  const activity = activityNamed(name);
  if (!activity) throw new Error(`There is no ${name}`);
  return activity;
}

describe('activities of automatic tasks', () => {
  it('are there once by each name, and not by others', () => {
    expect(activities.map(({ name }) => name)).toEqual([...activityNames]);
    expect(activityNamed('team.disband')).toBeUndefined();
    expect(activityNamed('constructor')).toBeUndefined();
  });

  it.each(activities.filter(({ undoneBy }) => undoneBy !== null).map(({ name }) => name))(
    'undo %s with an input that its counterpart takes',
    (name) => {
      const { undoneBy } = known(name);
      const input = { userId: '{answers.person}', teamId: someId, roleId: someId, until: null };
      const undo = undoOf('access', name, input);
      if (!undoneBy || !undo) throw new Error('Nothing undoes it');
      expect(undo.input).toHaveProperty(undoneBy.resultAs, '{results.access}');
      const counterpart = known(undo.activity);
      expect(Object.keys(undo.input).every((field) => field in counterpart.input.shape)).toBe(true);
      expect(counterpart.undoneBy?.activity).toBe(name);
      expect(faultsOf(counterpart, undo.input)).toEqual([]);
    },
  );

  it('have nothing that undoes a call: its task says what does', () => {
    const input = { connection: 'directory', method: 'POST', path: '/accounts' };
    expect(undoOf('account', 'http.call', input)).toBeNull();
  });

  it('take references wherever a value stands, until the task begins', () => {
    const input = { userId: '{answers.person}', teamId: '{results.team}' };
    expect(faultsOf(known('team.join'), input)).toEqual([]);
    const call = { connection: 'directory', method: 'POST', path: '/people/{answers.name}' };
    expect(faultsOf(known('http.call'), { ...call, body: { name: '{answers.name}' } })).toEqual([]);
  });

  it('say what is wrong where', () => {
    const faults = faultsOf(known('team.join'), { userId: 'somebody', team: someId });
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/userId', '/teamId', '']);
  });

  it('take no path that leads to another host', () => {
    const call = { connection: 'directory', method: 'GET', path: '//elsewhere.example/x' };
    expect(faultsOf(known('http.call'), call)).toHaveLength(1);
  });
});
