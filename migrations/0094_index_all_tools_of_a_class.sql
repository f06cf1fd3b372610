-- An index of the tools that are still listed looks small to a planner that has no statistics yet (it takes `is null` for rare), and was
-- read whole whenever a server's tools were asked for. One of all tools cannot be taken for that.
drop index catalog.tool_category;
create index tool_category on catalog.tool (category, id);
