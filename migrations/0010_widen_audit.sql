-- What counters are rebuilt from, what an approval is linked by, and what a decision can be repeated with.
alter table audit_event
  add column taken jsonb not null default '[]',
  add column approval_id uuid,
  add column session text,
  add column client_name text,
  add column client_version text,
  add column category text,
  -- Argument values, sealed; only of organisations that ask for it.
  add column sealed_arguments text;
