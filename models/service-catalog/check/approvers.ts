/** Whom an approval asks. */
import type { InputIssue } from '../../errors';
import type { ApprovalPolicy } from '../shape';
import { nameIssues, type CatalogGround } from './ground';

export function approverIssues(
  { stages }: ApprovalPolicy,
  ground: CatalogGround,
  below: string,
): InputIssue[] {
  return stages.flatMap((rounds, n) =>
    rounds.flatMap(({ approvers }, k) =>
      approvers.flatMap((one, j) =>
        'id' in one
          ? nameIssues(ground, one.kind, one.id, `${below}/stages/${n}/${k}/approvers/${j}/id`)
          : [],
      ),
    ),
  );
}
