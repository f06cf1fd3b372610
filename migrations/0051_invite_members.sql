-- A role may be held on one team alone, beside or in place of one in the whole organisation.
alter table membership
  drop constraint membership_pkey,
  add column team_id uuid,
  add constraint membership_team foreign key (org_id, team_id)
    references team (org_id, id) on delete cascade,
  add constraint membership_place unique nulls not distinct (org_id, user_id, team_id);

-- Somebody was asked by mail to join. The link proves the mailbox; only its digest is kept.
create table invitation (
  id uuid primary key,
  org_id uuid not null references org (id) on delete cascade,
  team_id uuid,
  email text not null,
  role text not null check (role in ('admin', 'policy_manager', 'viewer')),
  digest bytea not null constraint invitation_digest unique check (length(digest) = 32),
  invited_by uuid not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  settled_at timestamptz,
  outcome text check (outcome in ('accepted', 'declined', 'revoked')),
  check ((settled_at is null) = (outcome is null)),
  constraint invitation_team foreign key (org_id, team_id)
    references team (org_id, id) on delete cascade
);

create index invitation_by_org on invitation (org_id, email) where settled_at is null;

alter table invitation enable row level security;
alter table invitation force row level security;
create policy own_org on invitation
  using (org_id = app_org())
  with check (org_id = app_org());

-- Whoever holds the link finds the organisation that it speaks of, for reading only.
create policy named_digest on invitation
  for select
  using (digest = decode(nullif(current_setting('app.invitation', true), ''), 'hex'));

grant select, insert, update on invitation to policylayer_app;
