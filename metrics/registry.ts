/** The meters of one process: what Node says of itself, which build this is, and our own. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import manifest from '../package.json';

/** A registry with what every process has. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const build = new Gauge({
    name: 'holdfast_build_info',
    help: 'Always 1; the version of Holdfast and of Node as labels.',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  build.set({ version: manifest.version, node: process.versions.node }, 1);
  return registry;
}
