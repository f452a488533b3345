/** Who acts in a replay, and the ids of what its log names. Pure: ids follow from names. */
import { idOf } from '../../models/organizations/found';
import type { Directory } from './plan';

/** Accounts that sign in; the log's hundreds of authors act through so many of them. */
const agentCount = 30;

export interface Cast {
  /** Slug of the organization. */
  readonly organization: string;
  /** Email of who may override a priority, and who reads everything back. */
  readonly manager: string;
  /** Emails of the agents that sign in. */
  readonly agents: readonly string[];
  /** The agent who acts for an author of the log; the same one in every run. */
  readonly agentFor: (author: string) => string;
  /** Email of somebody whom the log names. */
  readonly emailOf: (name: string) => string;
  readonly directory: Directory;
}

export function castOf(organization: string): Cast {
  const at = (name: string) => `${name}@${organization}.example`;
  const agents = Array.from({ length: agentCount }, (_, index) =>
    at(`agent-${String(index + 1).padStart(2, '0')}`),
  );
  const manager = at('manager');
  const emailOf = (name: string) => at(localPart(name));
  const id = (kind: string, name: string | null) =>
    name === null ? null : idOf(organization, kind, name);
  return {
    ...{ organization, manager, agents, emailOf },
    agentFor: (author) => agents[sumOf(author) % agentCount] ?? manager,
    directory: {
      team: (name) => id('team', name),
      person: (name) => id('person', name === null ? null : emailOf(name)),
      category: (name) => id('category', name),
      service: (name) => id('service', name),
    },
  };
}

function sumOf(author: string): number {
  return Buffer.from(author).reduce((hash, byte) => (hash * 31 + byte) % 65_521, 7);
}

/** `Caller 17` → `caller-17`; a letter with an accent by its number, so that names stay apart. */
function localPart(name: string): string {
  return name
    .toLowerCase()
    .replace(/\P{ASCII}/gu, (letter) => `u${(letter.codePointAt(0) ?? 0).toString(16)}`)
    .replace(/[^a-z0-9]+/g, '-');
}
