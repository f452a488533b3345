/**
 * What a change collides with: other changes, freezes, and times outside of maintenance. Pure. Between two
 * changes it is the same from both sides.
 */
import { relatedTo, type Dependency } from './dependencies';
import {
  freezesOver,
  outsideMaintenance,
  overlapOf,
  windowOf,
  type ChangeWindow,
  type Freeze,
  type MaintenanceWindow,
  type Overlap,
} from './windows';

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** A change as far as it can collide; its lists name nothing twice. */
export interface PlannedChange {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly window: ChangeWindow;
  readonly services: readonly Named[];
  /** References to configuration items, as people write them. */
  readonly configurationItems: readonly string[];
  readonly people: readonly Named[];
}

export interface Ground {
  readonly dependencies: readonly Dependency[];
  readonly freezes: readonly Freeze[];
  readonly maintenance: readonly MaintenanceWindow[];
}

export type ConflictKind =
  | 'freeze'
  | 'sameConfigurationItem'
  | 'sameService'
  | 'outsideMaintenance'
  | 'dependentService'
  | 'samePeople';

export interface Conflict {
  readonly kind: ConflictKind;
  /** Another change, or a freeze; null for a time outside of maintenance. */
  readonly with: ConflictingChange | ConflictingFreeze | null;
  /** What both are about. */
  readonly services: readonly Named[];
  readonly configurationItems: readonly string[];
  readonly people: readonly Named[];
  readonly overlap: Overlap;
  /** Whether the change is not begun while it lasts. */
  readonly isBlocking: boolean;
  /** A sentence for people. */
  readonly reason: string;
}

export interface ConflictingChange extends Pick<
  PlannedChange,
  'id' | 'number' | 'title' | 'window'
> {
  readonly type: 'change';
}

export interface ConflictingFreeze extends Pick<Freeze, 'id' | 'name'> {
  readonly type: 'freeze';
  readonly window: ChangeWindow;
}

/**
 * The heaviest first. What is changed by two at once, and what a rule of the organization forbids, blocks;
 * what depends on something that is changed may suffer, and people may share their time: that is for
 * whoever decides.
 */
const kinds = {
  freeze: { weight: 100, isBlocking: true },
  sameConfigurationItem: { weight: 90, isBlocking: true },
  sameService: { weight: 80, isBlocking: true },
  outsideMaintenance: { weight: 70, isBlocking: true },
  dependentService: { weight: 50, isBlocking: false },
  samePeople: { weight: 40, isBlocking: false },
} as const satisfies Record<ConflictKind, { weight: number; isBlocking: boolean }>;

/** The heaviest first, of one kind the earliest. `others` may name the change itself, which is left out. */
export function conflictsOf(
  change: PlannedChange,
  others: readonly PlannedChange[],
  { dependencies, freezes, maintenance }: Ground,
): Conflict[] {
  const own = ownOf(change, dependencies);
  return [
    ...others.flatMap((other) => withOther(own, other)),
    ...withFreezes(change, freezes),
    ...withMaintenance(change, maintenance),
  ].sort(heaviestFirst);
}

/** A change with what is asked of it for every other one. */
interface Own {
  readonly change: PlannedChange;
  readonly serviceIds: ReadonlySet<string>;
  readonly configurationItems: ReadonlySet<string>;
  readonly peopleIds: ReadonlySet<string>;
  /** By service of the change: those that it needs and those that need it, over whatever lies between. */
  readonly relatedById: ReadonlyMap<string, ReadonlySet<string>>;
  /** All of them. */
  readonly relatedIds: ReadonlySet<string>;
}

function ownOf(change: PlannedChange, dependencies: readonly Dependency[]): Own {
  const serviceIds = change.services.map(({ id }) => id);
  const relatedById = relatedTo(serviceIds, dependencies);
  return {
    change,
    serviceIds: new Set(serviceIds),
    configurationItems: new Set(change.configurationItems),
    peopleIds: new Set(change.people.map(({ id }) => id)),
    relatedById,
    relatedIds: new Set([...relatedById.values()].flatMap((ids) => [...ids])),
  };
}

const nothing = { services: [], configurationItems: [], people: [] } as const;

