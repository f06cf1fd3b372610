-- What a token is for, in its maker's words: tells tokens apart where their last characters do not.
alter table token
  add column name text not null default '' check (length(name) <= 100);
