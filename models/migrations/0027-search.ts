/**
 * What is searched for in tickets: one row of words a ticket, kept by triggers in the transaction that
 * changes a text, and found by functions that stand outside of row-level security (docs/adr/0023-search.md).
 */
import { finding } from './0027-search-finding';
import { keeping } from './0027-search-keeping';
import { walled } from './walls';

/** Languages of PostgreSQL's stemmers by what a locale begins with; all others are taken word for word. */
export const stemmed: Readonly<Record<string, string>> = {
  ...{ da: 'danish', de: 'german', en: 'english', es: 'spanish', fi: 'finnish', fr: 'french' },
  ...{ hu: 'hungarian', it: 'italian', nb: 'norwegian', nl: 'dutch', nn: 'norwegian' },
  ...{ no: 'norwegian', pt: 'portuguese', ro: 'romanian', ru: 'russian', sv: 'swedish' },
  tr: 'turkish',
};

const languages = [...new Set(Object.values(stemmed))].sort();
const array = (words: readonly string[]) => `array[${words.map((word) => `'${word}'`).join(', ')}]`;

const configurations = `
-- Trusted ones: whoever may create in the database may create them, so that no superuser is needed.
create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gin;

-- As PostgreSQL's own, but accents do not count.
do $$
declare
  l text;
  stemmer text;
begin
  foreach l in array ${array([...languages, 'simple'])} loop
    stemmer := case l when 'simple' then 'simple' else l || '_stem' end;
    execute format('create text search configuration holdfast_%1$s (copy = pg_catalog.%1$I)', l);
    execute format('alter text search configuration holdfast_%s
      alter mapping for asciiword, asciihword, hword_asciipart, hword, hword_part, word
      with unaccent, %I', l, stemmer);
  end loop;
end $$;
create function text_language(locale text) returns text language sql immutable as $$
  select coalesce(case split_part(locale, '-', 1)
    ${Object.entries(stemmed)
      .map(([tag, name]) => `when '${tag}' then '${name}'`)
      .join(' ')} else 'simple' end)
$$;
create function text_language_of(organization uuid) returns text language sql stable as $$
  select text_language(coalesce(settings->>'locale', 'en')) from organizations where id = organization
$$;
create function text_config(language text) returns regconfig language sql stable as $$
  select ('public.holdfast_' || language)::regconfig
$$;`;

const tables = `
create table ticket_texts (
  organization_id uuid not null,
  ticket_id uuid not null,
  type text not null,
  is_open boolean not null,
  opened_at timestamptz not null,
  -- Whoever may see it without seeing all tickets: requester, opener, watchers, people who are to answer.
  people uuid[] not null,
  -- The title, small and without accents.
  plain_title text not null,
  -- Number, title, tags (A), description (B), public comments (C).
  public_words tsvector not null,
  -- With them internal notes and what only agents are told of a problem; null: there are none.
  internal_words tsvector,
  -- In which the words were reduced to their stems; that of the organization, unless it has just changed.
  language text not null,
  -- Characters that were taken, of at most 150,000: words may not have more than a mebibyte.
  size integer not null,
  primary key (organization_id, ticket_id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id) on delete cascade
) with (fillfactor = 85);

-- Known errors of problems, in whichever state: one row a problem that has or had one.
create table known_errors (
  organization_id uuid not null,
  ticket_id uuid not null,
  state text not null,
  is_public boolean not null,
  symptoms text not null,
  workaround text,
  -- Published, and for requesters, too.
  is_workaround_public boolean not null,
  published_at timestamptz,
  plain_title text not null,
  public_words tsvector not null,
  internal_words tsvector not null,
  primary key (organization_id, ticket_id),
  foreign key (organization_id, ticket_id) references tickets (organization_id, id) on delete cascade
);

-- Organizations whose language has changed, until all of their tickets have its words.
create table text_moves (
  organization_id uuid primary key references organizations (id),
  former text[] not null,
  since timestamptz not null default clock_timestamp()
);`;

const backlog = `
-- The owner, too, is bound by the walls; this transaction is to see all organizations.
alter table organizations no force row level security;
alter table tickets no force row level security;
alter table ticket_comments no force row level security;
do $$
begin
  perform write_texts(t, false) from tickets t;
end $$;
alter table organizations force row level security;
alter table tickets force row level security;
alter table ticket_comments force row level security;
create index ticket_texts_public on ticket_texts using gin (organization_id, public_words)
  with (fastupdate = off);
create index ticket_texts_internal on ticket_texts using gin (organization_id, internal_words)
  with (fastupdate = off) where internal_words is not null;
create index ticket_texts_people on ticket_texts using gin (organization_id, people) with (fastupdate = off);
create index ticket_texts_title on ticket_texts using gin (organization_id, plain_title gin_trgm_ops)
  with (fastupdate = off);
create index ticket_texts_recent on ticket_texts (organization_id, opened_at desc);
create index ticket_texts_open on ticket_texts (organization_id, type, opened_at desc) where is_open;
create index ticket_texts_language on ticket_texts (organization_id, language);
${walled('ticket_texts', 'known_errors', 'text_moves')}
grant insert on ticket_texts, known_errors to holdfast_system;`;

export const search = [configurations, tables, keeping, backlog, finding].join('\n');
