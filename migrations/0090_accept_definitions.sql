-- Which definition of a tool people have accepted. Where a server's definitions are pinned, a tool may only be called while it has
-- the one that was accepted.
alter table server
  add column pinned boolean not null default false,
  -- When the server was last asked for its tools without anybody asking for that.
  add column relisted_at timestamptz;

alter table server_tool
  add column accepted_definition text,
  add column accepted_hash bytea check (length(accepted_hash) = 32),
  add column accepted_at timestamptz,
  -- Nobody for what the server listed when it was registered.
  add column accepted_by uuid,
  add constraint server_tool_accepted check (
    (accepted_definition is null) = (accepted_hash is null)
    and (accepted_definition is null) = (accepted_at is null)
  );

update server_tool
set accepted_definition = definition, accepted_hash = hash, accepted_at = first_seen_at;

-- Whoever lists servers' tools again finds those that are due, for reading only.
create policy relisting on server
  for select
  using (current_setting('app.sweep', true) = 'servers' and enabled and removed_at is null);
