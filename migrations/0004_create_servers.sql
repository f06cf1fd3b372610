-- Upstream MCP servers, what they offer, and the policies written for them.
-- Every reference carries org_id, so that no row can point into another organisation.
create table server (
  id uuid primary key,
  org_id uuid not null references org (id) on delete cascade,
  slug text not null check (length(slug) between 1 and 40),
  name text not null,
  url text not null,
  sealed_headers text,
  header_names text[] not null default '{}',
  enabled boolean not null default true,
  era text check (era in ('legacy', 'modern')),
  protocol_version text,
  server_info text,
  discovered_at timestamptz,
  discovery_error text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- A removed server keeps its row: recorded calls name it.
  removed_at timestamptz,
  unique (org_id, id)
);

create unique index server_slug on server (org_id, slug) where removed_at is null;

create table server_tool (
  org_id uuid not null,
  server_id uuid not null,
  name text not null,
  definition text not null,
  hash bytea not null check (length(hash) = 32),
  category text check (category in ('read', 'write', 'execute', 'destructive', 'financial', 'other')),
  annotations text,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  changed_at timestamptz not null,
  -- Set while the server does not list the tool any more.
  gone_at timestamptz,
  primary key (org_id, server_id, name),
  constraint server_tool_server foreign key (org_id, server_id)
    references server (org_id, id) on delete cascade
);

create table policy (
  id uuid primary key,
  org_id uuid not null,
  server_id uuid not null,
  slug text not null check (length(slug) between 1 and 40),
  latest_version integer not null check (latest_version >= 1),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (org_id, id),
  unique (org_id, server_id, id),
  constraint policy_slug unique (org_id, server_id, slug),
  constraint policy_server foreign key (org_id, server_id)
    references server (org_id, id) on delete cascade
);

-- The documents, byte for byte as they were sent. A version is never changed.
create table policy_version (
  org_id uuid not null,
  policy_id uuid not null,
  version integer not null check (version >= 1),
  document text not null,
  author uuid,
  created_at timestamptz not null,
  primary key (org_id, policy_id, version),
  constraint policy_version_policy foreign key (org_id, policy_id)
    references policy (org_id, id) on delete cascade
);

grant select, insert, update on server, server_tool, policy to policylayer_app;
grant select, insert on policy_version to policylayer_app;
