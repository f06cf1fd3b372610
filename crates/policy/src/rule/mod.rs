//! Rules as they are judged: what one says, compiled, and where in the document it says it.

pub(crate) mod condition;
pub(crate) mod limit;
pub(crate) mod path;
pub(crate) mod section;
pub(crate) mod written;

use std::sync::Arc;

use crate::decision::ApprovalTerms;
use crate::problem::Place;
use condition::Condition;
use limit::Limit;

/// What a rule does with the calls it is filed for. Ordered by strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    Allow,
    RequireApproval,
    Deny,
}

impl Action {
    pub(crate) const NAMES: [(&'static str, Self); 3] =
        [("allow", Self::Allow), ("deny", Self::Deny), ("require_approval", Self::RequireApproval)];
}

/// One rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// Its JSON pointer.
    pub(crate) pointer: Arc<str>,
    /// Where it is written.
    pub(crate) place: Place,
    pub(crate) action: Option<Action>,
    /// What the agent is told by a refusal that has no words of its own.
    pub(crate) reason: Option<Arc<str>>,
    pub(crate) require: Box<[Group]>,
    pub(crate) deny_if: Box<[Group]>,
    pub(crate) approval: Option<Approval>,
    /// `limits` in order, then `rate_limit`.
    pub(crate) limits: Box<[Arc<Limit>]>,
}

/// Conditions with one message.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) conditions: Box<[Condition]>,
    pub(crate) on_deny: Box<str>,
}

/// When a call needs approval, and whose.
#[derive(Debug, Clone)]
pub(crate) struct Approval {
    /// All must hold; none means always.
    pub(crate) conditions: Box<[Condition]>,
    pub(crate) terms: ApprovalTerms,
    pub(crate) reason: Option<Box<str>>,
}

impl Rule {
    /// What an approval of a call takes, as far as this rule goes.
    pub(crate) fn terms(&self) -> ApprovalTerms {
        self.approval.as_ref().map_or(ApprovalTerms::UNSAID, |approval| approval.terms.clone())
    }

    /// Every condition's conditions, wherever they stand in the rule.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let groups = self.require.iter().chain(&self.deny_if).flat_map(|group| &group.conditions);
        groups.chain(self.approval.iter().flat_map(|approval| &approval.conditions))
    }
}
