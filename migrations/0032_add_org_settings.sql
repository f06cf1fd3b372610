alter table org
  -- Whether gateways record argument values, sealed.
  add column capture_arguments boolean not null default false,
  -- Whether agents are told how a denial came about.
  add column explain_denials boolean not null default false;
