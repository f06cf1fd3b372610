-- Answers to requests that carried an Idempotency-Key, so that a repeat is given the same one. Whose request it was, and with
-- which key, is known only as a keyed digest, and the answer is sealed: nothing in here tells whose it is.
create table kept_answer (
  request bytea primary key check (length(request) = 32),
  -- Digest of what was asked: a repeat has to ask the same.
  fingerprint bytea not null check (length(fingerprint) = 32),
  begun_at timestamptz not null,
  -- Null while the request is being carried out.
  status smallint,
  -- Null when it is not to be kept.
  sealed_answer text,
  expires_at timestamptz not null
);

create index kept_answer_expired on kept_answer (expires_at);

alter table kept_answer enable row level security;
alter table kept_answer force row level security;
-- Whoever can name the request sees its answer.
create policy named_request on kept_answer
  using (request = decode(nullif(current_setting('app.request', true), ''), 'hex'))
  with check (request = decode(nullif(current_setting('app.request', true), ''), 'hex'));
create policy ended on kept_answer
  using (current_setting('app.sweep', true) = 'ended' and expires_at < now())
  with check (false);

grant select, insert, update, delete on kept_answer to policylayer_app;
