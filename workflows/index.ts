/** What the bundler starts from: the one life, under the name of each process type, and the way of a mail. */
export { live as approval, live as change, live as incident } from './life';
export { mail } from './mail';
