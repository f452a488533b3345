import type { z } from 'zod';
import { incident } from '../../workflows/incidents/process';
import { processes } from '../../workflows/registry';
import { acme } from './acme/story';
import { OrderInput } from '../../api/orders/inputs';
import { DefinitionInput } from '../../models/service-catalog/definition.schema';
import { problem } from '../../workflows/problems/process';
import { request } from '../../workflows/requests/process';
import { task } from '../../workflows/tasks/process';
import { emailOf } from './cast';
import { type Deed, deedsOf, plotsOf } from './deed';
import { globex } from './globex/story';
import { namesOf } from './names';
import type { Step, Story } from './story';

const foundedAt = '2026-11-23T07:00:00.000Z';
const stories: [slug: string, story: Story][] = [
  ['acme', acme],
  ['globex', globex],
];

const stepsOf = ({ tales }: Story): readonly Step[] => tales.flatMap(({ steps }) => steps);
const commandOf = ({ path }: Step) => path.replace('actions/', '');

/** What the API takes of it, where that is a process or an order. */
function schemaOf({ path }: Deed): z.ZodType | undefined {
  const [noun, id, , command = ''] = path.split('/');
  if (noun === 'orders') return OrderInput;
  if (noun?.startsWith('catalog-') === true) return undefined;
  const inputs = processes.find(({ declaration }) => declaration.path === noun)?.inputs;
  if (!inputs) throw new Error(`No process is at ${path}`);
  return id === undefined ? inputs.open : new Map(Object.entries(inputs.commands)).get(command);
}

describe.each(stories)('the story of %s', (slug, story) => {
  const names = namesOf(story, foundedAt);

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
    for (const deed of plotsOf(story).flatMap(deedsOf))
      expect(schemaOf(deed)?.safeParse(deed.body(names)).error).toBeUndefined();
    for (const { definition } of story.catalog.flatMap(({ items }) => items))
      expect(DefinitionInput.safeParse(definition(names)).error).toBeUndefined();
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

it.each([incident, problem, request, task])(
  'uses every command of $path in one story or the other',
  ({ path, commands }) => {
    const used = stories
      .flatMap(([, story]) => plotsOf(story))
      .flatMap(({ steps }) => steps)
      .map((deed) => deed.path.split('/'))
      .filter(([noun, , kind]) => noun === path && kind === 'actions')
      .map(([, , , command]) => command);
    expect(Object.keys(commands).filter((command) => !used.includes(command))).toEqual([]);
  },
);

it('puts scheduled work on a Saturday evening where the organization is, at every start the same', () => {
  expect(namesOf(acme, foundedAt).maintenanceWindow()).toBe('2026-12-05T21:00:00.000Z');
  expect(namesOf(globex, foundedAt).maintenanceWindow()).toBe('2026-12-06T03:00:00.000Z');
});

it('refuses a name that nobody has', () => {
  const names = namesOf(acme, foundedAt);
  expect(() => names.person('nobody')).toThrow('acme has no person nobody');
  expect(() => names.team('Nowhere')).toThrow('acme has no team Nowhere');
  expect(() => names.item('Nothing')).toThrow('acme has no item Nothing');
  expect(() => names.ticket(0)).toThrow('acme has no tale 0');
});
