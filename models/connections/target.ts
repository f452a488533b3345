/** Where a connection leads: below its base URL, and nowhere else. */
import { HopelessWork } from '../fulfilment/hopeless-work';

/** `idm.internal`, `10.1.2.3:8443`, `[::1]:9000`: hosts inside that the operator allows; without port: any. */
export type AllowedHosts = readonly string[];

/** How one of them is written. */
export const allowedHost = /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+)(:\d{1,5})?$/;

/** Whether the operator allows this host though it is inside, and without TLS. */
export function isAllowed({ hostname, port, protocol }: URL, hosts: AllowedHosts): boolean {
  const usual = protocol === 'https:' ? '443' : '80';
  const named = new Set([hostname, `${hostname}:${port === '' ? usual : port}`]);
  return hosts.some((host) => named.has(host.toLowerCase()));
}

/** What is wrong with a base URL; undefined: nothing. */
export function faultOfBase(text: string, hosts: AllowedHosts): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must name nobody: use headers';
  if (url.search !== '' || url.hash !== '') return 'must end with a path';
  if (url.protocol === 'http:' && !isAllowed(url, hosts))
    return 'must begin with https://, unless the operator allows this host (HOLDFAST_CONNECTION_HOSTS)';
  return undefined;
}

type Query = Readonly<Record<string, string>>;

/** Throws HopelessWork for a path that would lead elsewhere. */
export function targetOf(baseUrl: string, path: string, query: Query = {}): URL {
  const base = new URL(baseUrl);
  refuseEscape(path);
  const target = new URL(base);
  target.pathname = base.pathname.replace(/\/+$/, '') + path;
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  return target;
}

/** A reference in a path may have put anything into it. */
function refuseEscape(path: string): void {
  const plain = decoded(path);
  const goesUp = /(^|[/\\])\.{1,2}([/\\]|$)/;
  if (!path.startsWith('/') || /[?#\\]/.test(path) || plain === undefined || goesUp.test(plain))
    throw new HopelessWork(
      `The path ${path.slice(0, 200)} is not usable: no \`..\`, \`?\`, \`#\` or \`\\\``,
    );
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // It says no more than that a percent sign stands alone, which is what undefined means.
    return undefined;
  }
}
