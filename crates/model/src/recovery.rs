//! What a gateway and the control plane tell each other so that counters which their store has lost are rebuilt.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{OrgId, Taken};

/// A gateway's sign of life, and what it has to say of counters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeReport {
    /// Which spool its records go through: what stands for the gateway over all its starts.
    pub spool: Uuid,
    /// Its name, for people.
    pub node: String,
    /// Tells its starts apart; a later start has a higher number.
    pub boot: u64,
    /// True in its last report: everything that it recorded has been handed over, and nothing will follow.
    pub closing: bool,
    /// Whether everything that it had recorded by its report before this one has been handed over.
    pub settled: bool,
    /// Organisations whose counters it has to do without.
    pub lost: Vec<LostEpoch>,
    /// Epochs that it has moved on to: what it took before is recorded and handed over.
    pub passed: Vec<OrgEpoch>,
    /// Epochs that it was handed and has opened.
    pub opened: Vec<OrgEpoch>,
}

/// An epoch of one organisation's counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrgEpoch {
    /// The organisation.
    pub org: OrgId,
    /// Counts its epochs; 0 is before the first.
    pub epoch: u64,
}

/// Counters that a gateway has to do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostEpoch {
    /// The organisation.
    pub org: OrgId,
    /// The newest epoch that the gateway knows to be gone; 0 when it has not heard of any.
    pub epoch: u64,
    /// The newest epoch that it has found in the store; 0 for none.
    pub held: u64,
}

/// What the control plane answers to a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeDuties {
    /// Epochs to move on to, and to say so once it is done.
    pub move_on: Vec<OrgEpoch>,
    /// Epochs that are open.
    pub open: Vec<OrgEpoch>,
    /// Epochs that this gateway, and no other, is to open.
    pub handouts: Vec<Handout>,
}

/// An epoch to open, with what its counters begin from. Handed out once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handout {
    /// The organisation.
    pub org: OrgId,
    /// The epoch.
    pub epoch: u64,
    /// True when `seeds` is all that was taken in windows that are still open; false when a gateway could not be
    /// asked, so that nobody knows.
    pub complete: bool,
    /// The organisation's version: calls that were decided by an older bundle are to be refused, because the store may
    /// have lost word of what was revoked.
    pub version: u64,
    /// What was taken, added up for each counter and place.
    pub seeds: Vec<Taken>,
}
