//! JSON opened one level at a time, as slices of its text.
//!
//! What comes here is known to be JSON: whoever reads a message, a document or a record has made sure of it, as
//! [`check_object`] does with `serde_json`. Members and elements are then told apart by looking for quotes, brackets and
//! commas alone. In a text that is no JSON nothing is out of bounds and nothing panics, but what is found in it means nothing.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::alike::{LookAlike, is_look_alike, is_plainly_another};

/// Room for the parts of an object or array as calls mostly have them.
const USUAL: usize = 8;

/// An object's members, with their keys decoded, in the order in which they are written.
#[derive(Debug)]
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Members<'a> {
    /// The members of an object's text; `None` when it is no object, or a key holds a broken escape.
    pub(crate) fn of(object: &'a str) -> Option<Self> {
        let mut members = Vec::with_capacity(USUAL);
        each_member(object, |key, value| {
            members.push((text(key)?, value));
            Some(())
        })?;
        Some(Self(members))
    }

    /// A member by its key.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| *value)
    }

    /// A member by its key, in an object that a caller wrote: none of the other keys may look like this one.
    pub(crate) fn get_alone(&self, name: &str) -> Result<Option<&'a str>, LookAlike> {
        let mut found = None;
        for (key, value) in &self.0 {
            if is_plainly_another(key, name) {
                continue;
            }
            if key == name {
                found = found.or(Some(*value));
            } else if is_look_alike(key, name) {
                return Err(LookAlike);
            }
        }
        Ok(found)
    }

    /// The members, sorted by their keys.
    pub(crate) fn sorted(mut self) -> Vec<(Cow<'a, str>, &'a str)> {
        self.0.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        self.0
    }
}

/// Hands out an object's members in turn, keys still quoted; `None` when the text is no object, or `member` gives it up.
pub(crate) fn each_member<'a>(
    object: &'a str,
    mut member: impl FnMut(&'a str, &'a str) -> Option<()>,
) -> Option<()> {
    let mut rest = inside(object, '{', '}')?;
    while let Some(quoted) = rest {
        let (key, after) = quoted.split_at_checked(string_length(quoted.as_bytes())?)?;
        let (value, more) = first_part(after.trim_ascii_start().strip_prefix(':')?);
        member(key, value)?;
        rest = more;
    }
    Some(())
}

/// The elements of an array's text; `None` when it is no array.
pub(crate) fn elements(array: &str) -> Option<Vec<&str>> {
    let mut elements = Vec::with_capacity(USUAL);
    let mut rest = inside(array, '[', ']')?;
    while let Some(more) = rest {
        let (element, more) = first_part(more);
        elements.push(element);
        rest = more;
    }
    Some(elements)
}

/// What stands between two brackets; nothing where that is nothing. `None` when there are no such brackets.
fn inside(text: &str, open: char, close: char) -> Option<Option<&str>> {
    let inside = text.trim_ascii().strip_prefix(open)?.strip_suffix(close)?.trim_ascii();
    Some(Some(inside).filter(|inside| !inside.is_empty()))
}

/// What comes before the first comma outside of strings and brackets, and what after it.
fn first_part(text: &str) -> (&str, Option<&str>) {
    let comma = next_comma(text.as_bytes());
    let parts = comma.and_then(|comma| Some((text.get(..comma)?, text.get(comma + 1..)?)));
    match parts {
        Some((part, rest)) => (part.trim_ascii(), Some(rest.trim_ascii_start())),
        None => (text.trim_ascii(), None),
    }
}

fn next_comma(text: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        match *text.get(at)? {
            b',' if depth == 0 => return Some(at),
            b'"' => at += string_length(text.get(at..)?)? - 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        at += 1;
    }
}

/// How many bytes the string takes that a text begins with, quotes included.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut rest = text.strip_prefix(b"\"")?.iter();
    loop {
        match rest.next()? {
            b'"' => return Some(text.len() - rest.len()),
            // Whatever follows a backslash does not end the string.
            b'\\' => _ = rest.next(),
            _ => {}
        }
    }
}

