-- The log is read newest first, by one of these things at a time; what a histogram counts by stands in the index, so that
-- it is counted without the rows. An entry holds at most a third of a page: longer names are left out.
drop index audit_event_by_org;
drop index audit_event_by_identity;

create index audit_event_by_org on audit_event (org_id, event_time desc, event_id desc)
  include (verdict, approval_id, team_id);
create index audit_event_by_identity on audit_event (org_id, identity_id, event_time desc, event_id desc)
  include (verdict, approval_id, team_id);
create index audit_event_by_server on audit_event (org_id, server_id, event_time desc, event_id desc)
  include (verdict, approval_id, team_id);
create index audit_event_by_grant on audit_event (org_id, grant_id, event_time desc, event_id desc)
  include (verdict, approval_id, team_id);
create index audit_event_by_subject on audit_event (org_id, subject, event_time desc, event_id desc)
  include (verdict, approval_id, team_id)
  where length(subject) <= 200;

-- What is rare: refusals, calls that needed approval, and calls that were not answered.
create index audit_event_denied on audit_event (org_id, event_time desc, event_id desc)
  include (approval_id, team_id)
  where verdict = 'deny';
create index audit_event_by_rule on audit_event (org_id, rule, event_time desc, event_id desc)
  include (approval_id, team_id)
  where verdict = 'deny' and length(rule) <= 200;
create index audit_event_with_approval on audit_event (org_id, event_time desc, event_id desc)
  include (approval_id, verdict, team_id)
  where approval_id is not null;
create index audit_outcome_failed on audit_outcome (org_id, event_time desc, event_id desc)
  include (ending)
  where ending <> 'answered';
