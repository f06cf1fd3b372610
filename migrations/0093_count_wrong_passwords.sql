-- Attempts to sign in since the last that succeeded: at an address from anywhere (an empty source), and apart from these from each source
-- that it has signed in from. Addresses and sources are digests, and not accounts, so that counting costs and tells the same
-- whether or not an address has an account.
create table password_attempt (
  address bytea not null check (length(address) = 32),
  source bytea not null check (length(source) in (0, 32)),
  attempts integer not null check (attempts >= 0),
  last_at timestamptz not null,
  primary key (address, source)
);

create index password_attempt_age on password_attempt (last_at);

grant select, insert, update, delete on password_attempt to policylayer_app;
