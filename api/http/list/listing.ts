/** What a list can be filtered and sorted by: one declaration for each resource. */
import type { z } from 'zod';
import { operatorsOf, type ConditionField, type FieldType } from '../../../models/filter/field';

interface FieldFacts {
  /** Column, with its alias if the query has one; default: the name in snake_case. */
  readonly column?: string;
  /** An SQL expression in place of a column. Never built from input. */
  readonly sql?: string;
  /** An array of ids or of texts: a value matches when it is among them. */
  readonly many?: boolean;
  /** Of a reference: what `me` and `myTeams` mean follows from it. Absent: it takes both words. */
  readonly refersTo?: ConditionField['refersTo'];
  /** Of people: `me` is also everybody in whose place I act. */
  readonly isActedFor?: boolean;
  /** Default true. Say false where the column is `not null`: the plan and the pages get cheaper. */
  readonly nullable?: boolean;
  readonly description?: string;
}

export type FieldDeclaration =
  | 'text'
  | 'instant'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'reference'
  | (FieldFacts & { readonly type: Exclude<FieldType, 'enum'> })
  | (FieldFacts & {
      readonly type: 'enum';
      readonly values: readonly string[];
      /** The values are in ascending order and can be compared. */
      readonly ordered?: boolean;
    });

/** A field as the compiler uses it. */
export interface ListField extends ConditionField {
  readonly name: string;
  readonly sql: string;
  /** The column is an array. */
  readonly many: boolean;
  readonly isActedFor: boolean;
  readonly description: string | undefined;
}

export interface SortKey {
  readonly field: string;
  readonly descending: boolean;
}

export interface Listing {
  /** Part of every cursor's signature. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, ListField>;
  readonly sorts: readonly string[];
  readonly defaultSort: readonly SortKey[];
  /** The unique column that breaks ties. */
  readonly idSql: string;
  /** Columns whose text `search=` looks through; empty: the list takes no such parameter. */
  readonly search: readonly string[];
  /** Top-level members of an item, for `fields=`. */
  readonly members: readonly string[];
}

export interface ListingDeclaration {
  readonly name: string;
  /** The schema of one item. */
  readonly item: z.ZodObject;
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
  /** Names of fields that a caller may sort by. */
  readonly sorts: readonly string[];
  /** As a caller would write it: `-openedAt`. */
  readonly defaultSort: string;
  /** Default `id`. */
  readonly idSql?: string;
  /** Columns of text, with their alias, that `search=` looks through. Never built from input. */
  readonly search?: readonly string[];
}

/** Throws a plain Error when a sort is no field: that is a bug of the declaration. */
export function defineListing(declaration: ListingDeclaration): Listing {
  const fields = new Map(
    Object.entries(declaration.fields).map(([name, field]) => [name, fieldOf(name, field)]),
  );
  const defaultSort = sortKeysOf(declaration.defaultSort);
  for (const name of [...declaration.sorts, ...defaultSort.map((key) => key.field)]) {
    if (!fields.has(name)) throw new Error(`${declaration.name}: sort ${name} is not a field.`);
  }
  return {
    name: declaration.name,
    fields,
    sorts: declaration.sorts,
    defaultSort,
    idSql: declaration.idSql ?? 'id',
    search: declaration.search ?? [],
    members: Object.keys(declaration.item.shape),
  };
}

/** `dueAt,-openedAt` as keys; whether they exist is not looked at here. */
export function sortKeysOf(text: string): SortKey[] {
  return text
    .split(',')
    .map((part) =>
      part.startsWith('-')
        ? { field: part.slice(1), descending: true }
        : { field: part, descending: false },
    );
}

function fieldOf(name: string, declared: FieldDeclaration): ListField {
  const field = typeof declared === 'string' ? { type: declared } : declared;
  const facts: FieldFacts = field;
  const nullable = facts.nullable ?? true;
  return {
    name,
    type: field.type,
    sql: facts.sql === undefined ? (facts.column ?? snakeCase(name)) : `(${facts.sql})`,
    nullable,
    many: facts.many ?? false,
    refersTo: facts.refersTo,
    isActedFor: facts.isActedFor ?? false,
    isRelative: field.type === 'instant',
    values: 'values' in field ? field.values : [],
    operators: operatorsOf({ ...field, nullable }),
    description: facts.description,
  };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
