/** What rules of a change read beside the ticket; read by `reading.ts` in the transaction of the fact. */
import { z } from 'zod';
import type { Level } from '../tickets/ticket';
import type { Named, PlannedChange } from './conflicts';
import type { Dependency } from './dependencies';
import type { Freeze, MaintenanceWindow } from './windows';

/** What the ground is asked for. */
export const GroundAbout = z.object({
  changeId: z.uuid(),
  window: z.object({ start: z.iso.datetime(), end: z.iso.datetime() }).nullable(),
  serviceIds: z.array(z.uuid()),
  categoryId: z.uuid().nullable(),
  templateId: z.uuid().nullable(),
  /** Whether the services of the template are touched, too. */
  isFromTemplate: z.boolean().default(false),
  peopleIds: z.array(z.uuid()),
});
export type GroundAbout = z.infer<typeof GroundAbout>;

export interface ChangedService extends Named {
  readonly criticality: Level | null;
  readonly isActive: boolean;
}

export interface OtherChange extends PlannedChange {
  readonly state: string;
}

export interface ChangeGround {
  readonly services: readonly ChangedService[];
  readonly people: readonly Named[];
  readonly dependencies: readonly Dependency[];
  readonly freezes: readonly Freeze[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** That are active, by name. */
  readonly boards: readonly {
    readonly id: string;
    readonly kind: 'cab' | 'ecab';
    readonly chairId: string;
  }[];
  /** Open ones whose windows meet this one's; and those that are under way though theirs are over. */
  readonly others: readonly OtherChange[];
  /** Of closed changes of the same template, else of the same category. */
  readonly experience: { readonly successful: number; readonly failed: number };
}
