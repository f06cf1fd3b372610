-- How many calls were decided how in each hour: of an organisation, and of each of its teams and servers. Counted while the
-- events come in, so that a month's histogram does not read a month's events.
create table event_tally (
  org_id uuid not null,
  -- The organisation itself, a team or a server.
  place_id uuid not null,
  hour timestamptz not null,
  outcome text not null check (outcome in ('allowed', 'denied', 'parked')),
  events bigint not null,
  primary key (org_id, place_id, hour, outcome)
) with (fillfactor = 70);

insert into event_tally (org_id, place_id, hour, outcome, events)
select org_id, place, date_trunc('hour', event_time, 'UTC'),
       case when verdict = 'allow' then 'allowed' when approval_id is null then 'denied' else 'parked' end,
       count(*)
from audit_event
cross join lateral (values (org_id), (team_id), (server_id)) as of (place)
where place is not null
group by 1, 2, 3, 4;

alter table event_tally enable row level security;
alter table event_tally force row level security;
create policy own_org on event_tally using (org_id = app_org()) with check (org_id = app_org());

grant select, insert, update on event_tally to policylayer_app;
