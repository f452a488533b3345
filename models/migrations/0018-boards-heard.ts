/** Rounds of approval hear of changes to boards. */
import { heard } from './0016-approvals';

export const boardsHeard = [
  heard({
    table: 'boards',
    name: 'board_changed',
    on: 'after update of chair_id',
    when: 'old.chair_id is distinct from new.chair_id',
    keys: `'board/' || present.id`,
  }),
  heard({
    table: 'board_members',
    name: 'board_members_changed',
    on: 'after insert or delete',
    keys: `'board/' || present.board_id`,
  }),
].join('\n');
