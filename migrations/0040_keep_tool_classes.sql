-- How sure the class of a tool is and why, and what an administrator says instead of it.
alter table server_tool
  add column confidence double precision check (confidence between 0 and 1),
  add column reasons text,
  add column override_category text
    check (override_category in ('read', 'write', 'execute', 'destructive', 'financial', 'other')),
  add column override_reason text,
  add column override_by uuid,
  add column override_at timestamptz,
  -- The definition that the administrator had in front of them.
  add column override_hash bytea check (length(override_hash) = 32),
  add constraint server_tool_override check (
    (override_category is null) = (override_reason is null)
    and (override_category is null) = (override_at is null)
    and (override_category is null) = (override_hash is null)
  );

-- The class in force: the administrator's for the definition that they judged. Once the definition has changed, the
-- worse of theirs and the one that was found, so that a tool cannot be vouched for and then become another.
create function tool_class(found text, overridden text, judged bytea, present bytea) returns text
language sql immutable parallel safe
as $$
  select case
    when overridden is null then found
    when judged = present then overridden
    when array_position(ranks, found) > array_position(ranks, overridden) then found
    else overridden
  end
  from (select array['other', 'read', 'write', 'execute', 'destructive', 'financial'] as ranks) as known
$$;
