//! The calls that a draft changes, one a line, and how many there were of each sort.

use std::io::{self, Write};

use serde_json::Value;

use super::Call;

const HEADS: [&str; 5] = ["time", "call", "effect", "rule", "why"];
/// Longest text in a column that another one follows; a name or pointer may be far longer.
const WIDEST: usize = 48;

/// Prints the table and the sums.
pub(super) fn print(calls: &[Call], summary: &Value, out: &mut impl Write) -> io::Result<()> {
    if !calls.is_empty() {
        let rows: Vec<[String; 5]> =
            std::iter::once(HEADS.map(str::to_owned)).chain(calls.iter().map(row)).collect();
        let width = |column: usize| {
            let widths = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            widths.max().unwrap_or_default()
        };
        let [time, call, effect, rule] = [width(0), width(1), width(2), width(3)];
        for [a, b, c, d, why] in &rows {
            writeln!(out, "{a:time$}  {b:call$}  {c:effect$}  {d:rule$}  {why}")?;
        }
        writeln!(out)?;
    }
    let count = |name: &str| summary.get(name).and_then(Value::as_u64).unwrap_or_default();
    let moment = |name: &str| summary.get(name).and_then(Value::as_str).unwrap_or_default();
    writeln!(
        out,
        "{} calls from {} to {}: {} the same, {} would be refused, {} would pass, {} undecidable",
        count("calls"),
        moment("from"),
        moment("to"),
        count("same"),
        count("would_deny"),
        count("would_allow"),
        count("undecidable"),
    )?;
    match count("passed_over") {
        0 => Ok(()),
        others => writeln!(out, "{others} other records, which no policy judges, were passed over"),
    }
}

fn row(call: &Call) -> [String; 5] {
    let effect = match call.effect.as_str() {
        "would_deny" => "refused",
        "would_allow" => "passes",
        other => other,
    };
    let rule = match call.rules.as_slice() {
        [] => format!("not {}", call.recorded_rule),
        rules => rules.join(" or "),
    };
    let why = match call.unknown.as_slice() {
        [] if call.message.is_empty() => format!("it was refused; event {}", call.event),
        [] => format!("{}; event {}", call.message, call.event),
        unknown => format!("hangs on {}; event {}", unknown.join(", "), call.event),
    };
    let name = call.tool.as_deref().unwrap_or(&call.method);
    [plain(&call.at), short(&plain(name)), plain(effect), short(&plain(&rule)), plain(&why)]
}

/// Names come from servers and agents: what is no character to be seen must not reach a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

fn short(text: &str) -> String {
    if text.chars().count() <= WIDEST {
        return text.to_owned();
    }
    text.chars().take(WIDEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call(effect: &str, rules: &[&str], message: &str, unknown: &[&str]) -> Call {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Call {
            event: "event_1".to_owned(),
            at: "2026-01-05T09:30:00Z".to_owned(),
            method: "tools/call".to_owned(),
            tool: Some("pay\u{1b}[31m".to_owned()),
            effect: effect.to_owned(),
            recorded_rule: "/tools/pay/action".to_owned(),
            rules: list(rules),
            message: message.to_owned(),
            unknown: list(unknown),
        }
    }

    fn printed(calls: &[Call]) -> String {
        let summary = json!({"calls": 9, "same": 6, "would_deny": 1, "would_allow": 1, "undecidable": 1,
            "passed_over": 2, "from": "2026-01-01T00:00:00Z", "to": "2026-01-08T00:00:00Z"});
        let mut out = Vec::new();
        print(calls, &summary, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_call_is_a_line_with_what_becomes_of_it_and_why() {
        let text = printed(&[
            call("would_deny", &["/tools/pay/require/0"], "At most 10.", &[]),
            call("would_allow", &[], "", &[]),
            call("undecidable", &["/a", "/b"], "x", &["args.sum", "counter c"]),
        ]);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("time") && lines[0].ends_with("why"), "{text}");
        assert!(lines[1].contains("refused      /tools/pay/require/0"), "{text}");
        assert!(lines[1].ends_with("At most 10.; event event_1"), "{text}");
        assert!(lines[2].contains("passes") && lines[2].contains("not /tools/pay/action"), "{text}");
        assert!(lines[3].contains("/a or /b") && lines[3].contains("hangs on args.sum, counter c"), "{text}");
        assert!(lines[5].starts_with("9 calls from 2026-01-01") && lines[5].contains("6 the same"), "{text}");
        assert!(lines[6].starts_with("2 other records"), "{text}");
        assert!(!text.contains('\u{1b}'), "a name cannot speak to the terminal");
    }

    #[test]
    fn a_draft_that_changes_nothing_is_told_in_one_line() {
        assert!(printed(&[]).starts_with("9 calls from"));
    }
}
