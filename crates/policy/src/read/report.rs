//! Problems as they are found, by place in the text; pointer, line and column are worked out at the end.

use crate::problem::{self, Place, Problem, Severity, push_pointer};

use super::node::{Kind, Node};

/// Most problems reported of one document, so that a hostile one cannot make a report far larger than itself.
const MOST: usize = 1_000;
/// Most bytes of pointers and messages in them, for the same reason.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// What is known of a problem when it is found.
struct Draft {
    severity: Severity,
    code: &'static str,
    at: usize,
    message: String,
    hint: Option<String>,
}

/// All findings in one document.
pub(super) struct Report<'a> {
    pub(super) lines: Lines<'a>,
    drafts: Vec<Draft>,
}

impl<'a> Report<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { lines: Lines::new(source), drafts: Vec::new() }
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        at: usize,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.push(Severity::Error, code, at, message.into(), hint);
    }

    pub(super) fn warn(
        &mut self,
        code: &'static str,
        at: usize,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.push(Severity::Warning, code, at, message.into(), hint);
    }

    fn push(
        &mut self,
        severity: Severity,
        code: &'static str,
        at: usize,
        message: String,
        hint: Option<String>,
    ) {
        // Once the report is full only the first error of it may still come in: it decides whether the document compiles.
        if self.drafts.len() < MOST || (severity == Severity::Error && !self.has_errors()) {
            self.drafts.push(Draft { severity, code, at, message, hint });
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        self.drafts.iter().any(|draft| draft.severity == Severity::Error)
    }

    /// The problems, in the order of their places.
    pub(super) fn finish(self, root: Option<&Node<'_>>) -> Vec<Problem> {
        let Self { lines, mut drafts } = self;
        // Errors first when there is no room for all, then the order of the text.
        drafts.sort_by_key(|draft| (draft.severity, draft.at));
        let mut room = MOST_BYTES;
        let mut problems = Vec::with_capacity(drafts.len());
        for Draft { severity, code, at, message, hint } in drafts {
            let pointer = root.map(|root| pointer_to(root, at)).unwrap_or_default();
            let size = pointer.len() + message.len() + hint.as_ref().map_or(0, String::len);
            let Some(left) = room.checked_sub(size) else { break };
            room = left;
            let Place { line, column } = lines.place(at);
            problems.push(Problem { severity, code, pointer, line, column, message, hint });
        }
        problem::sort(&mut problems);
        problems
    }
}

/// The pointer to the innermost value that a place is part of; a key is part of its value.
fn pointer_to(root: &Node<'_>, at: usize) -> String {
    let (mut pointer, mut node) = (String::new(), root);
    loop {
        let inner = match &node.kind {
            Kind::Object(members) => members
                .iter()
                .find(|member| (member.start..member.value.end).contains(&at))
                .map(|member| (member.key.to_string(), &member.value)),
            Kind::Array(elements) => elements
                .iter()
                .enumerate()
                .find(|(_, element)| (element.start..element.end).contains(&at))
                .map(|(index, element)| (index.to_string(), element)),
            _ => None,
        };
        let Some((step, inner)) = inner else { return pointer };
        push_pointer(&mut pointer, &step);
        node = inner;
    }
}

/// Where lines begin, and which bytes begin no character.
pub(super) struct Lines<'a> {
    source: &'a str,
    starts: Vec<usize>,
    continuations: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(source: &'a str) -> Self {
        let breaks = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let inside = source.bytes().enumerate().filter(|(_, byte)| byte & 0xC0 == 0x80).map(|(at, _)| at);
        Self { source, starts: std::iter::once(0).chain(breaks).collect(), continuations: inside.collect() }
    }

    /// Line and column, from 1, of a place in bytes; columns count characters.
    pub(super) fn place(&self, at: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = |at: usize| self.continuations.partition_point(|inside| *inside < at);
        let column = at.saturating_sub(start) - (before(at) - before(start)) + 1;
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place { line: small(line), column: small(column) }
    }

    /// A part of the source.
    pub(super) fn slice(&self, range: std::ops::Range<usize>) -> Option<&'a str> {
        self.source.get(range)
    }

    /// The place of a line and a column in bytes, both from 1.
    pub(super) fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.source.len());
        (start + column.saturating_sub(1)).min(self.source.len())
    }
}
