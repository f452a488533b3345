/** HTTP requests by declared path, method and status code. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { RequestWitness } from '../api/http/log';

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Callers may send any word; a label must have few values. */
const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS'];
/** Not sent: the caller went away before the answer. */
const abandonedCode = 499;

/** Counts each request that is over. */
export function requestWitness(registry: Registry): RequestWitness {
  const requests = new Counter({
    name: 'holdfast_http_requests_total',
    help: 'Requests that are over; code 499 when the caller went away before the answer.',
    labelNames: ['route', 'method', 'code'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'holdfast_http_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer.',
    labelNames: ['route', 'method'],
    buckets,
    registers: [registry],
  });
  return ({ method: given, route = 'none', status, isAbandoned, seconds }) => {
    const method = methods.includes(given) ? given : 'other';
    requests.inc({ route, method, code: isAbandoned ? abandonedCode : status });
    durations.observe({ route, method }, seconds);
  };
}
