//! Cases: calls with the decision that a policy's author expects, kept beside the policy and run before it is published.
//!
//! They live in a file of their own, `{"cases": […]}` or the bare array, because a policy document holds nothing but what
//! is enforced. A case runs against a compiled policy with counters that start empty and hold what its `prior`
//! calls took. Nothing but the file and the policy plays a part, so a case gives the same result everywhere.

mod run;
mod setting;
mod trial;

pub use run::{CaseReport, Expected, Found, Outcome};
pub use setting::{Setting, Who};
pub(crate) use trial::{CaseCall, PriorCall};
pub use trial::{PriorDenial, Trial, Tried};

use crate::{Policy, Problem, read};

/// The cases of one file.
#[derive(Debug, Clone)]
pub struct Cases(pub(crate) Vec<Case>);

/// One call and what should become of it.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// Where it stands in its file, as a JSON pointer.
    pub(crate) pointer: String,
    pub(crate) line: u32,
    pub(crate) trial: Trial,
    pub(crate) expect: Expected,
}

impl Cases {
    /// Reads a file of cases: UTF-8 JSON of at most 256 KiB and 32 levels, nothing in it unknown.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the file; never empty.
    pub fn read(source: &[u8]) -> Result<Self, Vec<Problem>> {
        read::cases(source).map(Self)
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Runs each against a policy, in the order of the file. They know nothing of each other.
    #[must_use]
    pub fn run(&self, policy: &Policy) -> Vec<CaseReport> {
        self.0.iter().map(|case| run::run(case, policy)).collect()
    }
}
