/**
 * How tickets are found by their words. The operators of text search are not leakproof, so that no index
 * serves them under row-level security: these functions stand outside of it and take the organization from
 * the transaction, never from an argument. They give candidates; who may see them is decided by the
 * statement that asks, as for every list (api/tickets/sight.ts).
 */

const queries = `
create function current_organization() returns uuid language sql stable as $$
  select nullif(current_setting('app.organization', true), '')::uuid
$$;
-- Languages in which an organization's words may be.
create function text_languages(organization uuid) returns text[] language sql stable as $$
  select array(select distinct unnest(array[text_language_of(organization)] || coalesce(
    (select former from text_moves m where m.organization_id = organization), '{}')))
$$;
-- What was typed: head as in a search engine ("of words", or, -not), and a last word that may go on; it has
-- letters and digits only. Empty: it says nothing that could be found.
create function text_query(organization uuid, head text, tail text) returns tsquery
  language plpgsql stable as $$
declare
  found tsquery := ''::tsquery;
  config regconfig;
  l text;
  q tsquery;
begin
  foreach l in array text_languages(organization) loop
    config := text_config(l);
    q := websearch_to_tsquery(config, head);
    -- Beside others a word that says nothing stays out; alone it may become another one.
    if tail <> '' and (numnode(q) = 0 or numnode(plainto_tsquery(config, tail)) > 0) then
      q := q && (plainto_tsquery(config, tail) || to_tsquery('public.holdfast_simple', tail || ':*'));
    end if;
    found := found || q;
  end loop;
  return found;
end $$;
-- Any of the words of a text, at most so many, the first ones.
create function any_word(organization uuid, said text, most integer) returns tsquery
  language sql stable as $$
  select coalesce(string_agg(quote_literal(lexeme), ' | ')::tsquery, ''::tsquery)
    from (select lexeme from unnest(to_tsvector(text_config(text_language_of(organization)), said))
           order by positions[1] limit most) w
$$;
-- Whose tickets: all of these types (null: of every type), of the others those of these people.
create function text_scope(whole text[]) returns text language sql immutable as $$
  select case when whole is null then 'true' when whole = '{}' then 'x.people && $4'
              else '(x.type = any($3) or x.people && $4)' end
$$;`;

