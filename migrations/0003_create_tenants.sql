-- The tenant. Its version rises with every change that a gateway must hear of.
create table org (
  id uuid primary key,
  slug text not null constraint org_slug unique check (length(slug) between 1 and 40),
  name text not null,
  version bigint not null default 1,
  enabled boolean not null default true,
  max_staleness_s integer not null default 86400 check (max_staleness_s >= 0),
  created_at timestamptz not null
);

create table membership (
  org_id uuid not null references org (id) on delete cascade,
  user_id uuid not null references user_account (id) on delete cascade,
  role text not null check (role in ('admin', 'policy_manager', 'viewer')),
  created_at timestamptz not null,
  primary key (org_id, user_id)
);

create index membership_user on membership (user_id);

create table team (
  id uuid primary key,
  org_id uuid not null references org (id) on delete cascade,
  slug text not null check (length(slug) between 1 and 40),
  name text not null,
  enabled boolean not null default true,
  created_at timestamptz not null,
  unique (org_id, id),
  constraint team_slug unique (org_id, slug)
);

grant select, insert, update on org, team to policylayer_app;
grant select, insert, update, delete on membership to policylayer_app;
