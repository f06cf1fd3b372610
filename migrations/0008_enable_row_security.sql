-- A transaction sees the organisation it named with set_config('app.org', …, true) and no other.
do $$
declare
  name text;
begin
  foreach name in array array[
    'membership', 'team', 'server', 'server_tool', 'policy', 'policy_version',
    'identity', 'token', 'access_grant', 'change', 'audit_event', 'audit_outcome', 'admin_event'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy own_org on %I using (org_id = app_org()) with check (org_id = app_org())',
      name
    );
  end loop;
end
$$;

alter table org enable row level security;
alter table org force row level security;
create policy own_org on org
  using (id = app_org())
  with check (id = app_org());

-- Partitions are reached through their parents only: no policy and no grant of their own.
alter table audit_event_default enable row level security;
alter table audit_event_default force row level security;
alter table audit_outcome_default enable row level security;
alter table audit_outcome_default force row level security;

-- Narrow look-ups made before the organisation is known. Each shows what its caller has named
-- exactly, for reading only.
create policy own_membership on membership
  for select
  using (user_id = app_user());
create policy member_org on org
  for select
  using (id in (select membership.org_id from membership where membership.user_id = app_user()));
create policy member_team on team
  for select
  using (org_id in (select membership.org_id from membership where membership.user_id = app_user()));
create policy named_verifier on token
  for select
  using (verifier = decode(nullif(current_setting('app.token_verifier', true), ''), 'hex'));
create policy named_identity on identity
  for select
  using (id = nullif(current_setting('app.identity', true), '')::uuid);
create policy feed on change
  for select
  using (current_setting('app.feed', true) = 'all');
