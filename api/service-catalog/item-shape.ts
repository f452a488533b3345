/** How an item of the catalog looks to whoever designs it. */
import { z } from 'zod';
import { DefinitionInput } from '../../models/service-catalog/definition.schema';
import { defineListing } from '../http/list/listing';
import { Reference, referenceSql } from '../http/reference';

const states = ['draft', 'published', 'retired'] as const;

/** Its type goes on for ever where it holds JSON: replies are not held against it by the compiler. */
const Definition: z.ZodType = DefinitionInput;

export const CatalogItemVersion = z
  .object({
    version: z.int(),
    name: z.string(),
    state: z.enum(states).describe('Published: what is ordered now. Retired: it was published.'),
    definition: Definition,
    writtenBy: Reference.describe('Whoever wrote it last.'),
    publishedAt: z.iso.datetime().nullable(),
    retiredAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'CatalogItemVersion' });

export const CatalogItem = z
  .object({
    id: z.uuid(),
    name: z.string().describe('That of the newest version.'),
    category: Reference,
    position: z.int().describe('In its category; the lowest is shown first.'),
    state: z.enum(states).describe('Draft: it was never published. Retired: nobody orders it.'),
    draft: CatalogItemVersion.nullable().describe('What is published next.'),
    published: CatalogItemVersion.nullable().describe('What is ordered now.'),
    revision: z.int(),
  })
  .meta({ id: 'CatalogItem' });
export type CatalogItem = z.infer<typeof CatalogItem>;

export const itemListing = defineListing({
  name: 'catalog items',
  item: CatalogItem,
  idSql: 'i.id',
  fields: {
    name: { type: 'text', column: 'i.name', nullable: false },
    category: { type: 'reference', column: 'i.category_id', nullable: false },
    position: { type: 'integer', column: 'i.position', nullable: false },
    state: { type: 'enum', column: 'i.state', values: states, nullable: false },
  },
  sorts: ['position', 'name'],
  defaultSort: 'name',
  search: ['i.name'],
});

const iso = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export const versionSql = `jsonb_build_object(
  'version', v.version, 'name', v.name, 'state', v.state, 'definition', v.definition,
  'writtenBy', (select jsonb_build_object('id', u.id, 'name', u.name) from users u
                 where u.organization_id = v.organization_id and u.id = v.written_by_id),
  'publishedAt', ${iso('v.published_at')}, 'retiredAt', ${iso('v.retired_at')})`;

const versionIn = (state: 'draft' | 'published') => `(
  select ${versionSql} from catalog_item_versions v
   where v.organization_id = i.organization_id and v.id = i.id and v.state = '${state}')`;

export const itemSelect = `i.id, i.name, ${referenceSql('c')} as category, i.position, i.state,
  ${versionIn('draft')} as draft, ${versionIn('published')} as published, i.revision`;

export const itemFrom = `catalog_items i
  join catalog_categories c on c.organization_id = i.organization_id and c.id = i.category_id`;
