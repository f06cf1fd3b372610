-- What was decided, what became of it, and who changed what. Append only.
-- No foreign keys: a record outlives what it speaks of.
create table audit_event (
  event_time timestamptz not null,
  event_id uuid not null,
  org_id uuid not null,
  node text not null,
  boot bigint not null,
  seq bigint not null,
  team_id uuid not null,
  identity_id uuid not null,
  token_id uuid not null,
  grant_id uuid,
  server_id uuid,
  method text not null,
  subject text,
  verdict text not null check (verdict in ('allow', 'deny')),
  rule text not null,
  message text not null,
  policy_id uuid,
  policy_version integer,
  arguments text[] not null,
  unchecked boolean not null,
  received_at timestamptz not null,
  -- The time is the one inside the id, so that a repeated event meets its first copy.
  primary key (event_time, event_id)
) partition by range (event_time);

create index audit_event_by_org on audit_event (org_id, event_time desc, event_id desc);
create index audit_event_by_identity on audit_event (org_id, identity_id, event_time desc, event_id desc);

create table audit_outcome (
  event_time timestamptz not null,
  event_id uuid not null,
  org_id uuid not null,
  status integer,
  latency_us bigint not null,
  ending text not null check (ending in ('answered', 'not_sent', 'broken')),
  received_at timestamptz not null,
  primary key (event_time, event_id)
) partition by range (event_time);

create table audit_event_default partition of audit_event default;
create table audit_outcome_default partition of audit_outcome default;

-- Makes the partitions of one month (UTC) when they are missing; true when they exist afterwards.
-- Only months that a working gateway can speak of get their own: a wild clock cannot make
-- thousands of tables, its events go to the default partition. So do those of a month whose first
-- events arrived before the month's partition could be made; they stay there and are found as well.
create function ensure_audit_month(at timestamptz) returns boolean
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
  month timestamp := date_trunc('month', at at time zone 'UTC');
  parent text;
  child text;
begin
  if at < now() - interval '13 months' or at > now() + interval '2 months' then
    return false;
  end if;
  foreach parent in array array['audit_event', 'audit_outcome'] loop
    child := parent || to_char(month, '_YYYY_MM');
    continue when exists (
      select from pg_class where relname = child and relnamespace = 'public'::regnamespace
    );
    -- Asked again under the lock, by a query and not by to_regclass, whose cache may be behind.
    perform pg_advisory_xact_lock(hashtext('ensure_audit_month'));
    continue when exists (
      select from pg_class where relname = child and relnamespace = 'public'::regnamespace
    );
    execute format('create table %I (like %I including defaults including constraints)', child, parent);
    execute format('alter table %I enable row level security', child);
    execute format('alter table %I force row level security', child);
    execute format(
      'alter table %I attach partition %I for values from (%L) to (%L)',
      parent,
      child,
      month at time zone 'UTC',
      (month + interval '1 month') at time zone 'UTC'
    );
  end loop;
  return true;
exception
  when check_violation then
    return false;
end
$$;

revoke execute on function ensure_audit_month from public;
grant execute on function ensure_audit_month to policylayer_app;

-- Changes made through the control plane.
create table admin_event (
  id bigint generated always as identity primary key,
  org_id uuid not null,
  at timestamptz not null,
  actor uuid,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb
);

create index admin_event_by_org on admin_event (org_id, id desc);

grant select, insert on audit_event, audit_outcome, admin_event to policylayer_app;
