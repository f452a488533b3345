/** What people do with an order: about one of its requests, a task of that, or the round that decides about it. */
import { command, type Found, type Names, type Step } from './story';

/** About the request for an item, as soon as it is in that state. */
export const about = (item: string, state: string, step: Step): Step => ({
  ...step,
  on: {
    path: 'requests',
    where: (names, order) => `${requestFor(names, order, item)};state==${state}`,
  },
});

/** As soon as a task of it has failed. */
export const whenStuck = (item: string, step: Step): Step => ({
  ...step,
  on: {
    path: 'requests',
    where: (names, order) => requestFor(names, order, item),
    isIt: ({ stuck }) => Array.isArray(stuck) && stuck.length > 0,
  },
});

/** About an open task, by its title, of those of somebody's requests. */
export const inTask = (requester: string, title: string, step: Step): Step => ({
  ...step,
  on: {
    path: 'tasks',
    where: (names) => `requester==${names.person(requester)};title=="${title}";isOpen==true`,
  },
});

/** Says yes to what somebody has ordered. */
export const approve = (by: string, requester: string): Step => ({
  ...command(by, 'approve'),
  on: askedFor(requester),
});

const askedFor = (requester: string): Found => ({
  path: 'approvals',
  where: (names) => `requester==${names.person(requester)};approver==me`,
});

const requestFor = (names: Names, order: string, item: string) =>
  `order==${order};item==${names.item(item)}`;

export const complete = (by: string, outcome?: string) =>
  command(by, 'complete', () => (outcome === undefined ? {} : { outcome }));

export const fulfil = (by: string, notes: string) => command(by, 'fulfil', () => ({ notes }));

export const retryTask = (by: string, task: string) => command(by, 'retryTask', () => ({ task }));

export const skipTask = (by: string, task: string, reason: string) =>
  command(by, 'skipTask', () => ({ task, reason }));
