/** Which addresses are public: everything else is inside, of this machine, or of nobody. */
import { BlockList, isIP } from 'node:net';

/** IANA's special-purpose registry, and metadata of clouds that is outside of it. */
const special4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  '168.63.129.16/32',
];

/** Of what is assigned to the public at all (2000::/3): tunnels, which lead to any IPv4, and examples. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const inside4 = listOf(special4, 'ipv4');
const inside6 = listOf(special6, 'ipv6');
const assigned6 = listOf(['2000::/3'], 'ipv6');

/** Whether anybody may be called there. What is no address, or one with a zone, is not public. */
export function isPublic(address: string): boolean {
  if (address.includes('%')) return false;
  const family = isIP(address);
  if (family === 4) return !inside4.check(address, 'ipv4');
  // Also what stands for an IPv4 address (::ffff:127.0.0.1, 64:ff9b::7f00:1) is not among the assigned.
  return family === 6 && assigned6.check(address, 'ipv6') && !inside6.check(address, 'ipv6');
}

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
