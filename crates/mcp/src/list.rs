//! Lists as one identity may see them: hidden entries are cut out of the server's own bytes.
//!
//! What stays is not touched: order, unknown members, `_meta`, and `nextCursor` even on a page that became empty,
//! since its absence would end the list. In the modern era a result that depends on who asks is also marked
//! private, on every page, and its time to live is capped so that a changed policy shows soon.

use std::borrow::Cow;

use thiserror::Error;

use crate::envelope::LENIENT;
use crate::era::Era;
use crate::json::{Fault, Raw, Reader, utf8};
use crate::params::genuine;

/// Longest a client may keep a filtered list, in milliseconds: a policy change reaches every gateway well within
/// a second, so this bounds how long a client shows what it may no longer call.
pub const MAX_TTL_MS: u64 = 5_000;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListKind {
    /// `tools/list`
    Tools,
    /// `prompts/list`
    Prompts,
    /// `resources/list`
    Resources,
    /// `resources/templates/list`
    ResourceTemplates,
}

/// Result members that hold a list.
const MEMBERS: &[&str] = &["tools", "prompts", "resources", "resourceTemplates"];

impl ListKind {
    /// The list a method asks for, if it asks for one.
    #[must_use]
    pub fn of_method(method: &str) -> Option<Self> {
        match method {
            "tools/list" => Some(Self::Tools),
            "prompts/list" => Some(Self::Prompts),
            "resources/list" => Some(Self::Resources),
            "resources/templates/list" => Some(Self::ResourceTemplates),
            _ => None,
        }
    }

    fn of_member(key: &str) -> Option<Self> {
        match key {
            "tools" => Some(Self::Tools),
            "prompts" => Some(Self::Prompts),
            "resources" => Some(Self::Resources),
            "resourceTemplates" => Some(Self::ResourceTemplates),
            _ => None,
        }
    }

    /// The member of an entry that a policy knows it by.
    fn subject(self) -> &'static str {
        match self {
            Self::Tools | Self::Prompts => "name",
            Self::Resources => "uri",
            Self::ResourceTemplates => "uriTemplate",
        }
    }
}

/// One entry of a list.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// The list it stands in.
    pub kind: ListKind,
    /// What a policy knows it by: a tool's or prompt's `name`, a resource's `uri`, a template's `uriTemplate`.
    pub subject: Cow<'a, str>,
    /// The entry's own bytes.
    pub raw: &'a str,
}

/// A list that cannot be filtered, and so must not be shown.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the server's list cannot be filtered: {reason}")]
pub struct ListError {
    /// What is wrong and at which byte.
    pub reason: String,
}

impl From<Fault> for ListError {
    fn from(fault: Fault) -> Self {
        Self { reason: fault.to_string() }
    }
}

/// A replacement of part of the message.
struct Edit {
    start: usize,
    end: usize,
    text: String,
}

