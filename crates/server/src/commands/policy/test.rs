//! `policylayer policy test FILE --cases CASES`: every case of a policy, for people or for programs.

use std::io::{self, Write};

use policy::{CaseReport, Cases, Policy, Problem};
use serde::Serialize;

use super::Source;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Every case passed.
    Green,
    /// One did not.
    Red,
    /// The policy or its cases cannot be read.
    Unreadable,
}

/// What `--json` prints.
#[derive(Default, Serialize)]
struct Report {
    passed: bool,
    cases: Vec<CaseReport>,
    problems: Vec<Located>,
}

/// A problem and the file that has it.
#[derive(Serialize)]
struct Located {
    file: String,
    #[serde(flatten)]
    problem: Problem,
}

impl Source<'_> {
    fn locate(&self, problems: Vec<Problem>) -> impl Iterator<Item = Located> {
        let file = self.file.display().to_string();
        problems.into_iter().map(move |problem| Located { file: file.clone(), problem })
    }
}

/// Runs the cases; results go to `out`, what is wrong with the files to `log`, or all to `out` as JSON.
pub(super) fn run(
    policy: &Source<'_>,
    cases: &Source<'_>,
    json: bool,
    out: &mut impl Write,
    log: &mut impl Write,
) -> io::Result<Verdict> {
    let mut report = Report::default();
    let read = Cases::read(cases.text);
    let compiled = Policy::compile(policy.text).map(|compiled| {
        report.problems.extend(policy.locate(compiled.warnings));
        compiled.policy
    });
    let verdict = match (compiled, read) {
        (Ok(policy), Ok(cases)) => {
            report.cases = cases.run(&policy);
            report.passed = report.cases.iter().all(|case| case.passed);
            if report.passed { Verdict::Green } else { Verdict::Red }
        }
        (compiled, read) => {
            report.problems.extend(compiled.err().into_iter().flat_map(|problems| policy.locate(problems)));
            report.problems.extend(read.err().into_iter().flat_map(|problems| cases.locate(problems)));
            Verdict::Unreadable
        }
    };
    if json {
        serde_json::to_writer(&mut *out, &report)?;
        writeln!(out)?;
        return Ok(verdict);
    }
    for Located { file, problem } in &report.problems {
        writeln!(log, "{file}:{problem}")?;
    }
    if verdict != Verdict::Unreadable {
        lines(&report.cases, out)?;
    }
    Ok(verdict)
}

