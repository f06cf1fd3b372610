//! Look-alikes: keys that some parser takes for one of the protocol's own.
//!
//! Known causes: case-insensitive struct fields with Unicode simple folding (Go: `Name`, `ſ` for `s`, the Kelvin
//! sign for `k`), and models that answer to a field's snake_case name or ignore `_` and `-` altogether (Python,
//! Go's second JSON package). A rule would read one member and the server another, so such keys are refused.

/// Longest key looked at, in folded bytes; the protocol's own names are shorter.
const LONGEST: usize = 64;

/// The name in `known` that `key` differs from and yet could be read as.
pub(crate) fn look_alike(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let mut buffer = [0; LONGEST];
    let folded = fold(key, &mut buffer)?;
    let mut own = [0; LONGEST];
    known.iter().copied().find(|name| *name != key && fold(name, &mut own) == Some(folded))
}

/// `key` in lower case without `_` and `-`; `None` when it is no look-alike of any ASCII name.
fn fold<'b>(key: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let mut len = 0;
    for character in key.chars() {
        let byte = match character {
            '_' | '-' => continue,
            '\u{17F}' => b's',
            '\u{212A}' => b'k',
            other => u8::try_from(other).ok().filter(u8::is_ascii)?.to_ascii_lowercase(),
        };
        *buffer.get_mut(len)? = byte;
        len += 1;
    }
    buffer.get(..len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_named_and_the_names_themselves_are_not() {
        let known = ["name", "_meta", "params", "task", "inputResponses"];
        for (key, expected) in [
            ("Name", Some("name")),
            ("NAME", Some("name")),
            ("na_me", Some("name")),
            ("para\u{17F}", None),
            ("param\u{17F}", Some("params")),
            ("tas\u{212A}", Some("task")),
            ("ta\u{17F}\u{212A}", Some("task")),
            ("meta", Some("_meta")),
            ("input_responses", Some("inputResponses")),
            ("name", None),
            ("_meta", None),
            ("names", None),
            ("nàme", None),
            ("", None),
        ] {
            assert_eq!(look_alike(key, &known), expected, "{key}");
        }
    }
}
