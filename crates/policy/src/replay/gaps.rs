//! What a record does not hold of a call.

use crate::rule::path::{Path, Root, StepKind};
use crate::value::alike::is_look_alike;

/// What a record does not hold. What it does not hold is never taken from the call or its context.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gaps<'a> {
    /// The values of arguments; only their top-level names are known, and that there are no others.
    pub arguments: Option<&'a [String]>,
    /// What the identity was like when it called; only its id is known.
    pub identity: bool,
    /// The session's own id; that calls share a session is known.
    pub session: bool,
    /// The tool's annotations.
    pub annotations: bool,
}

impl Gaps<'_> {
    /// Whether what a path leads to is not known. An argument that the call does not have is known to be missing.
    pub(super) fn hides(&self, path: &Path) -> bool {
        match &path.root {
            Root::Arguments => {
                self.arguments.is_some_and(|names| match path.steps.first().map(|step| &step.kind) {
                    Some(StepKind::Name(name)) => {
                        names.iter().any(|known| **known == **name || is_look_alike(known, name))
                    }
                    _ => !names.is_empty(),
                })
            }
            Root::IdentityKind | Root::IdentityLabel | Root::IdentityEmail | Root::IdentityLabels(_) => {
                self.identity
            }
            Root::SessionId => self.session,
            Root::ToolAnnotation(_) => self.annotations,
            Root::IdentityId
            | Root::TeamSlug
            | Root::ClientName
            | Root::ClientVersion
            | Root::ToolName
            | Root::ToolCategory
            | Root::ToolRisk
            | Root::Hour
            | Root::Weekday
            | Root::WeekdayName => false,
        }
    }
}