pub(super) fn lines(cases: &[CaseReport], out: &mut impl Write) -> io::Result<()> {
    for case in cases {
        writeln!(out, "{}", case.line())?;
    }
    let passed = cases.iter().filter(|case| case.passed).count();
    writeln!(out, "{} cases: {passed} passed, {} failed", cases.len(), cases.len() - passed)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const POLICY: &str = r#"{"version": "1", "default": "deny", "tools": {"t": {"rate_limit": {"max": 2, "window": "minute"}}}}"#;

    fn check(policy: &str, cases: &str, json: bool) -> (Verdict, String, String) {
        let (mut out, mut log) = (Vec::new(), Vec::new());
        let policy = Source { file: Path::new("p.json"), text: policy.as_bytes() };
        let cases = Source { file: Path::new("c.json"), text: cases.as_bytes() };
        let verdict = run(&policy, &cases, json, &mut out, &mut log).unwrap();
        (verdict, String::from_utf8(out).unwrap(), String::from_utf8(log).unwrap())
    }

    fn case(name: &str, tool: &str, outcome: &str) -> String {
        format!(r#"{{"name": "{name}", "call": {{"tool": "{tool}"}}, "expect": {{"outcome": "{outcome}"}}}}"#)
    }

    #[test]
    fn a_line_a_case_and_a_summary_are_printed() {
        let cases = format!("[{}, {}]", case("passes", "t", "allow"), case("is unknown", "u", "deny"));
        let (verdict, out, log) = check(POLICY, &cases, false);
        assert_eq!(verdict, Verdict::Green);
        assert_eq!(out, "ok    \"passes\"\nok    \"is unknown\"\n2 cases: 2 passed, 0 failed\n");
        assert_eq!(log, "");
    }

    #[test]
    fn one_red_case_is_enough_and_says_what_came_instead() {
        let cases = format!("[{}, {}]", case("a", "t", "allow"), case("b", "u", "allow"));
        let (verdict, out, _) = check(POLICY, &cases, false);
        assert_eq!(verdict, Verdict::Red);
        assert!(out.contains("FAIL  \"b\": expected allow, got deny by (default deny): "), "{out}");
        assert!(out.ends_with("2 cases: 1 passed, 1 failed\n"), "{out}");
    }

    #[test]
    fn problems_of_both_files_are_told_with_their_places() {
        let (verdict, out, log) = check(r#"{"version": "1"}"#, "[{\"nane\": 1}]", false);
        assert_eq!((verdict, out.as_str()), (Verdict::Unreadable, ""));
        assert!(log.contains("p.json:1:1: error[missing_field] "), "{log}");
        assert!(log.contains("c.json:1:3: error[unknown_field] "), "{log}");
        assert!(log.contains("did you mean \"name\"?"), "{log}");
    }

    #[test]
    fn programs_get_one_object() {
        let (_, out, log) = check(POLICY, &format!(r#"{{"cases": [{}]}}"#, case("a", "u", "allow")), true);
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(report["passed"], false);
        assert_eq!(report["cases"][0]["pointer"], "/cases/0");
        assert_eq!(report["cases"][0]["expected"]["outcome"], "allow");
        assert_eq!(report["cases"][0]["found"]["rule"], "(default deny)");
        assert_eq!(log, "");
        let (verdict, out, _) = check(POLICY, "{}", true);
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(verdict, Verdict::Unreadable);
        assert_eq!(report["problems"][0]["file"], "c.json");
        assert_eq!(report["problems"][0]["code"], "missing_field");
    }

    /// Calls of a case's own counting and of the counters that serve traffic, at the same times.
    #[test]
    fn cases_count_as_the_counters_in_memory_do() {
        for (rolling, window) in
            [(false, r#""minute""#), (true, r#""minute""#), (true, "7"), (false, r#""month""#)]
        {
            let policy = format!(
                r#"{{"version": "1", "default": "deny", "tools": {{"t": {{"limits": [
                {{"counter": "c", "window": {window}, "max": 3.5, "scope": "org", "rolling": {rolling}, "increment_from": "args.n"}},
                {{"counter": "d", "window": {window}, "max": 2, "scope": "org", "rolling": {rolling}, "key": "args.k"}}]}}}}}}"#
            );
            // Some 40 calls at uneven times, with uneven amounts.
            let calls: Vec<(i64, String)> = (0..40_i64)
                .map(|i| {
                    let time = 59_000 + i * 1_700 + (i * i * 37) % 900;
                    (
                        time,
                        format!(r#""tool": "t", "arguments": {{"n": {}.{}, "k": {}}}"#, i % 3, i % 7, i % 2),
                    )
                })
                .collect();
            let lines: String = calls
                .iter()
                .map(|(time, call)| format!("{{{call}, \"context\": {{\"time_ms\": {time}}}}}\n"))
                .collect();
            let compiled = Policy::compile(policy.as_bytes()).unwrap().policy;
            let mut decisions = Vec::new();
            super::super::decide::run(&compiled, &[], false, lines.as_bytes(), &mut decisions).unwrap();
            let decisions = String::from_utf8(decisions).unwrap();
            for (index, decision) in decisions.lines().enumerate() {
                let decision: serde_json::Value = serde_json::from_str(decision).unwrap();
                let prior: Vec<String> = calls[..index]
                    .iter()
                    .map(|(time, call)| format!("{{{call}, \"time\": {time}}}"))
                    .collect();
                let (time, call) = &calls[index];
                let case = format!(
                    r#"[{{"name": "n", "call": {{{call}}}, "context": {{"time": {time}, "prior": [{}]}},
                        "expect": {{"outcome": {}, "rule": {}, "message": {}}}}}]"#,
                    prior.join(", "),
                    decision["outcome"],
                    decision["rule"],
                    decision["message"],
                );
                let (verdict, out, log) = check(&policy, &case, false);
                assert_eq!(verdict, Verdict::Green, "{window} {rolling} {index}: {out}{log}");
            }
            assert!(decisions.contains("deny") && decisions.contains("allow"));
        }
    }
}
