-- People and how they sign in. An account belongs to no organisation.
create table user_account (
  id uuid primary key,
  email text not null check (length(email) between 3 and 254),
  password_hash text not null,
  email_verified_at timestamptz,
  enabled boolean not null default true,
  created_at timestamptz not null
);

create unique index user_account_email on user_account (lower(email));

-- A sign-in: one family of refresh tokens, of which only the newest generation is good.
create table user_session (
  id uuid primary key,
  user_id uuid not null references user_account (id) on delete cascade,
  generation integer not null default 1,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  created_at timestamptz not null,
  refreshed_at timestamptz not null
);

create index user_session_user on user_session (user_id);

-- Every refresh token a family ever had, so that an old one coming back is recognised.
create table refresh_token (
  digest bytea primary key check (length(digest) = 32),
  session_id uuid not null references user_session (id) on delete cascade,
  generation integer not null,
  created_at timestamptz not null,
  unique (session_id, generation)
);

create table email_verification (
  digest bytea primary key check (length(digest) = 32),
  user_id uuid not null references user_account (id) on delete cascade,
  email text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create index email_verification_user on email_verification (user_id);

-- Mail to be sent. The text goes once it is sent: it may hold a link that proves something.
create table outbox (
  id bigint generated always as identity primary key,
  recipient text not null,
  subject text not null,
  body text not null,
  attempts integer not null default 0,
  due_at timestamptz not null,
  sent_at timestamptz,
  last_error text,
  created_at timestamptz not null
);

create index outbox_due on outbox (due_at) where sent_at is null;

grant select, insert, update on user_account, email_verification to policylayer_app;
grant select, insert, update, delete on user_session, outbox to policylayer_app;
grant select, insert on refresh_token to policylayer_app;