/// Filters the answer to a list request. `None` means the message may go out as it is: nothing had to change, or
/// it is an error or no response at all.
///
/// # Errors
/// When the message cannot be read well enough to be sure what it shows; it must then not be forwarded.
pub fn filter(
    message: &[u8],
    kind: ListKind,
    era: Era,
    keep: impl FnMut(&Item<'_>) -> bool,
) -> Result<Option<Vec<u8>>, ListError> {
    splice(message, Some(kind), era, keep)
}

/// Filters a response whose request is not known, as a resumed stream may bring: every array in its result that
/// has the name of a list is treated as that list. `None` as in [`filter`].
///
/// # Errors
/// As [`filter`].
pub fn filter_any(
    message: &[u8],
    era: Era,
    keep: impl FnMut(&Item<'_>) -> bool,
) -> Result<Option<Vec<u8>>, ListError> {
    splice(message, None, era, keep)
}

fn splice(
    message: &[u8],
    wanted: Option<ListKind>,
    era: Era,
    mut keep: impl FnMut(&Item<'_>) -> bool,
) -> Result<Option<Vec<u8>>, ListError> {
    let mut reader = Reader::new(utf8(message)?, LENIENT);
    let (mut found, mut beside) = (None, false);
    reader.object(|reader, key| {
        match &*key {
            "result" => found = Some(result(reader, wanted, era, &mut keep)?),
            other => {
                beside |= matches!(other, "method" | "error");
                reader.value()?;
            }
        }
        Ok(())
    })?;
    reader.finish()?;
    match found {
        Some(_) if beside => {
            Err(ListError { reason: "a result stands beside a method or an error".to_owned() })
        }
        Some(edits) if !edits.is_empty() => Ok(Some(apply(message, &edits))),
        _ => Ok(None),
    }
}

/// Walks a result: what to replace in it, in order.
fn result(
    reader: &mut Reader<'_>,
    wanted: Option<ListKind>,
    era: Era,
    keep: &mut impl FnMut(&Item<'_>) -> bool,
) -> Result<Vec<Edit>, Fault> {
    if reader.peek() != Some(b'{') {
        return match wanted {
            Some(_) => Err(Fault::request(reader.at(), "the result is not an object")),
            None => reader.value().map(|_| Vec::new()),
        };
    }
    let (mut edits, mut cache) = (Vec::new(), Vec::new());
    let (mut listed, mut scoped) = (false, false);
    let raw = reader.object(|reader, key| {
        let next = reader.peek();
        let at = reader.at();
        match (ListKind::of_member(&key), &*key) {
            (Some(kind), _) if wanted.is_none_or(|wanted| wanted == kind) => {
                if next == Some(b'[') {
                    listed = true;
                    edits.extend(entries(reader, kind, keep)?);
                } else if wanted.is_some() {
                    return Err(Fault::request(at, format!("{key} is not an array")));
                } else {
                    reader.value()?;
                }
            }
            (None, "cacheScope") => {
                scoped = true;
                cache.extend(replace(reader.value()?, r#""private""#));
            }
            (None, "ttlMs") => cache.extend(capped(reader.value()?)),
            (_, other) => {
                genuine(at, "the result", other, MEMBERS)?;
                reader.value()?;
            }
        }
        Ok(())
    })?;
    if era == Era::Modern && listed {
        edits.append(&mut cache);
        if !scoped {
            let at = raw.end() - 1;
            edits.push(Edit { start: at, end: at, text: r#","cacheScope":"private""#.to_owned() });
        }
    }
    edits.sort_unstable_by_key(|edit| edit.start);
    Ok(edits)
}

/// Caps a time to live; whatever is no number is replaced too.
fn capped(ttl: Raw<'_>) -> Option<Edit> {
    let short = ttl.text.parse::<f64>().is_ok_and(|ttl| ttl <= MAX_TTL_MS as f64);
    if short { None } else { replace(ttl, &MAX_TTL_MS.to_string()) }
}

/// The array rewritten without the entries that are not kept; nothing where all are.
fn entries(
    reader: &mut Reader<'_>,
    kind: ListKind,
    keep: &mut impl FnMut(&Item<'_>) -> bool,
) -> Result<Option<Edit>, Fault> {
    let (mut kept, mut dropped) = (Vec::new(), false);
    let array = reader.array(|reader| {
        let item = item(reader, kind)?;
        if keep(&item) {
            kept.push(item.raw);
        } else {
            dropped = true;
        }
        Ok(())
    })?;
    Ok(if dropped { replace(array, &format!("[{}]", kept.join(","))) } else { None })
}

fn item<'a>(reader: &mut Reader<'a>, kind: ListKind) -> Result<Item<'a>, Fault> {
    reader.peek();
    let at = reader.at();
    let known = [kind.subject()];
    let mut subject = None;
    let raw = reader.object(|reader, key| {
        if key == kind.subject() {
            subject = Some(reader.string()?);
            return Ok(());
        }
        genuine(reader.at(), "an entry", &key, &known)?;
        reader.value().map(drop)
    })?;
    let subject = subject.ok_or_else(|| Fault::request(at, format!("an entry has no {}", kind.subject())))?;
    Ok(Item { kind, subject, raw: raw.text })
}

fn replace(raw: Raw<'_>, text: &str) -> Option<Edit> {
    (raw.text != text).then(|| Edit { start: raw.start, end: raw.end(), text: text.to_owned() })
}

/// `edits` are in order and do not overlap.
fn apply(message: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len());
    let mut done = 0;
    for edit in edits {
        out.extend_from_slice(message.get(done..edit.start).unwrap_or_default());
        out.extend_from_slice(edit.text.as_bytes());
        done = edit.end;
    }
    out.extend_from_slice(message.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests;
