/** What the bundler starts from: the one life, under the name of each process type. */
export { live as incident } from './life';
