-- Keys by which programs use the API, within one organisation and never beyond what their maker may do there.
create table api_key (
  id uuid primary key,
  org_id uuid not null references org (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  -- Known only by a keyed digest, like the tokens of identities.
  verifier bytea not null constraint api_key_verifier unique check (length(verifier) = 32),
  last4 text not null check (length(last4) = 4),
  scopes text[] not null check (
    cardinality(scopes) > 0
    and scopes <@ array['read', 'values', 'audit', 'policies', 'grants', 'servers', 'teams']
  ),
  created_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  unique (org_id, id)
);

create index api_key_by_org on api_key (org_id, id desc);

alter table api_key enable row level security;
alter table api_key force row level security;
create policy own_org on api_key using (org_id = app_org()) with check (org_id = app_org());
-- A program proves itself before its organisation is known; for reading only.
create policy named_verifier on api_key
  for select
  using (verifier = decode(nullif(current_setting('app.key_verifier', true), ''), 'hex'));

grant select, insert, update on api_key to policylayer_app;

-- A change made by a program names its key and no person.
alter table admin_event
  add column actor_key uuid,
  add constraint admin_event_actor check (actor is null or actor_key is null);
