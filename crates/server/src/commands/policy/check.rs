//! `policylayer policy check FILE`: every problem of a document, for people or for programs.

use std::io::{self, Write};
use std::path::Path;

use policy::{Policy, Problem};
use serde::Serialize;

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    valid: bool,
    problems: &'a [Problem],
}

/// Prints the problems of a document; true when it compiles.
pub(super) fn run(file: &Path, source: &[u8], json: bool, out: &mut impl Write) -> io::Result<bool> {
    let (valid, problems) = match Policy::compile(source) {
        Ok(compiled) => (true, compiled.warnings),
        Err(problems) => (false, problems),
    };
    if json {
        serde_json::to_writer(&mut *out, &Report { valid, problems: &problems })?;
        writeln!(out)?;
    } else {
        super::print(file, &problems, out)?;
    }
    Ok(valid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, json: bool) -> (bool, String) {
        let mut out = Vec::new();
        let valid = run(Path::new("dir/p.json"), source.as_bytes(), json, &mut out).unwrap();
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
}
