-- The public catalogue: servers, their tools, and where each was read. It belongs to no tenant, so it has a schema of its own:
-- nothing in here names an organisation or refers to a table outside.
do $$
begin
  create extension if not exists pg_trgm;
exception
  when insufficient_privilege or undefined_file then
    raise exception 'the extension pg_trgm is not there and % cannot make it', current_user
      using hint = 'Install Postgres''s contrib modules if they are missing, then, as an administrator of this database: '
        || 'create extension pg_trgm;';
end
$$;

create schema catalog;

-- A file or an address that records are read from.
create table catalog.source (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- What was read the last time, whole or in part.
  digest bytea check (length(digest) = 32),
  -- How far an import has come that has not ended: the number of a record, or a registry's cursor.
  position text,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  finished_at timestamptz
);

create table catalog.server (
  id bigint generated always as identity primary key,
  -- Its name in addresses.
  slug text not null unique check (length(slug) between 1 and 100),
  -- What it is recognised by.
  key text not null unique,
  -- Whose word about it goes first.
  source_id bigint not null references catalog.source (id),
  name text not null,
  description text,
  repo text,
  homepage text,
  package text,
  topic text,
  tags text[] not null default '{}',
  transports text[] not null default '{}',
  remote_url text,
  image text,
  version text,
  -- Public indexes that list it.
  listed_in text[] not null default '{}',
  -- Numbers of tools by class, and what their definitions cost a model's context, in tokens.
  read_tools integer not null default 0,
  write_tools integer not null default 0,
  execute_tools integer not null default 0,
  destructive_tools integer not null default 0,
  financial_tools integer not null default 0,
  other_tools integer not null default 0,
  tokens bigint not null default 0,
  -- How often somebody went from its page to register it.
  uses bigint not null default 0,
  -- The words of its names, to be found by.
  words text not null default '',
  terms tsvector not null default '',
  first_seen_at timestamptz not null,
  changed_at timestamptz not null
);

-- The first line of a key is the slug that was wanted.
create index server_wanted on catalog.server (split_part(key, E'\n', 1));
create index server_package on catalog.server (package, lower(repo)) where package is not null;
create index server_repo on catalog.server (lower(repo)) where repo is not null;
create index server_remote on catalog.server (remote_url) where remote_url is not null;
create index server_topic on catalog.server (topic, id) where topic is not null;
create index server_prefix on catalog.server (lower(name) text_pattern_ops);
create index server_terms on catalog.server using gin (terms);

-- Which server a record of a source is about.
create table catalog.listing (
  source_id bigint not null references catalog.source (id),
  record_key text not null,
  server_id bigint not null references catalog.server (id),
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (source_id, record_key)
);

create index listing_server on catalog.listing (server_id);

create table catalog.tool (
  id bigint generated always as identity primary key,
  server_id bigint not null references catalog.server (id),
  name text not null check (octet_length(name) between 1 and 512),
  -- Where its definition was read, and how much that source tells: 1 name and description, 2 the whole definition.
  source_id bigint not null references catalog.source (id),
  grade smallint not null check (grade in (1, 2)),
  title text,
  -- The beginning of its description, without characters that do not show.
  summary text not null,
  definition text not null,
  hash bytea not null check (length(hash) = 32),
  category text not null
    check (category in ('read', 'write', 'execute', 'destructive', 'financial', 'other')),
  confidence double precision not null check (confidence between 0 and 1),
  reasons text not null,
  tokens integer not null,
  terms tsvector not null,
  first_seen_at timestamptz not null,
  changed_at timestamptz not null,
  -- Set while its source does not list it any more.
  gone_at timestamptz,
  unique (server_id, name)
);

create index tool_name on catalog.tool (name);
create index tool_category on catalog.tool (category, id) where gone_at is null;
create index tool_terms on catalog.tool using gin (terms);

-- What a tool was before it changed, went or came back.
create table catalog.tool_change (
  id bigint generated always as identity primary key,
  server_id bigint not null references catalog.server (id),
  name text not null,
  source_id bigint not null references catalog.source (id),
  kind text not null check (kind in ('changed', 'gone', 'back')),
  definition text not null,
  hash bytea not null check (length(hash) = 32),
  category text not null,
  at timestamptz not null
);

create index tool_change_server on catalog.tool_change (server_id, id desc);

-- Texts of one list and, after them, those of another that are not among them; the other comes with a line each.
create function catalog.both(kept text[], lines text) returns text[]
language sql immutable parallel safe
as $$
  select kept || coalesce(
    (
      select array_agg(distinct line)
      from regexp_split_to_table(lines, E'\n') as line
      where line <> '' and line <> all (kept)
    ),
    '{}'
  )
$$;

-- Every word of a name, to find the one that was meant by a misspelt one.
create table catalog.word (
  word text primary key
);

create index word_prefix on catalog.word (word text_pattern_ops);
create index word_trigrams on catalog.word using gin (word gin_trgm_ops);

grant usage on schema catalog to policylayer_app;
grant select, insert, update on all tables in schema catalog to policylayer_app;
