import { incident } from '../../workflows/incidents/process';
import { processes } from '../../workflows/registry';
import { acme } from './acme/story';
import { emailOf, namesOf } from './cast';
import { deedsOf, pathOf, plotsOf } from './deed';
import { globex } from './globex/story';
import type { Step, Story } from './story';

const foundedAt = '2026-11-23T07:00:00.000Z';
const stories: [slug: string, story: Story][] = [
  ['acme', acme],
  ['globex', globex],
];

const stepsOf = ({ tales }: Story): readonly Step[] => tales.flatMap(({ steps }) => steps);
const commandOf = ({ path }: Step) => path.replace('actions/', '');

/** What the API takes at a path. */
const inputsAt = (path: string) => {
  const inputs = processes.find(({ declaration }) => declaration.path === path)?.inputs;
  if (!inputs) throw new Error(`No process is at ${path}`);
  return inputs;
};

describe.each(stories)('the story of %s', (slug, story) => {
  const names = namesOf(story.cast, foundedAt);

  it('has the four people who are announced at the start, in their roles', () => {
    const roleOf = new Map(story.cast.people.map(({ login, role }) => [login, role]));
    expect(['admin', 'manager', 'agent', 'user'].map((login) => roleOf.get(login))).toEqual([
      'admin',
      'manager',
      'agent',
      'end_user',
    ]);
    expect(emailOf(story.cast, 'admin')).toBe(`admin@${slug}.example`);
  });

  it('sends only what the API takes, about people and things that are there', () => {
    for (const { opening } of plotsOf(story)) {
      const { open } = inputsAt(opening.path);
      expect(open.safeParse(opening.body(names)).error).toBeUndefined();
    }
    for (const tale of story.tales) {
      const schemas = new Map(Object.entries(inputsAt(pathOf(tale)).commands));
      for (const step of tale.steps) {
        const body = step.body(names);
        expect(schemas.get(commandOf(step))?.safeParse(body).error).toBeUndefined();
      }
    }
  });

  it('gives every request an identity of its own', () => {
    const deeds = plotsOf(story).flatMap(deedsOf);
    expect(new Set(deeds.map(({ cause }) => cause)).size).toBe(deeds.length);
    expect(new Set(deeds.map(({ key }) => key)).size).toBe(deeds.length);
  });

  it('waits for every reason that there is', () => {
    const reasons = stepsOf(story)
      .filter((step) => commandOf(step) === 'hold')
      .map((step) => step.body(names));
    for (const reason of ['customer', 'vendor', 'change', 'problem', 'scheduled']) {
      expect(reasons).toContainEqual(expect.objectContaining({ reason }));
    }
  });

  it('goes on with a closed ticket in the follow-up, which is another one', () => {
    const [plot] = plotsOf(story).filter(({ title }) => /printer/i.test(title));
    const tickets = new Set(plot?.steps.map(({ path }) => path.split('/')[1]));
    expect(tickets).toContain(plot?.opening.cause);
    expect(tickets.size).toBe(2);
  });
});

it('uses every command of an incident in one story or the other', () => {
  const used = new Set(stories.flatMap(([, story]) => stepsOf(story)).map(commandOf));
  expect(Object.keys(incident.commands).filter((command) => !used.has(command))).toEqual([]);
});

it('puts scheduled work on a Saturday evening where the organization is, at every start the same', () => {
  expect(namesOf(acme.cast, foundedAt).maintenanceWindow()).toBe('2026-12-05T21:00:00.000Z');
  expect(namesOf(globex.cast, foundedAt).maintenanceWindow()).toBe('2026-12-06T03:00:00.000Z');
});

it('refuses a name that nobody has', () => {
  const names = namesOf(acme.cast, foundedAt);
  expect(() => names.person('nobody')).toThrow('acme has no person nobody');
  expect(() => names.team('Nowhere')).toThrow('acme has no team Nowhere');
});
