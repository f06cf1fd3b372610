//! The few names, paths and values that random documents and calls are made of.

/// Names and globs of tools.
pub(super) const TOOLS: &[&str] = &[
    "pay",
    "pay_out",
    "pay_in",
    "payment",
    "read",
    "delete_user",
    "pä",
    "p/a~y",
    "*",
    "pay*",
    "p*",
    "*y",
    "?ay",
    "pa?",
    "p*y",
    "??*",
    "*_*",
    "pay_???",
    "*a*",
    "p?*y",
    "pay_*",
    "*_out",
    "delete_*",
    "r*d",
    "??y*",
];
/// Of prompts.
pub(super) const PROMPTS: &[&str] = &["pay", "pay_out", "read", "p*", "*", "?ay", "*d"];
/// Of resources.
pub(super) const RESOURCES: &[&str] =
    &["file:///a/b", "file:///a/*", "file:///*", "*://*", "http://x/~y", "*b", "file:///?/b", "*"];
/// All classes.
pub(super) const CATEGORIES: &[&str] = &["read", "write", "execute", "destructive", "financial", "other"];
/// Numbers that are the same, or nearly, or of any size.
pub(super) const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "0.0",
    "1",
    "2",
    "3",
    "5",
    "5.0",
    "50e-1",
    "0.5e+1",
    "4.999999999",
    "5.000000001",
    "5.0000000001",
    "-5",
    "0.1",
    "0.3",
    "0.30000000000000004",
    "1e400",
    "1e-400",
    "1e400000000",
    "10e399999999",
    "-1e400000000",
    "9007199254740991.999999999",
    "9007199254740992",
    "9007199254740993",
    "0.000000001",
    "100",
    "1E2",
    "2.5",
    "1e999999999999999999999999999999999999",
    "-1e-999999999999999999999999999999999999",
    "123456789e-9",
    "1e15",
    "0e99999999999999999999999999999999999999999999",
    "1e0000000000000000000000000000000000000000001",
];
/// Texts, some of which spell numbers.
pub(super) const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "b",
    "abc",
    "ab",
    "bc",
    "5",
    "5.0",
    " 5 ",
    "+5",
    "05",
    "5e0",
    "-5",
    "6",
    "five",
    "é",
    "e\u{301}",
    "true",
    "null",
    "100",
    "1e2",
    "0",
    "-0",
    "0.1",
    "pay",
    "bot",
    "1e400",
    "1e400000000",
    "\u{1F600}",
    "a\\nb",
];
/// Regular expressions.
pub(super) const REGEXES: &[&str] =
    &["^a", "a.c", "b$", "", "^[0-9]+$", "(?i)ABC", "^(a|ab)(c|bcd)?$", "[é]", "^5", "\\\\d"];
/// Paths into the arguments.
pub(super) const ARGUMENTS: &[&str] = &[
    "args.a",
    "args.a",
    "args.b",
    "args.sum",
    "args.o.a",
    "args.o.o.a",
    "args.l[0]",
    "args.l[1]",
    "args.l[9]",
    "args.l[*]",
    "args.l[*].a",
    "args.l[*].o.a",
    "args.m[*][*]",
    "args.m[0][*]",
    "args.m[*][1]",
    "args.l",
    "args.o",
    "args",
    "args.a.a",
    "args.a[0]",
    "args.a[*]",
    "args.l[0].a",
];
/// Paths to who calls.
pub(super) const CALLER: &[&str] = &[
    "identity.id",
    "identity.kind",
    "identity.label",
    "identity.email",
    "identity.labels.k",
    "identity.labels.a.b",
    "team.slug",
    "client.name",
    "client.version",
    "session.id",
];
/// Paths of calls of tools.
pub(super) const FACTS: &[&str] = &[
    "identity.label",
    "identity.email",
    "identity.labels.k",
    "identity.labels.a.b",
    "client.name",
    "tool.name",
    "tool.name",
    "tool.risk",
    "tool.annotations.k",
    "tool.annotations.destructiveHint",
    "identity.kind",
];
/// What such paths may lead to.
pub(super) const FACT_TEXTS: &[&str] = &[
    "i1",
    "i2",
    "agent",
    "person",
    "bot",
    "a@b.c",
    "v",
    "payments",
    "claude",
    "1.0",
    "pay",
    "pay_out",
    "read",
    "financial",
    "destructive",
    "critical",
    "low",
    "s1",
    "s2",
    "b",
    "",
];
/// Weekdays.
pub(super) const DAYS: &[&str] =
    &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Operators that order numbers.
pub(super) const ORDERED: &[&str] = &["lt", "lte", "gt", "gte"];
/// Operators on strings.
pub(super) const TEXTUAL: &[&str] = &["contains", "starts_with", "ends_with"];
/// Windows, some the same in other words.
pub(super) const WINDOWS: &[&str] = &[
    "\"second\"",
    "\"minute\"",
    "\"hour\"",
    "\"day\"",
    "\"week\"",
    "\"month\"",
    "1",
    "7",
    "60",
    "90",
    "3600",
    "86400",
    "604800",
];
/// What counters may hold.
pub(super) const MAXIMA: &[&str] = &[
    "0",
    "1",
    "1",
    "2",
    "2",
    "3",
    "3.0",
    "5",
    "2.5",
    "10",
    "0.3",
    "0.000000001",
    "9007199254740991.999999999",
];
/// All scopes.
pub(super) const SCOPES: &[&str] = &["grant", "session", "identity", "team", "server", "org"];
/// Counters, one of which a rate limit may name too.
pub(super) const COUNTERS: [&str; 4] = ["c", "d", "e", "pay_rate"];
