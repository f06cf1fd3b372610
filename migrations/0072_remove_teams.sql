-- A removed team keeps its row: recorded calls and removed identities name it. Its name is free again.
alter table team add column removed_at timestamptz;
alter table team drop constraint team_slug;
create unique index team_slug on team (org_id, slug) where removed_at is null;
