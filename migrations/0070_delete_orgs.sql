-- An organisation is deleted after a time in which it can be restored.
alter table org
  add column delete_at timestamptz,
  -- The account that it goes with, if its last person left that way.
  add column deleted_with uuid;

create index org_delete_at on org (delete_at) where delete_at is not null;

-- Whoever clears up finds the organisations whose time has come, for reading only.
create policy ending on org
  for select
  using (current_setting('app.sweep', true) = 'ended' and delete_at is not null);

-- Erases an organisation whose time has come with everything of its tenancy; also what the application may only ever
-- add to. At most so many recorded calls go at once: false means that there is more, and that it is still there.
create function erase_org(which uuid, at timestamptz, most integer) returns boolean
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
  erased bigint;
begin
  -- Row security binds the owner too, to this one organisation.
  perform set_config('app.org', which::text, true);
  if not exists (select from org where id = which and delete_at <= at for update) then
    return true;
  end if;
  with events as (
    delete from audit_event
    where (event_time, event_id) in (
      select event_time, event_id
      from audit_event
      where org_id = which
      order by event_time desc, event_id desc
      limit most
    )
    returning event_time, event_id
  ), outcomes as (
    delete from audit_outcome
    using events
    where audit_outcome.event_time = events.event_time
      and audit_outcome.event_id = events.event_id
  )
  select count(*) into erased from events;
  if erased >= most then
    return false;
  end if;
  delete from audit_outcome where org_id = which;
  delete from admin_event where org_id = which;
  delete from counter_taken where org_id = which;
  delete from event_tally where org_id = which;
  -- Everything else refers to the organisation and goes with it.
  delete from org where id = which;
  return true;
end
$$;

revoke execute on function erase_org from public;
grant execute on function erase_org to policylayer_app;
