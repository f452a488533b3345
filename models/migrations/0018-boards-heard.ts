/** Rounds of approval hear of changes to boards. */
import { heard } from './0016-approvals';

export const boardsHeard = `
${heard(
  'board_changed',
  `
begin
  perform recheck_rounds(new.organization_id, array['board/' || new.id]);
  return null;
end`,
)}
create trigger boards_changed after update of chair_id on boards
  for each row when (old.chair_id is distinct from new.chair_id)
  execute function board_changed();
${heard(
  'board_members_changed',
  `
declare
  member constant board_members := coalesce(new, old);
begin
  perform recheck_rounds(member.organization_id, array['board/' || member.board_id]);
  return null;
end`,
)}
create trigger board_members_changed after insert or delete on board_members
  for each row execute function board_members_changed();`;
