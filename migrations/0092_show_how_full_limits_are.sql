-- The most that a counter may hold, as the latest call that took from it was told; null for calls recorded before.
alter table counter_taken add column max numeric;
