//! `policylayer policy diff OLD NEW`: what gets looser and what gets tighter, for people or for programs.

use std::io::{self, Write};

use policy::Policy;

/// Prints every difference, the looser ones first: they are what a reviewer must see.
pub(super) fn run(old: &Policy, new: &Policy, json: bool, out: &mut impl Write) -> io::Result<()> {
    let mut differences = policy::diff(old, new);
    differences.sort_by_key(|difference| difference.change);
    if json {
        serde_json::to_writer(&mut *out, &differences)?;
        return writeln!(out);
    }
    if differences.is_empty() {
        return writeln!(out, "no difference");
    }
    differences.iter().try_for_each(|difference| writeln!(out, "{difference}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, json: bool) -> String {
        let compile = |body: &str| {
            let text = format!(r#"{{"version": "1", "default": "deny", "tools": {{"t": {body}}}}}"#);
            Policy::compile(text.as_bytes()).unwrap().policy
        };
        let mut out = Vec::new();
        run(&compile(old), &compile(new), json, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const TEN: &str = r#"{"rate_limit": {"max": 10, "window": 60}}"#;
    const NINE: &str =
        r#"{"action": "allow", "rate_limit": {"window": "minute", "max": 9}, "approval": {"quorum": 2}}"#;

    #[test]
    fn equal_policies_have_no_difference() {
        assert_eq!(
            check(TEN, r#"{ "rate_limit": {"window": "minute", "max": 10} }"#, false),
            "no difference\n"
        );
        assert_eq!(check(TEN, TEN, true), "[]\n");
    }

    #[test]
    fn every_difference_is_a_line_with_its_direction_and_place() {
        let text = check(TEN, NINE, false);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert_eq!(lines[0], "tighter  /tools/t/approval: the tool \"t\" now needs approval");
        assert_eq!(
            lines[1],
            "tighter  /tools/t/rate_limit: the limit \"t_rate\" of the tool \"t\" allows 9, and allowed 10"
        );
    }

    #[test]
    fn programs_get_one_array() {
        let found: serde_json::Value = serde_json::from_str(&check(NINE, TEN, true)).unwrap();
        assert_eq!(found[0]["change"], "looser");
        assert_eq!(found[0]["pointer"], "/tools/t/approval");
        assert!(found[0]["what"].as_str().unwrap().contains("no longer needs approval"), "{found}");
    }
}
