//! Events as a table (RFC 4180).

use std::borrow::Cow;

use bytes::Bytes;
use csv::{Terminator, WriterBuilder};

use super::view::EventView;

/// The columns, in order.
const COLUMNS: [&str; 20] = [
    "at",
    "id",
    "verdict",
    "rule",
    "message",
    "identity",
    "identity_label",
    "token",
    "grant",
    "server",
    "method",
    "tool",
    "arguments",
    "policy",
    "policy_version",
    "approval",
    "unchecked",
    "node",
    "end",
    "status",
];

/// The line of names.
pub(super) fn head() -> Bytes {
    written(std::iter::once(COLUMNS.map(Cow::Borrowed)))
}

/// A line for each event.
pub(super) fn lines(events: &[EventView]) -> Bytes {
    written(events.iter().map(cells))
}

fn written<'a>(rows: impl Iterator<Item = [Cow<'a, str>; COLUMNS.len()]>) -> Bytes {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // Writing to memory does not fail, and every row has as many cells.
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell).into_owned().into_bytes()));
    }
    writer.into_inner().unwrap_or_default().into()
}

fn cells(event: &EventView) -> [Cow<'_, str>; COLUMNS.len()] {
    fn text(value: Option<impl ToString>) -> Cow<'static, str> {
        value.map(|value| value.to_string()).unwrap_or_default().into()
    }
    let outcome = event.outcome.as_ref();
    [
        text(Some(event.at)),
        text(Some(event.id)),
        event.verdict.as_str().into(),
        event.rule.as_str().into(),
        event.message.as_str().into(),
        text(Some(event.identity)),
        event.identity_label.as_deref().unwrap_or_default().into(),
        text(Some(event.token)),
        text(event.grant),
        text(event.server.as_ref()),
        event.method.as_str().into(),
        event.tool.as_deref().unwrap_or_default().into(),
        event.arguments.join(" ").into(),
        text(event.policy.as_ref()),
        text(event.policy_version),
        text(event.approval),
        text(Some(event.unchecked)),
        event.node.as_str().into(),
        outcome.map(|outcome| outcome.end.as_str()).unwrap_or_default().into(),
        text(outcome.and_then(|outcome| outcome.status)),
    ]
}

/// A cell that no spreadsheet takes for a formula: agents choose names of tools and arguments.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        return format!("'{cell}").into();
    }
    cell.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for cell in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(harmless("search_orders"), "search_orders");
    }

    #[test]
    fn commas_quotes_and_line_ends_stay_inside_their_cell() {
        let mut row = COLUMNS.map(Cow::Borrowed);
        row[4] = "say \"no\",\nplease".into();
        let text = written(std::iter::once(row));
        let text = std::str::from_utf8(&text).unwrap();
        assert!(text.contains("\"say \"\"no\"\",\nplease\"") && text.ends_with("status\r\n"), "{text}");
    }
}
