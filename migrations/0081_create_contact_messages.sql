-- What people write in the contact form of the public pages. It belongs to no tenant.
create table contact_message (
  id bigint generated always as identity primary key,
  name text not null check (length(name) between 1 and 100),
  email text not null check (length(email) between 3 and 254),
  body text not null check (length(body) between 1 and 5000),
  created_at timestamptz not null
);

grant select, insert on contact_message to policylayer_app;
