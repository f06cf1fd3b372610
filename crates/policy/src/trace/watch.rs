//! What judging tells of itself as it goes. Nobody listens to an ordinary decision, and then all of this compiles to nothing;
//! a trace is the same judgement with a listener, so the two cannot differ.

use serde::Serialize;

use crate::Charge;
use crate::rule::condition::Test;
use crate::rule::limit::{Limit, Supposed};
use crate::rule::path::Mismatch;
use crate::rule::section::Layers;
use crate::value::Value;

/// A step of judging, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Is there a policy?
    Policy,
    /// Is everything switched on?
    Enabled,
    /// Is the name one that anything can have?
    Name,
    /// Is it hidden?
    Hidden,
    /// Is its definition the one that was accepted?
    Definition,
    /// Does a rule name it, or the default allow it?
    Default,
    /// The action in force.
    Action,
    /// A group of `require`.
    Require,
    /// A group of `deny_if`.
    DenyIf,
    /// A rule's approval.
    Approval,
    /// A limit.
    Limit,
}

/// Hears of each step when it begins, and of what is asked in it.
pub(crate) trait Watch {
    fn step(&mut self, _step: Step, _pointer: impl FnOnce() -> String) {}
    fn layers(&mut self, _layers: &Layers<'_>) {}
    /// The parts of an `any`, `all` or `not` follow.
    fn nest(&mut self, _kind: &'static str) {}
    fn unnest(&mut self, _holds: &Result<bool, Mismatch<'_>>) {}
    /// A value that the test now under way looks at.
    fn value(&mut self, _value: &Value<'_>) {}
    fn test(&mut self, _test: &Test, _holds: &Result<bool, Mismatch<'_>>) {}
    fn charge(&mut self, _charge: &Charge) {}
    /// What is taken for granted of a test that cannot be asked, for want of the value; `None` to ask it.
    fn suppose<'c>(&mut self, _test: &'c Test) -> Option<Result<bool, Mismatch<'c>>> {
        None
    }
    /// The same of a limit whose amount or key is not known.
    fn suppose_charge<'l>(&mut self, _limit: &'l Limit) -> Option<Supposed<'l>> {
        None
    }
    /// A test was not asked but supposed.
    fn supposed(&mut self, _test: &Test) {}
}

/// Nobody listens.
pub(crate) struct Unwatched;

impl Watch for Unwatched {}
