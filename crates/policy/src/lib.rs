//! The policy language, version "1": read, lint, compile and decide. Pure: no input or output, no clock, no randomness.
//!
//! A document is read by [`Policy::compile`] into an immutable value, or refused with everything that is wrong with
//! it. [`decide`] judges one call under it.
//! [`Cases`] hold what an author expects of a policy. The order of judgement is told in the module `decide`, how a document is
//! read in `read`, how numbers compare in `value::decimal`.

mod amount;
mod call;
mod cases;
mod category;
mod charge;
mod decide;
mod decision;
mod diff;
mod facts;
mod judgement;
mod ledger;
mod lint;
mod nearest;
mod pattern;
mod policy;
mod problem;
mod read;
mod replay;
mod rule;
mod trace;
mod value;
mod window;
mod wording;

pub use amount::{Amount, AmountError};
pub use call::{Call, Client, Context, Identity, Subject};
pub use cases::{CaseReport, Cases, Expected, Found, Outcome, PriorDenial, Setting, Trial, Tried, Who};
pub use category::Category;
pub use charge::{Charge, Counter, OnOutage, Scope};
pub use decide::decide;
pub use decision::{ApprovalTerms, Approvers, Decision, Denial, Permit};
pub use diff::{Change, Difference, diff};
pub use judgement::Judgement;
pub use lint::ToolFacts;
pub use policy::{Compiled, Policy};
pub use problem::{Problem, Severity};
pub use replay::{Effect, Explanation, Gaps, Recorded, Replay, Replayed, Summary};
pub use trace::{Answer, Asked, Layer, Price, Shown, Step, Trace, TraceStep, explain};
pub use value::json::check_object;
pub use window::Window;
