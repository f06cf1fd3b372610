-- A tool that is listed was last seen when its server was last listed, which the server's row tells.
alter table server_tool drop column last_seen_at;
