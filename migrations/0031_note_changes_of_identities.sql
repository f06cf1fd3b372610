-- Since when an identity has its present label, kind, address and labels; null: since it was made.
-- A recorded decision from before cannot be made again from what the identity is like now.
alter table identity add column described_at timestamptz;
