-- Gateways, by the spool that their records go through: who may hold records that have not arrived yet.
-- Belongs to the installation, not to a tenant.
create table gateway (
  spool uuid primary key,
  node text not null,
  -- Which of its starts spoke last.
  boot bigint not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  -- Set when it ended in order, with nothing left to hand over.
  closed_at timestamptz
);

grant select, insert, update on gateway to policylayer_app;
