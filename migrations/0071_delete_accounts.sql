-- An account is deleted after a time in which signing in keeps it.
alter table user_account add column delete_at timestamptz;

create index user_account_delete_at on user_account (delete_at) where delete_at is not null;

grant delete on user_account, password_reset to policylayer_app;
