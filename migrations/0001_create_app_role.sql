-- The role the application works as: it owns nothing and row security binds it.
-- Roles belong to the whole cluster, so several databases may be migrated into the same role at once:
-- losing that race is fine, and a grant that collides with another is tried again.
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'policylayer_app') then
    create role policylayer_app
      nologin nosuperuser nobypassrls nocreatedb nocreaterole noinherit;
  end if;
exception
  when duplicate_object or unique_violation then
    null;
  when insufficient_privilege then
    raise exception 'the role policylayer_app does not exist and % may not create it', current_user
      using hint = 'As an administrator: create role policylayer_app nologin; grant policylayer_app to '
        || quote_ident(current_user) || ';';
end
$$;

do $$
begin
  for attempt in 1 .. 20 loop
    exit when (select rolsuper from pg_catalog.pg_roles where rolname = current_user);
    begin
      execute format('grant policylayer_app to %I', current_user);
      exit;
    exception
      -- "tuple concurrently updated" while another database's migration grants the same role.
      when internal_error or unique_violation then
        perform pg_sleep(0.05);
    end;
  end loop;
end
$$;

revoke create on schema public from public;
grant usage on schema public to policylayer_app;

-- So that a process can refuse a database older than itself.
grant select on _sqlx_migrations to policylayer_app;

-- Who the current transaction speaks for. Unset, and empty after an earlier transaction of the
-- same connection, both mean nobody.
create function app_org() returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('app.org', true), '')::uuid $$;

create function app_user() returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('app.user', true), '')::uuid $$;
