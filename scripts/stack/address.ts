/** Addresses as a person on this machine can open them. */

/** `host:port` for a browser here; "all addresses" is none, so the local one stands for it. */
export function localAddress(host: string, port: number): string {
  const here = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${here.includes(':') ? `[${here}]` : here}:${port}`;
}
