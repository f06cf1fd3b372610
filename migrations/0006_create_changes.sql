-- The one ordered stream that gateways follow. The writer takes an advisory lock just before it
-- inserts and commits right after, so that seq rises in the order in which rows become visible.
create table change (
  seq bigserial primary key,
  org_id uuid not null references org (id) on delete cascade,
  identity_id uuid,
  version bigint not null,
  created_at timestamptz not null default now()
);

grant select, insert on change to policylayer_app;
grant usage on sequence change_seq_seq to policylayer_app;
