-- Who may reach what: identities prove themselves by tokens and hold grants.
create table identity (
  id uuid primary key,
  org_id uuid not null,
  team_id uuid not null,
  label text not null check (length(label) between 1 and 100),
  kind text not null check (kind in ('person', 'agent', 'service')),
  email text,
  labels jsonb not null default '{}' check (jsonb_typeof(labels) = 'object'),
  enabled boolean not null default true,
  created_at timestamptz not null,
  removed_at timestamptz,
  unique (org_id, id),
  unique (org_id, team_id, id),
  constraint identity_team foreign key (org_id, team_id)
    references team (org_id, id) on delete cascade
);

create unique index identity_label on identity (org_id, team_id, label) where removed_at is null;

-- A token is known only by a keyed digest of it.
create table token (
  id uuid primary key,
  org_id uuid not null,
  identity_id uuid not null,
  verifier bytea not null constraint token_verifier unique check (length(verifier) = 32),
  last4 text not null check (length(last4) = 4),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null,
  unique (org_id, id),
  constraint token_identity foreign key (org_id, identity_id)
    references identity (org_id, id) on delete cascade
);

create index token_by_identity on token (org_id, identity_id);

-- One server under one policy, for an identity or (without one) for its whole team.
create table access_grant (
  id uuid primary key,
  org_id uuid not null,
  team_id uuid not null,
  identity_id uuid,
  server_id uuid not null,
  policy_id uuid,
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null,
  unique (org_id, id),
  constraint access_grant_team foreign key (org_id, team_id)
    references team (org_id, id) on delete cascade,
  constraint access_grant_identity foreign key (org_id, team_id, identity_id)
    references identity (org_id, team_id, id) on delete cascade,
  constraint access_grant_server foreign key (org_id, server_id)
    references server (org_id, id) on delete cascade,
  -- The policy has to be one of the same server.
  constraint access_grant_policy foreign key (org_id, server_id, policy_id)
    references policy (org_id, server_id, id)
);

create unique index access_grant_personal on access_grant (org_id, identity_id, server_id)
  where revoked_at is null and identity_id is not null;
create unique index access_grant_team_wide on access_grant (org_id, team_id, server_id)
  where revoked_at is null and identity_id is null;

grant select, insert, update on identity, token, access_grant to policylayer_app;
