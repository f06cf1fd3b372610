-- Calls that wait for people, and what people said.
-- A request is open while it stands for its call: a repeat of the call finds it. One that has been used or has expired
-- makes way for a new one.
create table approval (
  id uuid primary key,
  org_id uuid not null,
  team_id uuid not null,
  identity_id uuid not null,
  grant_id uuid not null,
  server_id uuid not null,
  method text not null,
  subject text not null,
  digest bytea not null check (length(digest) = 32),
  sealed_call text not null,
  policy_id uuid not null,
  policy_version integer not null,
  -- The tool's definition when it was asked; null for what is no tool, and while the server's tools are unknown.
  definition_hash bytea check (length(definition_hash) = 32),
  definition text,
  rule text not null,
  message text not null,
  approvers text not null check (approvers in ('admin', 'policy_manager', 'team')),
  quorum smallint not null check (quorum in (1, 2)),
  -- The call that asked first.
  event_id uuid not null,
  state text not null default 'pending' check (state in ('pending', 'approved', 'denied', 'used')),
  open boolean not null default true,
  -- The call that it was used by.
  used_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  updated_at timestamptz not null,
  -- Rises in the organisation with every change of a request, in the order in which changes become visible.
  seq bigint not null,
  unique (org_id, id),
  constraint approval_grant foreign key (org_id, grant_id)
    references access_grant (org_id, id) on delete cascade,
  constraint approval_identity foreign key (org_id, identity_id)
    references identity (org_id, id) on delete cascade,
  constraint approval_server foreign key (org_id, server_id)
    references server (org_id, id) on delete cascade,
  constraint approval_policy foreign key (org_id, policy_id)
    references policy (org_id, id) on delete cascade,
  check ((state = 'used') = (used_by is not null))
);

-- What an approval is bound to, beside the organisation. Method and subject are in the digest, the server in the grant.
create unique index approval_call
  on approval (org_id, identity_id, grant_id, policy_id, policy_version, definition_hash, digest, approvers, quorum)
  nulls not distinct
  where open;
create index approval_by_seq on approval (org_id, seq);

-- One for each person; who has approved may still deny.
create table approval_decision (
  org_id uuid not null,
  approval_id uuid not null,
  user_id uuid not null,
  approved boolean not null,
  reason text,
  created_at timestamptz not null,
  primary key (org_id, approval_id, user_id),
  constraint approval_decision_approval foreign key (org_id, approval_id)
    references approval (org_id, id) on delete cascade
);

-- Numbers for approval.seq; the row's lock puts writers of one organisation in line until they commit.
alter table org add column approval_seq bigint not null default 0;

-- How a request stands at a time. What it was asked for no longer fits once the grant is gone or under another policy,
-- the policy has a newer version, or the tool another definition.
create function approval_status(asked approval, at timestamptz) returns text
language sql stable
as $$
  select case
    when asked.state in ('used', 'denied') then asked.state
    when asked.expires_at <= at then 'expired'
    when exists (
        select from access_grant
        join policy on policy.org_id = access_grant.org_id and policy.id = access_grant.policy_id
        where access_grant.org_id = asked.org_id
          and access_grant.id = asked.grant_id
          and access_grant.revoked_at is null
          and policy.id = asked.policy_id
          and policy.latest_version = asked.policy_version
      )
      and asked.definition_hash is not distinct from (
        select hash
        from server_tool
        where server_tool.org_id = asked.org_id
          and server_tool.server_id = asked.server_id
          and server_tool.name = asked.subject
          and server_tool.gone_at is null
          and asked.method = 'tools/call'
      )
      then asked.state
    else 'unfit'
  end
$$;

do $$
declare
  name text;
begin
  foreach name in array array['approval', 'approval_decision'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy own_org on %I using (org_id = app_org()) with check (org_id = app_org())',
      name
    );
  end loop;
end
$$;

grant select, insert, update on approval, approval_decision to policylayer_app;
