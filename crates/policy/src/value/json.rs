//! JSON opened one level at a time: `serde_json` finds where each member begins and ends, and checks it on the way.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::alike::{LookAlike, is_look_alike, is_plainly_another};

/// Room for the members of an object as calls mostly have them.
const USUAL: usize = 8;

/// An object's members as they are written, keys still quoted.
#[derive(Debug)]
pub(crate) struct Members<'a>(pub(crate) Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(&'de RawValue, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(USUAL);
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Collect).map(Self)
    }
}

impl<'a> Members<'a> {
    /// The members of an object's text; `None` when it is no object.
    pub(crate) fn of(object: &'a str) -> Option<Self> {
        serde_json::from_str(object).ok()
    }

    /// A member by its key.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(key, _)| text(key.get()).is_some_and(|key| key == name)).map(|(_, value)| *value)
    }

    /// A member by its key, in an object that a caller wrote: none of the other keys may look like this one.
    pub(crate) fn get_alone(&self, name: &str) -> Result<Option<&'a RawValue>, LookAlike> {
        let mut found = None;
        for (quoted, value) in &self.0 {
            if is_plainly_another(quoted.get(), name) {
                continue;
            }
            let Some(key) = text(quoted.get()) else { continue };
            if key == name {
                found = found.or(Some(*value));
            } else if is_look_alike(&key, name) {
                return Err(LookAlike);
            }
        }
        Ok(found)
    }

    /// The members with their keys decoded; `None` when one holds a broken escape.
    pub(crate) fn decoded(self) -> Option<Vec<(Cow<'a, str>, &'a RawValue)>> {
        self.0.into_iter().map(|(key, value)| Some((text(key.get())?, value))).collect()
    }
}

/// The elements of an array's text; `None` when it is no array.
pub(crate) fn elements(array: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(array).ok()
}

/// What a quoted string says; `None` when an escape in it is wrong.
pub(crate) fn text(quoted: &str) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

    let plain = quoted.strip_prefix('"')?.strip_suffix('"')?;
    if !plain.contains('\\') {
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
    let mut open = vec![(root, 1_usize)];
    while let Some((raw, level)) = open.pop() {
        let text = raw.get();
        let is_object = text.starts_with('{');
        if level > depth && (is_object || text.starts_with('[')) {
            return Err(format!("nested deeper than {depth} levels"));
        }
        if is_object {
            let members =
                Members::of(text).and_then(Members::decoded).ok_or("a key holds a broken escape")?;
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