function withOther(own: Own, other: PlannedChange): Conflict[] {
  const { change } = own;
  const overlap = overlapOf(change.window, other.window);
  if (overlap === null || other.id === change.id) return [];
  const { id, number, title, window } = other;
  const meets = { with: { type: 'change', id, number, title, window }, overlap } as const;
  return [
    ...overServices(own, other),
    ...overItems(own, other),
    ...overDependents(own, other),
    ...overPeople(own, other),
  ].map(({ kind, reason, ...about }) => ({
    kind,
    ...meets,
    ...nothing,
    ...about,
    isBlocking: kinds[kind].isBlocking,
    reason,
  }));
}

/** What two changes share, before it is known when. */
type Shared = Pick<Conflict, 'kind' | 'reason'> &
  Partial<Pick<Conflict, 'services' | 'configurationItems' | 'people'>>;

function overServices({ serviceIds }: Own, other: PlannedChange): Shared[] {
  const services = other.services.filter(({ id }) => serviceIds.has(id));
  if (services.length === 0) return [];
  const reason = `${other.number} works on ${listed(services)} at the same time.`;
  return [{ kind: 'sameService', services, reason }];
}

function overItems({ configurationItems: own }: Own, other: PlannedChange): Shared[] {
  const configurationItems = other.configurationItems.filter((item) => own.has(item));
  if (configurationItems.length === 0) return [];
  const reason = `${other.number} works on ${configurationItems.join(', ')} at the same time.`;
  return [{ kind: 'sameConfigurationItem', configurationItems, reason }];
}

function overDependents({ change, relatedById, relatedIds }: Own, other: PlannedChange): Shared[] {
  const theirs = other.services.filter(({ id }) => relatedIds.has(id));
  if (theirs.length === 0) return [];
  const ours = change.services.filter((our) =>
    theirs.some((their) => relatedById.get(our.id)?.has(their.id) === true),
  );
  const services = [...ours, ...theirs.filter(({ id }) => ours.every((our) => our.id !== id))];
  const reason =
    `${other.number} works on ${listed(theirs)} at the same time, ` +
    `tied to ${listed(ours)} by a dependency.`;
  return [{ kind: 'dependentService', services, reason }];
}

function overPeople({ peopleIds }: Own, other: PlannedChange): Shared[] {
  const people = other.people.filter(({ id }) => peopleIds.has(id));
  if (people.length === 0) return [];
  const reason = `${other.number} needs ${listed(people)} at the same time.`;
  return [{ kind: 'samePeople', people, reason }];
}

function withFreezes({ window, services }: PlannedChange, freezes: readonly Freeze[]): Conflict[] {
  const serviceIds = services.map(({ id }) => id);
  return freezesOver(window, serviceIds, freezes).flatMap((freeze) => {
    const overlap = overlapOf(window, windowOf(freeze));
    if (overlap === null) return [];
    const { id, name, serviceIds: frozen, reason } = freeze;
    const isOfAll = frozen.length === 0;
    const about = services.filter((one) => isOfAll || frozen.includes(one.id));
    return [
      {
        kind: 'freeze',
        with: { type: 'freeze', id, name, window: windowOf(freeze) },
        ...nothing,
        services: about,
        overlap,
        isBlocking: kinds.freeze.isBlocking,
        reason: `${isOfAll ? 'Everything' : listed(about)} is frozen by "${name}": ${reason}`,
      },
    ];
  });
}

function withMaintenance(
  { window, services }: PlannedChange,
  maintenance: readonly MaintenanceWindow[],
): Conflict[] {
  const serviceIds = services.map(({ id }) => id);
  const outside = outsideMaintenance(window, serviceIds, maintenance);
  if (outside.length === 0) return [];
  const about = services.filter(({ id }) => outside.includes(id));
  return [
    {
      kind: 'outsideMaintenance',
      with: null,
      ...nothing,
      services: about,
      overlap: { from: window.start, until: window.end },
      isBlocking: kinds.outsideMaintenance.isBlocking,
      reason: `No maintenance window of ${listed(about)} holds the whole window of the change.`,
    },
  ];
}

function listed(named: readonly Named[]): string {
  return named.map(({ name }) => name).join(', ');
}

function heaviestFirst(one: Conflict, other: Conflict): number {
  const byWeight = kinds[other.kind].weight - kinds[one.kind].weight;
  if (byWeight !== 0) return byWeight;
  const [a, b] = [keyOf(one), keyOf(other)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Instants compare as text. */
function keyOf({ overlap, with: met }: Conflict): string {
  return `${overlap.from} ${met?.id ?? ''}`;
}
