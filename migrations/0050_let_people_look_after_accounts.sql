-- Links that set a new password. Kept by address and not by account, so that asking for one costs the same whether or
-- not the address has an account.
create table password_reset (
  digest bytea primary key check (length(digest) = 32),
  email text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create index password_reset_email on password_reset (email);

-- A change of address waits until both mailboxes have confirmed it.
create table email_change (
  id uuid primary key,
  user_id uuid not null references user_account (id) on delete cascade,
  old_email text not null,
  new_email text not null,
  old_digest bytea not null unique check (length(old_digest) = 32),
  new_digest bytea not null unique check (length(new_digest) = 32),
  old_confirmed_at timestamptz,
  new_confirmed_at timestamptz,
  expires_at timestamptz not null,
  done_at timestamptz
);

create index email_change_user on email_change (user_id);

-- What a sign-in's client called itself when it was first used.
alter table user_session add column user_agent text check (length(user_agent) <= 200);

grant select, insert, update on password_reset to policylayer_app;
grant select, insert, update, delete on email_change to policylayer_app;
