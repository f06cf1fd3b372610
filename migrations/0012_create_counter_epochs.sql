-- The epoch of an organisation's counters: a new one begins whenever their store has lost them.
create table counter_epoch (
  org_id uuid primary key references org (id) on delete cascade,
  epoch bigint not null check (epoch > 0),
  -- opening: gateways move on to it; handed_out: one of them installs what it begins from; open: in use.
  state text not null check (state in ('opening', 'handed_out', 'open')),
  begun_at timestamptz not null,
  -- Spools of the gateways that have moved on, with everything before handed over.
  passed uuid[] not null default '{}',
  handed_to uuid,
  handed_at timestamptz,
  -- Spools of the gateways that could not be waited for: what they took is not known.
  missing uuid[] not null default '{}',
  opened_at timestamptz
);

create index counter_epoch_under_way on counter_epoch (org_id) where state = 'opening';
create index counter_epoch_incomplete on counter_epoch (org_id) where missing <> '{}';

-- Tells gateways of a new epoch; such a change touches no bundle.
alter table change add column epoch bigint;

alter table counter_epoch enable row level security;
alter table counter_epoch force row level security;
create policy own_org on counter_epoch using (org_id = app_org()) with check (org_id = app_org());
-- Gateways serve all organisations and are told what is to be done for any of them.
create policy feed on counter_epoch for select using (current_setting('app.feed', true) = 'all');

grant select, insert, update on counter_epoch to policylayer_app;
