/** What is asked, another thing each time: words as frequent as in the texts. */
import { randomOf, wordsOf } from '../crowd/vocabulary';
import type { Request } from '../drive';
import type { People } from '../people';
import { wrongIn } from '../tickets';
import type { Wire } from '../wire';

export interface Question {
  readonly what: string;
  readonly next: () => Request;
}

export function questionsOf(wire: Wire, people: People): Question[] {
  const random = randomOf(3);
  const words = wordsOf(random);
  const { agent, requester } = people;
  const reading = (token: () => string, path: () => string) => () => async () =>
    wrongIn(await wire.send({ method: 'GET', path: path(), token: token() }), 200);
  const search = (token: () => string, q: () => string) =>
    reading(token, () => `/search?q=${encodeURIComponent(q())}`);
  const suggesting = (token: () => string) => () => async () => {
    const body = { title: words.title(), description: words.text(5, 20) };
    const path = '/incidents/suggestions';
    return wrongIn(await wire.send({ method: 'POST', path, token: token(), body }), 200);
  };
  const known = (token: () => string) =>
    reading(token, () => `/known-errors?q=${encodeURIComponent(words.text(1, 2))}`);
  const begun = () => cut(words.text(1, 3), random());
  return [
    { what: 'search, agent, 1 to 3 words', next: search(agent, () => words.text(1, 3)) },
    { what: 'search, requester, 1 to 3 words', next: search(requester, () => words.text(1, 3)) },
    { what: 'search, agent, while typing', next: search(agent, begun) },
    { what: 'search, requester, while typing', next: search(requester, begun) },
    { what: 'search, agent, typing error', next: search(agent, () => mistyped(words.title())) },
    { what: 'suggestions, agent', next: suggesting(agent) },
    { what: 'suggestions, requester', next: suggesting(requester) },
    { what: 'known errors, agent', next: known(agent) },
    { what: 'known errors, requester', next: known(requester) },
  ];
}

/** The last word is not finished, but begun. */
export function cut(text: string, chance: number): string {
  const last = text.lastIndexOf(' ') + 1;
  const least = Math.min(text.length, last + 3);
  return text.slice(0, least + Math.floor(chance * (text.length - least + 1)));
}

/** Of its longest word two letters in the middle change places. */
export function mistyped(text: string): string {
  const longest = text.split(' ').reduce((one, other) => (other.length > one.length ? other : one));
  const middle = Math.floor(longest.length / 2);
  const [before, after] = [longest.slice(0, middle - 1), longest.slice(middle + 1)];
  return `${before}${longest[middle] ?? ''}${longest[middle - 1] ?? ''}${after}`;
}
