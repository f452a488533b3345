/** How the words of tickets are kept: what is taken of a ticket, and the triggers that say when. */

/** A ticket's own texts beside title and description. */
const texts = `
-- A later migration that gives tickets tags replaces this, and adds a trigger for when they change.
create function ticket_tags(t tickets) returns text language sql stable as $$ select ''::text $$;

create function told_texts(t tickets) returns text language sql stable as $$
  select case when t.type = 'problem' and t.snapshot #>> '{details,workaround,isPublic}' = 'true'
                and t.snapshot #>> '{details,workaround,publishedAt}' is not null
              then coalesce(t.snapshot #>> '{details,workaround,text}', '') else '' end
$$;
create function internal_texts(t tickets) returns text language sql stable as $$
  select case when t.type = 'problem' then concat_ws(' ', t.snapshot #>> '{details,workaround,text}',
            t.snapshot #>> '{details,knownError,symptoms}', t.snapshot #>> '{details,rootCause,summary}',
            (select string_agg(w, ' ') from jsonb_array_elements_text(
               case jsonb_typeof(t.snapshot #> '{details,rootCause,whys}') when 'array'
                    then t.snapshot #> '{details,rootCause,whys}' else '[]' end) w),
            (select string_agg(c, ' ') from jsonb_array_elements_text(
               case jsonb_typeof(t.snapshot #> '{details,rootCause,contributingCauses}') when 'array'
                    then t.snapshot #> '{details,rootCause,contributingCauses}' else '[]' end) c))
         else coalesce(t.snapshot #>> '{details,resolution,notes}', '') end
$$;
create function ticket_people(t tickets) returns uuid[] language sql stable as $$
  select array(select distinct unnest(array[t.requester_id, t.opened_by_id] || t.watcher_ids || t.awaited_ids)
               order by 1)
$$;`;

const writing = `
create function write_ticket_text(t tickets, is_new boolean) returns void language plpgsql as $$
declare
  most constant integer := 150000;
  language text := text_language_of(t.organization_id);
  config regconfig := text_config(language);
  told text := concat_ws(' ', t.description, nullif(told_texts(t), ''));
  inner_text text := internal_texts(t);
  said text := '';
  noted text := '';
  words tsvector;
  inner_words tsvector;
begin
  if not is_new then
    select coalesce(string_agg(' ' || body, '' order by created_at, id) filter (where is_public), ''),
           coalesce(string_agg(' ' || body, '' order by created_at, id) filter (where not is_public), '')
      into said, noted
      from ticket_comments where organization_id = t.organization_id and ticket_id = t.id;
  end if;
  told := left(told, most / 3);
  said := left(said, most / 3);
  inner_text := left(inner_text || noted, most / 3);
  words := setweight(to_tsvector(config, concat_ws(' ', t.number, t.title, ticket_tags(t))), 'A')
        || setweight(to_tsvector(config, told), 'B');
  if said <> '' then words := words || setweight(to_tsvector(config, said), 'C'); end if;
  if inner_text <> '' then inner_words := words || setweight(to_tsvector(config, inner_text), 'C'); end if;
  insert into ticket_texts as x (organization_id, ticket_id, type, is_open, opened_at, people, plain_title,
      public_words, internal_words, language, size)
  values (t.organization_id, t.id, t.type, t.is_open, t.opened_at, ticket_people(t),
      lower(unaccent(t.title)), words, inner_words, language,
      length(told) + length(said) + length(inner_text))
  on conflict (organization_id, ticket_id) do update
     set is_open = excluded.is_open, people = excluded.people, plain_title = excluded.plain_title,
         public_words = excluded.public_words, internal_words = excluded.internal_words,
         language = excluded.language, size = excluded.size;
end $$;

create function write_known_error(t tickets) returns void language plpgsql as $$
declare
  config regconfig := text_config(text_language_of(t.organization_id));
  known jsonb := t.snapshot #> '{details,knownError}';
  workaround text := t.snapshot #>> '{details,workaround,text}';
  told text := told_texts(t);
  title tsvector := setweight(to_tsvector(config, t.title), 'A');
begin
  if known is null or jsonb_typeof(known) <> 'object' then
    delete from known_errors k where k.organization_id = t.organization_id and k.ticket_id = t.id;
    return;
  end if;
  insert into known_errors (organization_id, ticket_id, state, is_public, symptoms, workaround,
      is_workaround_public, published_at, plain_title, public_words, internal_words)
  select t.organization_id, t.id, known->>'state', coalesce((known->>'isPublic')::boolean, false),
         coalesce(known->>'symptoms', ''), workaround, told <> '', (known->>'publishedAt')::timestamptz,
         lower(unaccent(t.title)),
         title || setweight(to_tsvector(config, left(concat_ws(' ', known->>'symptoms', told), 100000)), 'B'),
         title || setweight(to_tsvector(config,
           left(concat_ws(' ', t.number, known->>'symptoms', workaround), 100000)), 'B')
  on conflict (organization_id, ticket_id) do update
     set state = excluded.state, is_public = excluded.is_public, symptoms = excluded.symptoms,
         workaround = excluded.workaround, is_workaround_public = excluded.is_workaround_public,
         published_at = excluded.published_at, plain_title = excluded.plain_title,
         public_words = excluded.public_words, internal_words = excluded.internal_words;
end $$;

create function write_texts(t tickets, is_new boolean) returns void language plpgsql as $$
begin
  perform write_ticket_text(t, is_new);
  if t.type = 'problem' then perform write_known_error(t); end if;
end $$;`;

