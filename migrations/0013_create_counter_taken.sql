-- What permitted calls took from counters, added up while the audit events that say so come in, as long as it counts.
-- Counters are rebuilt from it, however long the audit log is. No foreign key, as for the audit log itself.
create table counter_taken (
  org_id uuid not null,
  -- SHA-256 of the counter's text: counters can be longer than what an index takes.
  digest bytea not null,
  -- The window's first millisecond, or the number of a rolling window's part.
  place bigint not null,
  counter jsonb not null,
  counts_until timestamptz not null,
  amount numeric not null,
  primary key (org_id, digest, place)
) with (fillfactor = 70);

alter table counter_taken enable row level security;
alter table counter_taken force row level security;
create policy own_org on counter_taken using (org_id = app_org()) with check (org_id = app_org());
-- What counts no more is swept out for all organisations at once.
create policy ended on counter_taken
  using (current_setting('app.sweep', true) = 'ended' and counts_until < now() - interval '2 hours')
  with check (false);

grant select, insert, update, delete on counter_taken to policylayer_app;
