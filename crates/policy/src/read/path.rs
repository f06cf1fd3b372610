//! Paths, read from their text.

use crate::Subject;
use crate::nearest::offer;
use crate::rule::path::{Path, Root, Step, StepKind};
use crate::wording::quoted;

use super::Reader;
use super::node::Node;

/// Longest path, in bytes, so that following one is bounded.
pub(super) const LONGEST: usize = 512;

pub(super) const PLAIN: [(&str, Root); 13] = [
    ("identity.id", Root::IdentityId),
    ("identity.kind", Root::IdentityKind),
    ("identity.label", Root::IdentityLabel),
    ("identity.email", Root::IdentityEmail),
    ("team.slug", Root::TeamSlug),
    ("client.name", Root::ClientName),
    ("client.version", Root::ClientVersion),
    ("tool.name", Root::ToolName),
    ("tool.category", Root::ToolCategory),
    ("tool.risk", Root::ToolRisk),
    ("session.id", Root::SessionId),
    ("time.hour", Root::Hour),
    ("time.weekday", Root::Weekday),
];

impl Reader<'_> {
    /// A path that has a meaning where it stands.
    pub(super) fn path(&mut self, node: &Node<'_>, subject: Subject) -> Option<Path> {
        let text = self.text(node, "a path")?;
        let root = parse_root(text).and_then(|root| {
            let steps = if root == Root::Arguments { parse_steps(text)? } else { Box::default() };
            Ok(Path { text: text.into(), root, steps })
        });
        let path = match root {
            Ok(path) => path,
            Err(fault) => {
                let message = format!("{} is not a path: {}.", quoted(text), fault.message);
                self.report.error("invalid_path", node.start, message, Some(fault.hint));
                return None;
            }
        };
        if let Some(reason) = out_of_place(&path.root, subject) {
            let message = format!("{} says nothing here: {reason}.", quoted(text));
            self.report.error("invalid_path", node.start, message, None);
            return None;
        }
        Some(path)
    }
}

struct Fault {
    message: &'static str,
    hint: String,
}

fn fault(message: &'static str, hint: impl Into<String>) -> Fault {
    Fault { message, hint: hint.into() }
}

fn parse_root(text: &str) -> Result<Root, Fault> {
    if text.len() > LONGEST {
        return Err(fault("it is longer than 512 bytes", "shorten it"));
    }
    if text.contains(char::is_control) {
        return Err(fault("it holds a control character", "remove it"));
    }
    if text == "args" || text.starts_with("args.") || text.starts_with("args[") {
        return Ok(Root::Arguments);
    }
    if let Some((_, root)) = PLAIN.iter().find(|(name, _)| *name == text) {
        return Ok(root.clone());
    }
    // What follows is one key, dots and all.
    match (text.strip_prefix("identity.labels."), text.strip_prefix("tool.annotations.")) {
        (Some(key), _) if !key.is_empty() => Ok(Root::IdentityLabels(key.into())),
        (_, Some(key)) if !key.is_empty() => Ok(Root::ToolAnnotation(key.into())),
        _ => {
            let mut known: Vec<&str> = vec!["args.<name>"];
            known.extend(PLAIN.iter().map(|(name, _)| *name));
            known.extend(["identity.labels.<key>", "tool.annotations.<key>"]);
            Err(fault("nothing is called so", offer(text, &known)))
        }
    }
}

fn parse_steps(text: &str) -> Result<Box<[Step]>, Fault> {
    let mut steps = Vec::new();
    let mut rest = text.strip_prefix("args").unwrap_or(text);
    while !rest.is_empty() {
        let before = text.len() - rest.len();
        let (kind, after) = if let Some(inner) = rest.strip_prefix('[') {
            let (index, after) =
                inner.split_once(']').ok_or_else(|| fault("a bracket is not closed", "add ]"))?;
            (parse_index(index)?, after)
        } else if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, after) = name.split_at(end);
            (parse_name(name)?, after)
        } else {
            return Err(fault("after ] comes a dot, a bracket or the end", "write args.items[0].name"));
        };
        steps.push(Step { kind, before });
        rest = after;
    }
    Ok(steps.into())
}

fn parse_name(name: &str) -> Result<StepKind, Fault> {
    if name.is_empty() || name.contains(']') {
        return Err(fault("after a dot comes a name", "write args.name"));
    }
    Ok(StepKind::Name(name.into()))
}

fn parse_index(index: &str) -> Result<StepKind, Fault> {
    let hint = "write [0] for the first element, [*] for every one";
    if index == "*" {
        return Ok(StepKind::Each);
    }
    let plain = index.bytes().all(|byte| byte.is_ascii_digit()) && (index == "0" || !index.starts_with('0'));
    let index = index.parse::<usize>().ok().filter(|_| plain);
    index.map(StepKind::Index).ok_or_else(|| fault("in brackets stands a whole number or *", hint))
}

/// Why a path has no value where it stands.
pub(super) const fn out_of_place(root: &Root, subject: Subject) -> Option<&'static str> {
    match (root, subject) {
        (Root::Arguments, Subject::Resource) => Some("reading a resource takes no arguments"),
        (
            Root::ToolName | Root::ToolCategory | Root::ToolRisk | Root::ToolAnnotation(_),
            Subject::Prompt | Subject::Resource,
        ) => Some("only calls of tools have a tool"),
        _ => None,
    }
}