/** Each says when it has something to do, so that a fact that changes no text costs next to nothing. */
const triggers = `
create function text_opened() returns trigger language plpgsql as $$
begin
  perform write_texts(new, true);
  return null;
end $$;
create trigger text_opened after insert on tickets for each row execute function text_opened();

create function text_edited() returns trigger language plpgsql as $$
begin
  perform write_texts(new, false);
  return null;
end $$;
create trigger text_edited after update on tickets for each row
  when (old.title <> new.title or old.description <> new.description
    or old.snapshot #> '{details,resolution,notes}' is distinct from new.snapshot #> '{details,resolution,notes}'
    or new.type = 'problem' and old.snapshot -> 'details' is distinct from new.snapshot -> 'details')
  execute function text_edited();

create function text_shown() returns trigger language plpgsql as $$
begin
  update ticket_texts set is_open = new.is_open, people = ticket_people(new)
   where organization_id = new.organization_id and ticket_id = new.id;
  return null;
end $$;
create trigger text_shown after update on tickets for each row
  when (old.is_open <> new.is_open or old.requester_id <> new.requester_id
    or old.watcher_ids <> new.watcher_ids or old.awaited_ids <> new.awaited_ids)
  execute function text_shown();

create function text_said() returns trigger language plpgsql as $$
declare
  most constant integer := 150000;
begin
  -- Added to what is there: a long conversation is not read again for each of its lines.
  update ticket_texts x
     set public_words = case when new.is_public then x.public_words || w.words else x.public_words end,
         internal_words = case when new.is_public then x.internal_words || w.words
                               else coalesce(x.internal_words, x.public_words) || w.words end,
         size = least(most, x.size + 1 + length(new.body))
    from (select setweight(to_tsvector(text_config(y.language), left(new.body, greatest(0, most - y.size))), 'C')
                   as words
            from ticket_texts y where y.organization_id = new.organization_id and y.ticket_id = new.ticket_id) w
   where x.organization_id = new.organization_id and x.ticket_id = new.ticket_id;
  return null;
end $$;
create trigger text_said after insert on ticket_comments for each row execute function text_said();

create function text_of_comment_edited() returns trigger language plpgsql as $$
declare
  t tickets;
begin
  select * into strict t from tickets where organization_id = new.organization_id and id = new.ticket_id;
  perform write_ticket_text(t, false);
  return null;
end $$;
create trigger text_of_comment_edited after update on ticket_comments for each row
  when (old.body <> new.body or old.is_public <> new.is_public) execute function text_of_comment_edited();

create function text_language_moved() returns trigger language plpgsql as $$
begin
  insert into text_moves as m (organization_id, former)
  values (new.id, array[text_language(coalesce(old.settings->>'locale', 'en'))])
  on conflict (organization_id) do update set former = m.former || excluded.former, since = clock_timestamp();
  return null;
end $$;
create trigger text_language_moved after update of settings on organizations for each row
  when (text_language(coalesce(old.settings->>'locale', 'en'))
     <> text_language(coalesce(new.settings->>'locale', 'en')))
  execute function text_language_moved();`;

export const keeping = [texts, writing, triggers].join('\n');
