/** The connection of an operator: sees organizations and none of their tickets. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Config } from '../../config';
import type { Doer } from '../../models/audit/record';
import { openDatabase, type Database } from '../../models/database';
import { messageOf } from '../stack/failure';
import { embeddedUrl } from './embedded-url';

const statementTimeoutMs = 60_000;

/** Throws with what does not answer. */
export async function openOperator({ database, dataDir }: Config): Promise<Database> {
  const { url: appUrl, operatorUrl } = database;
  if (operatorUrl === undefined && appUrl !== undefined) {
    throw new Error('DATABASE_OPERATOR_URL is not set: organizations are the operator’s.');
  }
  const url = operatorUrl ?? embeddedUrl(dataDir, 'holdfast_operator');
  const options = { url, poolMax: 2, applicationName: 'holdfast-operator', statementTimeoutMs };
  return openDatabase(options).catch((error: unknown) => {
    throw new Error(`PostgreSQL at ${new URL(url).host} cannot be used: ${messageOf(error)}`);
  });
}

/** Who works at this command line, as audit events name them. */
export function operatorHere(): Doer {
  return {
    actor: { kind: 'operator', name: userInfo().username },
    address: 'command line',
    requestId: randomUUID(),
  };
}
