//! Small rules about what people give: names, the slug made of one, times that must lie ahead.

use jiff::Timestamp;
use model::Slug;

use crate::Problem;

/// Most characters of a name for people.
const MAX_NAME: usize = 100;
/// Most characters of an explanation.
const MAX_REASON: usize = 500;

/// Checks a name for people; for `garde`. Control characters and the marks that reorder text are refused, so
/// that a name shows what it is.
pub(crate) fn display(text: &str, _: &()) -> garde::Result {
    let count = text.chars().count();
    if text.trim() != text || count == 0 || count > MAX_NAME {
        return Err(garde::Error::new(format!(
            "a name has 1 to {MAX_NAME} characters and no white space at its ends"
        )));
    }
    if text.chars().any(|c| c.is_control() || is_reordering(c)) {
        return Err(garde::Error::new(
            "a name has no control characters and none that change the direction of text",
        ));
    }
    Ok(())
}

/// Checks an explanation that somebody gives; for `garde`.
pub(crate) fn reason(text: &str, _: &()) -> garde::Result {
    let count = text.chars().count();
    if text.trim().is_empty() || count > MAX_REASON {
        return Err(garde::Error::new(format!("a reason has 1 to {MAX_REASON} characters")));
    }
    if text.chars().any(|c| (c.is_control() && c != '\n') || is_reordering(c)) {
        return Err(garde::Error::new(
            "a reason has no control characters and none that change the direction of text",
        ));
    }
    Ok(())
}

/// The bidirectional controls of Unicode (UAX 9) and the invisible tag characters.
fn is_reordering(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

/// The slug that was asked for, or the nearest to the name.
pub(crate) fn slug_or_nearest(asked: Option<Slug>, name: &str) -> Result<Slug, Problem> {
    asked.or_else(|| Slug::nearest(name)).ok_or_else(|| {
        Problem::field(
            "/slug",
            "give a slug: the name has no letter or digit of a-z and 0-9 to make one from",
        )
    })
}

/// Refuses an end that has passed already.
pub(crate) fn future(pointer: &str, end: Option<Timestamp>, now: Timestamp) -> Result<(), Problem> {
    match end {
        Some(end) if end <= now => {
            Err(Problem::field(pointer, "this time has passed; give one in the future"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_what_they_are() {
        for text in ["Payments", "日本", "a b"] {
            assert!(display(text, &()).is_ok(), "{text}");
        }
        for text in ["", " a", "a\n", "a\u{202e}b", "a\u{0}", &"x".repeat(101)] {
            assert!(display(text, &()).is_err(), "{text:?}");
        }
    }
}
