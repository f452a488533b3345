/** Words by which people find tickets again. */
import { compare } from '../compare';
import { next } from './next';
import type { Rule } from './rules';
import type { Ticket } from './ticket';

export const mostTags = 20;
export const longestTag = 40;

/** Letters, digits and `-_.:/+#`, in NFC and in small letters: `VPN` and `vpn` are one tag. */
export const tagForm = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}_.:/+#-]*$/u;

export function tagOf(word: string): string {
  return word.trim().normalize('NFC').toLowerCase().normalize('NFC');
}

/** It has these tags from now on, and no others. */
export const tagged: Rule<Ticket['details'], { readonly tags: readonly string[] }> = (
  ticket,
  { input },
) => {
  const tags = [...new Set(input.tags)].sort(compare);
  const added = tags.filter((tag) => !ticket.tags.includes(tag));
  const removed = ticket.tags.filter((tag) => !tags.includes(tag));
  return next(ticket)
    .set({ tags })
    .when(added.length > 0, (so) => so.event('tagged', { tags: added }))
    .when(removed.length > 0, (so) => so.event('untagged', { tags: removed }));
};
