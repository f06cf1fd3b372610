//! `policylayer policy check FILE [--cases FILE]`: every problem of a policy, for people or for programs. What it says is
//! what the API says when it is asked to check.

use std::io::{self, Write};

use policy::{CaseReport, Cases, Policy, Problem};
use serde::Serialize;

use super::{Source, test};

/// What `--json` prints.
#[derive(Default, Serialize)]
struct Report {
    valid: bool,
    problems: Vec<Problem>,
    case_problems: Vec<Problem>,
    cases: Vec<CaseReport>,
}

impl Report {
    fn of(policy: &Source<'_>, cases: Option<&Source<'_>>) -> Self {
        let mut report = Self::default();
        let compiled = match Policy::compile(policy.text) {
            Ok(compiled) => compiled,
            Err(problems) => return Self { problems, ..report },
        };
        report.problems = compiled.warnings;
        match cases.map(|cases| Cases::read(cases.text)).transpose() {
            Ok(cases) => {
                report.cases = cases.map(|cases| cases.run(&compiled.policy)).unwrap_or_default();
                report.valid = report.cases.iter().all(|case| case.passed);
            }
            Err(problems) => report.case_problems = problems,
        }
        report
    }
}

/// Prints the problems of a document and how its cases came out; true when it would be published.
pub(super) fn run(
    policy: &Source<'_>,
    cases: Option<&Source<'_>>,
    json: bool,
    out: &mut impl Write,
) -> io::Result<bool> {
    let report = Report::of(policy, cases);
    if json {
        serde_json::to_writer(&mut *out, &report)?;
        writeln!(out)?;
        return Ok(report.valid);
    }
    super::print(policy.file, &report.problems, out)?;
    if let Some(cases) = cases {
        super::print(cases.file, &report.case_problems, out)?;
        if !report.cases.is_empty() {
            test::lines(&report.cases, out)?;
        }
    }
    Ok(report.valid)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn check(source: &str, json: bool) -> (bool, String) {
        let mut out = Vec::new();
        let policy = Source { file: Path::new("dir/p.json"), text: source.as_bytes() };
        let valid = run(&policy, None, json, &mut out).unwrap();
        (valid, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_sound_policy_is_valid_and_silent() {
        assert_eq!(check(r#"{"version": "1", "default": "deny"}"#, false), (true, String::new()));
    }

    #[test]
    fn problems_are_printed_with_file_line_and_column() {
        let (valid, text) = check("{\"version\": \"1\",\n \"default\": \"dney\", \"tols\": {}}", false);
        assert!(!valid);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("dir/p.json:2:13: error[unknown_value] "), "{text}");
        assert!(lines[1].starts_with("dir/p.json:2:21: error[unknown_field] "), "{text}");
        assert!(lines[1].contains("(did you mean \"tools\"?"), "{text}");
    }

    #[test]
    fn a_doubtful_policy_is_valid_and_warned_of() {
        let (valid, text) =
            check(r#"{"version": "1", "default": "deny", "hide": ["a"], "tools": {"a": {}}}"#, false);
        assert!(valid && text.contains("warning[shadowed]"), "{text}");
    }

    #[test]
    fn programs_get_one_object() {
        let (valid, text) = check(r#"{"version": "1"}"#, true);
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(!valid);
        assert_eq!(report["valid"], false);
        assert_eq!(report["problems"][0]["code"], "missing_field");
        assert_eq!(report["problems"][0]["severity"], "error");
        assert_eq!(report["problems"][0]["pointer"], "");
    }

    #[test]
    fn a_red_case_makes_a_policy_invalid() {
        let policy = Source { file: Path::new("p.json"), text: br#"{"version": "1", "default": "deny"}"# };
        for (outcome, green) in [("deny", true), ("allow", false)] {
            let text = format!(
                r#"[{{"name": "a", "call": {{"tool": "t"}}, "expect": {{"outcome": "{outcome}"}}}}]"#
            );
            let cases = Source { file: Path::new("c.json"), text: text.as_bytes() };
            let mut out = Vec::new();
            assert_eq!(run(&policy, Some(&cases), false, &mut out).unwrap(), green);
            let out = String::from_utf8(out).unwrap();
            assert!(
                out.contains(if green { "1 passed" } else { "FAIL  \"a\": expected allow, got deny" }),
                "{out}"
            );
        }
    }
}
