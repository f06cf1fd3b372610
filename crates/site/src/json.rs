//! Colours for a JSON text that we wrote ourselves: keys, strings and numbers get a `span`, the rest stays.

use std::fmt::Write as _;

/// The text as HTML, escaped.
pub(crate) fn highlight(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, length) = match first {
            '"' => {
                let length = string_length(rest);
                let is_key = rest.get(length..).is_some_and(|after| after.trim_start().starts_with(':'));
                (Some(if is_key { "json-key" } else { "json-text" }), length)
            }
            '-' | '0'..='9' => {
                (Some("json-number"), run_length(rest, |c| c.is_ascii_digit() || "-+.eE".contains(c)))
            }
            _ => (None, run_length(rest, |c| c != '"' && c != '-' && !c.is_ascii_digit())),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        // Writing to a string cannot fail.
        let _ = match class {
            Some(class) => write!(html, "<span class=\"{class}\">{}</span>", escaped(token)),
            None => write!(html, "{}", escaped(token)),
        };
    }
    html
}

/// Bytes of the string literal that the text opens with, both quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

fn run_length(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// Text as HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_strings_and_numbers_are_told_apart_and_escaped() {
        assert_eq!(
            highlight(r#"{"a<b": ["\"x", -1.5]}"#),
            "{<span class=\"json-key\">&quot;a&lt;b&quot;</span>: [<span class=\"json-text\">&quot;\\&quot;x&quot;</span>, \
             <span class=\"json-number\">-1.5</span>]}"
        );
    }

    #[test]
    fn text_that_is_no_json_comes_out_whole() {
        for text in ["", "\"open", "é-", "\\", "\"\\"] {
            let bare = highlight(text).replace("</span>", "").replace("&quot;", "\"");
            let bare =
                bare.replace("<span class=\"json-text\">", "").replace("<span class=\"json-number\">", "");
            assert_eq!(bare, text);
        }
    }
}
