-- Attempts to sign in since the last that succeeded: for an address from anywhere, and apart from these for each source that it has
-- signed in from. Kept by digest and not by account, so that counting costs and tells the same whether or not an
-- address has an account.
create table password_attempt (
  digest bytea primary key check (length(digest) = 32),
  attempts integer not null check (attempts >= 0),
  last_at timestamptz not null
);

create index password_attempt_age on password_attempt (last_at);

grant select, insert, update, delete on password_attempt to policylayer_app;
