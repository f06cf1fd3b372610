//! Doubts about a document that reads well: rules that cannot take effect, and what a server's tools show.
//! One of them is an error: more limits on one call than may be.

mod limits;
mod tools;
mod within;

use crate::problem::{Place, Problem, Severity};

pub(crate) use limits::limits_of;
pub use tools::ToolFacts;
pub(crate) use tools::against_tools;
pub(crate) use within::within;

fn warning(code: &'static str, place: Place, pointer: String, message: String, hint: &str) -> Problem {
    let Place { line, column } = place;
    Problem { severity: Severity::Warning, code, pointer, line, column, message, hint: Some(hint.to_owned()) }
}