/// What a quoted string says; `None` when an escape in it is wrong.
pub(crate) fn text(quoted: &str) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

    let plain = quoted.strip_prefix('"')?.strip_suffix('"')?;
    if !plain.as_bytes().contains(&b'\\') {
        return Some(Cow::Borrowed(plain));
    }
    serde_json::from_str::<Text<'_>>(quoted).ok().map(|Text(text)| text)
}

/// Checks that a text is one JSON object that every reader takes for the same: well formed, no key twice in
/// an object at any depth, nesting within `depth`.
///
/// # Errors
/// What is wrong, in words.
pub fn check_object(object: &str, depth: usize) -> Result<(), String> {
    let root: &RawValue = serde_json::from_str(object).map_err(|error| format!("not JSON: {error}"))?;
    if !root.get().starts_with('{') {
        return Err("not a JSON object".to_owned());
    }
    let mut open = vec![(root.get(), 1_usize)];
    while let Some((text, level)) = open.pop() {
        let is_object = text.starts_with('{');
        if level > depth && (is_object || text.starts_with('[')) {
            return Err(format!("nested deeper than {depth} levels"));
        }
        if is_object {
            let Members(members) = Members::of(text).ok_or("a key holds a broken escape")?;
            let mut seen = HashSet::with_capacity(members.len());
            if let Some((key, _)) = members.iter().find(|(key, _)| !seen.insert(key.as_ref())) {
                return Err(format!("the key {key:?} is there twice"));
            }
            open.extend(members.into_iter().map(|(_, value)| (value, level + 1)));
        } else if text.starts_with('[') {
            open.extend(elements(text).unwrap_or_default().into_iter().map(|value| (value, level + 1)));
        } else if text.starts_with('"') && self::text(text).is_none() {
            return Err("a string holds a broken escape".to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn string() -> impl Strategy<Value = String> {
        prop_oneof![
            r#""(\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}|[a-z,:\[\]{} ]){0,6}""#,
            any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
        ]
    }

    /// Any JSON value, with blanks wherever they may stand.
    fn json() -> impl Strategy<Value = String> {
        let leaf =
            prop_oneof!["null|true|false", "-?(0|[1-9][0-9]{0,3})([.][0-9]{1,3})?(e-?[0-9]{1,2})?", string()];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4)
                    .prop_map(|parts| format!("[ {} ]", parts.join(" ,"))),
                prop::collection::vec((string(), inner), 0..4).prop_map(|parts| object(&parts, "\n")),
            ]
        })
    }

    fn object(members: &[(String, String)], blank: &str) -> String {
        let members = members.iter().map(|(key, value)| format!("{blank}{key}{blank}:{blank}{value}{blank}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn what_was_put_together_comes_apart_again(
            members in prop::collection::vec((string(), json()), 0..9), blank in "[ \n\r\t]{0,2}",
        ) {
            let object = [&blank, &*object(&members, &blank), &blank].concat();
            prop_assert!(serde_json::from_str::<&RawValue>(&object).is_ok(), "{object}");
            let mut found = Vec::new();
            let whole = each_member(&object, |key, value| {
                found.push((key.to_owned(), value.to_owned()));
                Some(())
            });
            prop_assert_eq!((whole, found), (Some(()), members.clone()), "{}", object);
            prop_assert_eq!(elements(&object), None);
            let values: Vec<&str> = members.iter().map(|(_, value)| value.as_str()).collect();
            let array = format!("{blank}[{blank}{}{blank}]", values.join(&format!("{blank},{blank}")));
            prop_assert_eq!(elements(&array), Some(values), "{}", array);
            prop_assert!(Members::of(&array).is_none());
        }

        #[test]
        fn a_text_that_is_no_json_comes_apart_without_a_panic(text in "[\"\\\\{}\\[\\],:a1 é]{0,16}") {
            for text in [text.clone(), format!("{{{text}}}"), format!("[{text}]")] {
                let members = Members::of(&text).map(Members::sorted).unwrap_or_default();
                let parts = members.iter().map(|(_, value)| *value).chain(elements(&text).unwrap_or_default());
                prop_assert!(parts.into_iter().all(|part| text.contains(part)));
            }
        }
    }
}
