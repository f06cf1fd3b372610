-- Test cases belong to the version that they were green for, byte for byte as they were sent.
alter table policy_version add column cases text;
