//! What judging a call gives: a permit with what it costs, or a denial with what to tell the agent.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::rule::limit::Limit;
use crate::{Amount, Call, Charge, wording};

/// The verdict on a call.
#[derive(Debug, Clone)]
pub enum Decision {
    /// It may go ahead once its charges are taken.
    Permit(Permit),
    /// It may not.
    Deny(Denial),
}

/// Leave to forward one call, on condition that every charge can be taken. Only [`decide`](crate::decide) makes one.
#[derive(Debug, Clone)]
pub struct Permit {
    charges: Vec<Charge>,
    /// Which limits stand behind which charge, in the order in which they apply.
    limits: Vec<(usize, Arc<Limit>)>,
}

impl Permit {
    pub(crate) const fn new(charges: Vec<Charge>, limits: Vec<(usize, Arc<Limit>)>) -> Self {
        Self { charges, limits }
    }

    /// What must be taken before the call is forwarded, all or nothing.
    #[must_use]
    pub fn charges(&self) -> &[Charge] {
        &self.charges
    }

    /// The denial for a charge that does not fit: `index` counts in [`charges`](Self::charges), `used` is what the
    /// counter held without this call, `retry_after_ms` is how long until it may fit. Of the limits that share the
    /// counter, the first whose `max` would be passed is named.
    #[must_use]
    pub fn over(&self, index: usize, used: Amount, retry_after_ms: u64) -> Denial {
        let Some(charge) = self.charges.get(index) else { return wording::limit_unknown() };
        let passes =
            |limit: &&Arc<Limit>| used.checked_add(charge.amount).is_none_or(|total| total > limit.max);
        let strictest = || self.behind(index).min_by_key(|limit| limit.max);
        let Some(limit) = self.behind(index).find(passes).or_else(strictest) else {
            return wording::limit_unknown();
        };
        wording::limit_reached(limit, charge, used, retry_after_ms)
    }

    /// The denial for a charge that could not be checked because counters cannot be reached.
    #[must_use]
    pub fn counters_unavailable(&self, index: usize) -> Denial {
        let charge = self.charges.get(index);
        match charge.zip(self.behind(index).next()) {
            Some((charge, limit)) => wording::limit_unavailable(limit, charge),
            None => wording::limit_unknown(),
        }
    }

    /// The denial for a charge whose counter has been lost and is being restored.
    #[must_use]
    pub fn counters_lost(&self, index: usize, retry_after_ms: u64) -> Denial {
        let charge = self.charges.get(index);
        match charge.zip(self.behind(index).next()) {
            Some((charge, limit)) => wording::limit_lost(limit, charge, retry_after_ms),
            None => wording::limit_unknown(),
        }
    }

    /// The denial for a charge whose window cannot be counted in until it ends, because what it held was lost.
    #[must_use]
    pub fn closed(&self, index: usize, retry_after_ms: u64) -> Denial {
        let charge = self.charges.get(index);
        match charge.zip(self.behind(index).next()) {
            Some((charge, limit)) => wording::limit_closed(limit, charge, retry_after_ms),
            None => wording::limit_unknown(),
        }
    }

    /// The limits, each with the charge that it stands behind, in the order in which they apply.
    pub(crate) fn limits(&self) -> impl Iterator<Item = (usize, &Arc<Limit>)> {
        self.limits.iter().map(|(charge, limit)| (*charge, limit))
    }

    fn behind(&self, index: usize) -> impl Iterator<Item = &Arc<Limit>> {
        self.limits.iter().filter(move |(charge, _)| *charge == index).map(|(_, limit)| limit)
    }
}

/// Why a call is refused, in a form for the agent and for the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Denial {
    /// The rule that refused: a JSON pointer into the document, or a literal such as `(default deny)`.
    pub rule: String,
    /// What to tell the agent.
    pub message: String,
    /// The agent must not learn that the thing exists: it gets the answer for an unknown one.
    #[serde(skip)]
    pub hidden: bool,
    /// When the same call may succeed, milliseconds from now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The counter of the limit that refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// What that counter has left, when it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining: Option<Amount>,
    /// What approval would let the call through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<ApprovalTerms>,
}

impl Denial {
    /// Why a call is refused that a policy let through without knowing the tool's class, though it
    /// [asks for classes](crate::Policy::uses_classes): a rule for the class might have refused it.
    #[must_use]
    pub fn unclassified(call: &Call<'_>) -> Self {
        wording::unclassified(call)
    }
}

/// What an approval takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalTerms {
    /// Who may give it.
    pub approvers: Approvers,
    /// How many of them must: 1 or 2.
    pub quorum: u8,
    /// How long a request stays open, seconds.
    pub expires_in: u32,
}

impl ApprovalTerms {
    /// Those of a rule that asks without saying more.
    pub(crate) const UNSAID: Self = Self { approvers: Approvers::Admin, quorum: 1, expires_in: 1800 };

    /// What satisfies both.
    pub(crate) fn stricter(&self, other: &Self) -> Self {
        Self {
            approvers: self.approvers.min(other.approvers),
            quorum: self.quorum.max(other.quorum),
            expires_in: self.expires_in.min(other.expires_in),
        }
    }

    /// Whose approval it takes, in words.
    #[must_use]
    pub const fn whose(&self) -> &'static str {
        match (self.approvers, self.quorum > 1) {
            (Approvers::Admin, false) => "an admin",
            (Approvers::Admin, true) => "two admins",
            (Approvers::PolicyManager, false) => "a policy manager",
            (Approvers::PolicyManager, true) => "two policy managers",
            (Approvers::Team, false) => "somebody in the team",
            (Approvers::Team, true) => "two people in the team",
        }
    }
}

/// Who may approve a call, the fewest people first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approvers {
    /// The organisation's admins.
    Admin,
    /// Those who manage policies.
    PolicyManager,
    /// Anyone in the team.
    Team,
}

impl Approvers {
    /// The name in documents, on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::PolicyManager => "policy_manager",
            Self::Team => "team",
        }
    }

    /// The approvers of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Admin, Self::PolicyManager, Self::Team].into_iter().find(|who| who.as_str() == name)
    }
}
