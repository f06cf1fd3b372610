//! What one policy lets through that another does not, part by part.
//!
//! *Looser* means that no call can be refused for this difference that passed before, *tighter* that none can pass that
//! was refused; where neither is certain the difference is *changed*. Document order and layout make no
//! difference, nor does a rule that has nothing to say. Every difference is told where it stands: in the new document,
//! or in the old one for what is gone.

mod limit;
mod rule;
mod section;

use std::fmt;

use serde::Serialize;

use crate::{Policy, Subject};

/// Which way a difference goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// More may pass, nothing less.
    Looser,
    /// Less may pass, nothing more.
    Tighter,
    /// Neither, or it cannot be told.
    Changed,
}

impl Change {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Looser => "looser",
            Self::Tighter => "tighter",
            Self::Changed => "changed",
        }
    }

    /// Looser for a step down in strictness, tighter for one up; nothing where there is none.
    fn of_strictness<T: Ord>(old: &T, new: &T) -> Option<Self> {
        match new.cmp(old) {
            std::cmp::Ordering::Less => Some(Self::Looser),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Self::Tighter),
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where, as a JSON pointer: into the new document, or into the old one for what it alone has.
    pub pointer: String,
    /// Which way it goes.
    pub change: Change,
    /// What it is, in words.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<8} {}: {}", self.change.as_str(), self.pointer, self.what)
    }
}

/// Everything in which `new` differs from `old`, sorted by pointer; empty when they decide alike.
#[must_use]
pub fn diff(old: &Policy, new: &Policy) -> Vec<Difference> {
    let mut found = Findings::default();
    for (subject, base) in
        [(Subject::Tool, ""), (Subject::Prompt, "/prompts"), (Subject::Resource, "/resources")]
    {
        section::compare(subject, base, old.section(subject), new.section(subject), &mut found);
    }
    found.0.sort_by(|a, b| (&a.pointer, a.change, &a.what).cmp(&(&b.pointer, b.change, &b.what)));
    found.0
}

/// Differences as they are found.
#[derive(Default)]
struct Findings(Vec<Difference>);

impl Findings {
    fn add(&mut self, change: Change, pointer: impl Into<String>, what: impl Into<String>) {
        self.0.push(Difference { pointer: pointer.into(), change, what: what.into() });
    }
}

/// Whether two parts of documents are taken for the same part.
type Alike<'f, T> = &'f dyn Fn(&T, &T) -> bool;

/// Pairs off what is alike, by one likeness after another; gives the pairs, and what only the old or the new has.
fn pair<'a, T>(
    mut old: Vec<&'a T>,
    mut new: Vec<&'a T>,
    alike: &[Alike<'_, T>],
) -> (Vec<(&'a T, &'a T)>, Vec<&'a T>, Vec<&'a T>) {
    let mut pairs = Vec::new();
    for alike in alike {
        let mut left = Vec::new();
        for one in old {
            match new.iter().position(|other| alike(one, other)) {
                Some(index) => pairs.push((one, new.remove(index))),
                None => left.push(one),
            }
        }
        old = left;
    }
    (pairs, old, new)
}
