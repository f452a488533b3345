/** All migrations in order. A migration that has been released is never edited. */
import { foundation } from './0001-foundation';
import { purge } from './0002-purge';
import { signIn } from './0003-sign-in';
import { catalogue } from './0004-catalogue';
import { people } from './0005-people';
import { customRoles } from './0006-roles';
import { tokens } from './0007-tokens';
import { secondFactor } from './0008-second-factor';
import { organizations } from './0009-organizations';
import { mail } from './0010-mail';
import { delegations } from './0011-delegations';
import { leaving } from './0012-leaving';
import { confidential } from './0013-confidential';
import { teams } from './0014-teams';
import { manyPeople } from './0015-many-people';
import { approvals } from './0016-approvals';
import { changeGround } from './0017-change-ground';
import { boardsHeard } from './0018-boards-heard';
import { meetingsOfBoards } from './0019-meetings';
import { policies } from './0020-policies';
import { assignment } from './0021-assignment';
import { slaFigures } from './0022-sla-figures';
import { holidays } from './0023-holidays';
import { slaRuns } from './0024-sla-runs';
import { serviceCatalog } from './0025-service-catalog';
import { majorIncidents } from './0026-major-incidents';
import { search } from './0027-search';
import { views } from './0028-views';
import { attachments } from './0029-attachments';
import { connections } from './0030-connections';
import { requests } from './0031-requests';

export interface Migration {
  readonly name: string;
  /** Plain SQL; runs in one transaction as holdfast_owner. */
  readonly up: string;
  /**
   * The first release whose code does not use any more what this takes away. Without it a migration only
   * adds, so that the code of the release before runs on.
   */
  readonly unusedSince?: string;
}

export const migrations: readonly Migration[] = [
  { name: '0001-foundation', up: foundation },
  { name: '0002-purge', up: purge },
  { name: '0003-sign-in', up: signIn },
  { name: '0004-catalogue', up: catalogue },
  { name: '0005-people', up: people },
  { name: '0006-roles', up: customRoles },
  { name: '0007-tokens', up: tokens },
  { name: '0008-second-factor', up: secondFactor },
  { name: '0009-organizations', up: organizations },
  { name: '0010-mail', up: mail },
  { name: '0011-delegations', up: delegations },
  { name: '0012-leaving', up: leaving },
  { name: '0013-confidential', up: confidential },
  { name: '0014-teams', up: teams },
  { name: '0015-many-people', up: manyPeople },
  { name: '0016-approvals', up: approvals },
  { name: '0017-change-ground', up: changeGround },
  { name: '0018-boards-heard', up: boardsHeard },
  { name: '0019-meetings', up: meetingsOfBoards },
  { name: '0020-policies', up: policies },
  { name: '0021-assignment', up: assignment },
  { name: '0022-sla-figures', up: slaFigures },
  { name: '0023-holidays', up: holidays },
  { name: '0024-sla-runs', up: slaRuns },
  { name: '0025-service-catalog', up: serviceCatalog },
  { name: '0026-major-incidents', up: majorIncidents },
  { name: '0027-search', up: search },
  { name: '0028-views', up: views },
  { name: '0029-attachments', up: attachments },
  { name: '0030-connections', up: connections },
  { name: '0031-requests', up: requests },
];
