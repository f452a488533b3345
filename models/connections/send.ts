/**
 * One request to another system. Its host is looked up once, what it leads to is judged, and the
 * connection goes to just that: a name that leads elsewhere a moment later changes nothing. No redirects.
 */
import { lookup as lookUp } from 'node:dns/promises';
import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { HopelessWork } from '../fulfilment/hopeless-work';
import { isPublic } from './address';
import { isAllowed, type AllowedHosts } from './target';

export interface Address {
  readonly address: string;
  readonly family: number;
}

export interface Network {
  /** Hosts inside that the operator allows. */
  readonly hosts: AllowedHosts;
  /** Default: that of the system. */
  readonly resolve?: (hostname: string) => Promise<readonly Address[]>;
  /** From the look-up to the last byte; default 10 s. */
  readonly timeoutMs?: number;
}

export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: none. */
  readonly body?: string | undefined;
}

export interface Reply {
  readonly status: number;
  /** null: it is too long to be kept. */
  readonly text: string | null;
}

const defaultTimeoutMs = 10_000;
export const longestReplyBytes = 32_768;

/** Throws HopelessWork for an address that may not be called, and an ordinary error when there is no reply. */
export async function send(call: Call, network: Network): Promise<Reply> {
  const signal = AbortSignal.timeout(network.timeoutMs ?? defaultTimeoutMs);
  const addresses = await inTime(signal, addressesOf(call.url, network));
  return await answered(call, addresses, signal);
}

/** What the host leads to; all of it may be called, or nothing is. */
async function addressesOf(url: URL, network: Network): Promise<readonly Address[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const resolve = network.resolve ?? ((name) => lookUp(name, { all: true }));
  const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
  if (addresses.length === 0) throw new Error('Its host leads nowhere');
  if (isAllowed(url, network.hosts)) return addresses;
  if (url.protocol !== 'https:' || !addresses.every(({ address }) => isPublic(address)))
    throw new HopelessWork(
      'Its host is inside, or is called without TLS, and the operator does not allow it ' +
        '(HOLDFAST_CONNECTION_HOSTS)',
    );
  return addresses;
}

function answered(
  { method, url, headers, body }: Call,
  addresses: readonly Address[],
  signal: AbortSignal,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? overHttps : overHttp;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request(
      url,
      {
        method,
        signal,
        lookup: pinned(addresses),
        // A connection of its own: one that was kept open was judged by another look-up.
        agent: false,
        headers: { ...headers, ...length },
      },
      (incoming) => {
        read(incoming).then(resolve, reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function read(incoming: IncomingMessage): Promise<Reply> {
  const status = incoming.statusCode ?? 0;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const piece = Buffer.from(chunk as Uint8Array);
    bytes += piece.length;
    // Leaving the loop closes the connection.
    if (bytes > longestReplyBytes) return { status, text: null };
    chunks.push(piece);
  }
  return { status, text: Buffer.concat(chunks).toString('utf8') };
}

/** A look-up that knows one answer. */
function pinned(addresses: readonly Address[]): LookupFunction {
  return (_, options, answer) => {
    const [first] = addresses;
    if (options.all === true) answer(null, [...addresses]);
    else answer(null, first?.address ?? '', first?.family ?? 0);
  };
}

/** A look-up cannot be ended; nobody waits for it any longer. */
function inTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('Its host was not found in time'));
    });
    work.then(resolve, reject);
  });
}
