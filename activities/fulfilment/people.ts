import type { Tx } from '../../models/database';
import { HopelessWork } from '../../models/fulfilment/hopeless-work';

export interface TaskPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Somebody who may sign in; throws HopelessWork for everybody else. */
export async function presentPerson(tx: Tx, id: string): Promise<TaskPerson> {
  const [person] = await tx.rows<TaskPerson>(
    `select id, name, email from users
      where organization_id = $1 and id = $2 and is_active and not is_service`,
    [tx.organizationId, id],
  );
  if (!person) throw new HopelessWork(`There is nobody ${id} who may sign in`);
  return person;
}
