//! Keys that some readers take for another key.
//!
//! Common JSON libraries match an object's keys to the fields of a type without regard to case, with the folds that
//! Unicode adds to that (`ſ` to `s`, the Kelvin sign to `k`). Where a rule asks for `amount`, a call's `Amount` is another
//! key to the rule and the same field to such a server; so a call that has one is not judged by guessing.

/// An object has a key that differs from the wanted one in case alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LookAlike;

/// Whether a key that is not `name` may still be read as `name`.
pub(crate) fn is_look_alike(key: &str, name: &str) -> bool {
    // Mostly settled by the lengths.
    key.eq_ignore_ascii_case(name) || (!(key.is_ascii() && name.is_ascii()) && folded(key).eq(folded(name)))
}

/// Whether a key is plainly neither `name` nor a look-alike: settled by the first letters.
pub(crate) fn is_plainly_another(key: &str, name: &str) -> bool {
    match (key.as_bytes().first(), name.as_bytes().first()) {
        // What is no ASCII may fold to it.
        (Some(key), Some(name)) if key.is_ascii() && name.is_ascii() => !key.eq_ignore_ascii_case(name),
        _ => false,
    }
}

/// By upper case first, so that all characters that share one become the same: `ſ` and `s`, `ς` and `σ`.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_differ_in_case_alone_look_alike() {
        for (key, name) in [
            ("Amount", "amount"),
            ("AMOUNT", "amount"),
            ("amount", "aMount"),
            ("u\u{17f}er", "user"),
            ("to\u{212a}en", "token"),
            ("TO\u{212a}EN", "token"),
            ("k", "\u{212a}"),
            ("\u{c9}tat", "\u{e9}tat"),
            ("\u{3c2}", "\u{3a3}"),
        ] {
            assert!(is_look_alike(key, name), "{key} and {name}");
            assert!(!is_plainly_another(key, name), "{key} and {name}");
        }
    }

    #[test]
    fn keys_that_differ_in_more_do_not() {
        for (key, name) in [
            ("amounts", "amount"),
            ("a_mount", "amount"),
            ("", "a"),
            ("amoun\u{300}t", "amount"),
            ("\u{430}mount", "amount"),
            ("e\u{301}", "\u{e9}"),
        ] {
            assert!(!is_look_alike(key, name), "{key} and {name}");
        }
    }

    #[test]
    fn most_keys_are_told_apart_by_their_first_letters() {
        assert!(is_plainly_another("memo", "amount"));
        for (key, name) in
            [("Ab", "amount"), ("", "amount"), ("a", ""), ("\u{e4}", "amount"), ("k", "\u{212a}")]
        {
            assert!(!is_plainly_another(key, name), "{key} and {name}");
        }
    }
}
