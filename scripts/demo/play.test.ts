import { setTimeout as pause } from 'node:timers/promises';
import { acme } from './acme/story';
import { type Deed, deedsOf, plotsOf } from './deed';
import type { Said } from './front-door';
import { namesOf } from './names';
import { missing, play } from './play';

const plots = plotsOf({ ...acme, catalog: [] });
const all = plots.flatMap(deedsOf);

/** Plays the story before a door that answers as told, and says what was sent. */
async function rehearse(past: ReadonlySet<string>, answer: (deed: Deed) => Said) {
  const sent: Deed[] = [];
  const lines: string[] = [];
  let moving = 0;
  let most = 0;
  const send = async (deed: Deed) => {
    sent.push(deed);
    moving += 1;
    most = Math.max(most, moving);
    await pause(1);
    moving -= 1;
    return answer(deed);
  };
  const names = namesOf(acme, '2026-11-23T07:00:00.000Z');
  const log = (line: string) => lines.push(line);
  await play({ door: { send }, names, past, onDone: () => undefined, log }, plots);
  return { sent: sent.map(({ key }) => key), lines, most };
}

const done = (): Said => ({ done: true });
const keysOf = (deeds: readonly Deed[]) => deeds.map(({ key }) => key);

describe('playing a story', () => {
  it('sends everything once, openings first and in order, at most four tickets at a time', async () => {
    const { sent, most } = await rehearse(new Set(), done);
    expect(sent.toSorted()).toEqual(keysOf(all).toSorted());
    expect(sent.slice(0, plots.length)).toEqual(plots.map(({ opening }) => opening.key));
    expect(most).toBe(4);
  });

  it('keeps the order of the steps of each ticket', async () => {
    const { sent } = await rehearse(new Set(), done);
    for (const plot of plots) {
      const own = new Set(keysOf(deedsOf(plot)));
      expect(sent.filter((key) => own.has(key))).toEqual([...own]);
    }
  });

  it('sends nothing that is past, and nothing at all when all is past', async () => {
    const half = all.filter((_, index) => index % 2 === 0);
    const past = new Set(half.map(({ cause }) => cause));
    const { sent } = await rehearse(past, done);
    expect(sent.toSorted()).toEqual(keysOf(missing(plots, past)).toSorted());
    expect(sent).toHaveLength(all.length - half.length);
    const everything = new Set(all.map(({ cause }) => cause));
    expect((await rehearse(everything, done)).sent).toEqual([]);
  });

  it('leaves a ticket as it is when a step is refused, says so, and goes on with the others', async () => {
    const refused = plots[1]?.steps[2];
    const { sent, lines } = await rehearse(new Set(), (deed) =>
      deed === refused ? { done: false, why: 'not now' } : { done: true },
    );
    const left = keysOf(plots[1]?.steps.slice(3) ?? []);
    expect(sent.toSorted()).toEqual(
      keysOf(all)
        .filter((key) => !left.includes(key))
        .toSorted(),
    );
    expect(lines).toEqual([
      'Demo data: "Label printer in hall 3 prints blank labels" stays as it is at demo/acme/2/3: not now',
    ]);
  });
});
