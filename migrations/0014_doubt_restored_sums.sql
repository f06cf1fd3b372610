-- Set when the counters turn out to be newer than this database, which has then been restored from a backup: what was
-- taken before that moment may be missing from counter_taken.
alter table counter_epoch add column whole_since timestamptz;
