//! Cases: calls with the decision that a policy's author expects, kept beside the policy and run before it is published.
//!
//! They live in a file of their own, `{"cases": […]}` or the bare array, because a policy document holds nothing but what
//! is enforced. A case runs against a compiled policy with counters that start empty and hold what its `prior`
//! calls took. Nothing but the file and the policy plays a part, so a case gives the same result everywhere.

mod ledger;
mod run;
mod setting;

pub use run::{CaseReport, Expected, Found, Outcome, PriorDenial};
pub(crate) use setting::{Setting, Who};

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
    pub(crate) call: CaseCall,
    pub(crate) time_ms: i64,
    pub(crate) setting: Setting,
    /// Calls made before, in order of time.
    pub(crate) prior: Vec<PriorCall>,
    pub(crate) expect: Expected,
}

/// A call as a case writes it.
#[derive(Debug, Clone)]
pub(crate) struct CaseCall {
    pub(crate) tool: String,
    /// The text of a JSON object.
    pub(crate) arguments: Option<String>,
}

/// A call that was made before.
#[derive(Debug, Clone)]
pub(crate) struct PriorCall {
    pub(crate) call: CaseCall,
    pub(crate) time_ms: i64,
    /// How many times in a row.
    pub(crate) repeat: u32,
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
