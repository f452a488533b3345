/**
 * What the bundler starts from: the one life, under the name of each process type, the way of a mail, and
 * runs over many tickets.
 */
export {
  live as approval,
  live as change,
  live as incident,
  live as problem,
  live as request,
  live as task,
} from './life';
export { mail } from './mail';
export { slaRun } from './sla-run';