const finds = `
create function find_ticket_texts(head text, tail text, is_internal boolean, types text[], whole text[],
    people uuid[], is_open boolean, most integer)
  returns table (ticket_id uuid, rank real, is_public boolean)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  organization uuid := current_organization();
  q tsquery := text_query(organization, head, tail);
begin
  if numnode(q) = 0 then return; end if;
  -- Planned for these very values: of a rare word all tickets are read, of a common one the newest.
  return query execute format('
    with hits as (
      select x.ticket_id, x.opened_at, x.is_open, x.public_words,
             case when $7 then x.internal_words end as internal_words
        from ticket_texts x
       where x.organization_id = $1 and (x.public_words @@ $2 %s) and %s
         and ($5 is null or x.type = any($5)) and ($6 is null or x.is_open = $6)
       order by x.opened_at desc limit $8)
    select h.ticket_id,
           (ts_rank(coalesce(h.internal_words, h.public_words), $2, 1) * text_weight(h.is_open, h.opened_at))::real,
           h.public_words @@ $2
      from hits h',
    case when is_internal then 'or x.internal_words @@ $2' else '' end, text_scope(whole))
  using organization, q, whole, people, types, is_open, is_internal, most;
end $$;

create function find_ticket_titles(said text, types text[], whole text[], people uuid[], is_open boolean,
    most integer)
  returns table (ticket_id uuid, rank real, is_public boolean)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  titles text := format('select x.ticket_id, x.is_open, x.opened_at, x.plain_title
      from ticket_texts x
     where x.organization_id = $1 and %s and ($5 is null or x.type = any($5)) and ($6 is null or x.is_open = $6)',
    text_scope(whole));
  likeness constant text := 'select h.ticket_id,
      (word_similarity($2, h.plain_title) * text_weight(h.is_open, h.opened_at))::real as rank, true
    from (%s) h where $2 <%% h.plain_title order by rank desc limit $7';
  plain text := lower(unaccent(said));
begin
  -- Words that say nothing are written like everything.
  if numnode(any_word(current_organization(), said, 1)) = 0 then return; end if;
  -- Two letters that change places in a word of seven leave three of its eight groups of letters. So little
  -- likeness is looked for among the newest only; among all of them the index needs more of it.
  perform set_config('pg_trgm.word_similarity_threshold', '0.35', true);
  return query execute format(likeness, titles || ' order by x.opened_at desc limit 2500')
    using current_organization(), plain, whole, people, types, is_open, most;
  if found then return; end if;
  perform set_config('pg_trgm.word_similarity_threshold', '0.5', true);
  return query execute format(likeness, titles)
    using current_organization(), plain, whole, people, types, is_open, most;
end $$;

-- Open tickets of a type that say something like it, by what everybody who sees them is told.
create function find_similar_tickets(title text, description text, type text, whole text[], people uuid[],
    most integer)
  returns table (ticket_id uuid, rank real)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  organization uuid := current_organization();
  words tsquery := any_word(organization, title, 12);
  more tsquery := any_word(organization, left(description, 2000), 20);
begin
  if numnode(words) = 0 then return; end if;
  -- Of rare words all are compared, of common ones the newest; in full those that share most.
  return query execute format('
    select h.ticket_id, (h.shared + 0.3 * ts_rank(h.public_words, $6, 1)
                         + 0.5 * similarity(h.plain_title, $7))::real as rank
      from (select n.*, ts_rank(n.public_words, $2, 1) as shared
              from (select x.ticket_id, x.public_words, x.plain_title
                      from ticket_texts x
                     where x.organization_id = $1 and x.is_open and x.type = $5 and x.public_words @@ $2 and %s
                     order by x.opened_at desc limit 500) n
             order by shared desc limit 100) h
     order by rank desc limit $8', text_scope(whole))
  using organization, words, whole, people, type, more, lower(unaccent(title)), most;
end $$;`;

const weights = `
-- What is open counts more, what is old less: half after two years.
create function text_weight(is_open boolean, opened_at timestamptz) returns double precision
  language sql stable as $$
  select (case when is_open then 1.25 else 1 end)
       / (1 + greatest(0, extract(epoch from now() - opened_at)) / 63072000)
$$;`;

/** After a change of the language: so many tickets of every organization at most; how many were done. */
const moving = `
create function refresh_ticket_texts(how_many integer)
  returns integer
  language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  m text_moves;
  wanted text;
  done integer := 0;
  written integer;
begin
  for m in select * from text_moves order by since limit 1 for update skip locked loop
    wanted := text_language_of(m.organization_id);
    perform write_texts(t, false) from tickets t
      where t.organization_id = m.organization_id and t.id in (
        select x.ticket_id from ticket_texts x
         where x.organization_id = m.organization_id and x.language <> wanted limit how_many);
    get diagnostics written = row_count;
    done := done + written;
    -- What was being opened when the language changed may still come with words of the one before.
    if written = 0 and m.since < clock_timestamp() - interval '1 minute' then
      delete from text_moves where organization_id = m.organization_id;
    end if;
  end loop;
  return done;
end $$;`;

const rights = `
do $$
declare f regprocedure;
begin
  foreach f in array array[
    'find_ticket_texts(text, text, boolean, text[], text[], uuid[], boolean, integer)',
    'find_ticket_titles(text, text[], text[], uuid[], boolean, integer)',
    'find_similar_tickets(text, text, text, text[], uuid[], integer)',
    'refresh_ticket_texts(integer)'
  ]::regprocedure[]
  loop
    execute format('alter function %s owner to holdfast_system', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to holdfast_app', f);
  end loop;
end $$;`;

export const finding = [queries, weights, finds, moving, rights].join('\n');
