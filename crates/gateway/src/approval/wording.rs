//! What an agent is told of a request for approval. The reader is a language model in the middle of a task: each text
//! says how things stand and what to do next.

use jiff::Timestamp;
use model::{ApprovalStanding, ApprovalStatus};
use policy::{ApprovalTerms, Denial};
use secrets::sealed::MAX_PLAINTEXT;
use serde_json::{Value, json};

use super::Denied;

/// The control plane does not answer.
pub(super) const UNREACHABLE: &str = "Approval cannot be asked for just now, so the call is refused and nothing was sent. Call again in a moment.";
/// The control plane knows a newer policy or grant than this gateway.
pub(super) const OUTDATED: &str =
    "The rules for this call have just changed, so approval was not asked for. Call again in a moment.";

pub(super) fn too_many(open: u32) -> String {
    format!(
        "Approval was not asked for: {open} requests of this identity are open already. Wait until some are decided or expire, then call again."
    )
}

pub(super) fn too_long() -> String {
    format!(
        "Approval was not asked for: nobody can judge a call of more than {} KiB. Send less at once.",
        MAX_PLAINTEXT / 1024
    )
}

/// The denial with more words at its end.
pub(super) fn with(mut denial: Denial, words: &str) -> Denial {
    denial.message = format!("{} {words}", denial.message.trim_end());
    denial
}

/// The denial of a call whose request stands like this.
pub(super) fn standing(denial: Denial, terms: &ApprovalTerms, standing: ApprovalStanding) -> Box<Denied> {
    let (id, until) = (standing.id, until(&standing));
    let words = match standing.status {
        ApprovalStatus::Pending | ApprovalStatus::Approved => {
            let so_far = if standing.given > 0 { "; one of them has approved" } else { "" };
            let whose = terms.whose();
            format!(
                "The request {id} waits for {whose}{so_far}. Make this call again, unchanged, once it is approved, before {until}."
            )
        }
        ApprovalStatus::Denied => {
            let why = standing
                .reason
                .as_ref()
                .map_or_else(String::new, |reason| format!(", with the words {reason:?}"));
            format!("The request {id} was denied{why}. This call stays denied until {until}; do without it.")
        }
        ApprovalStatus::Used => {
            format!("The approval {id} has just been used by another call. To ask for a new one, call again.")
        }
        ApprovalStatus::Expired => format!("The request {id} has expired. To ask anew, call again."),
        ApprovalStatus::Unfit => format!(
            "The approval {id} fits no more: the rules or the tool have changed since. To ask anew, call again."
        ),
    };
    Box::new(Denied { denial: with(denial, &words), approval: Some(standing) })
}

/// What the agent's client may read of a request.
pub(crate) fn shown(standing: &ApprovalStanding) -> Value {
    json!({
        "id": standing.id,
        "status": standing.status,
        "expires_at": until(standing),
        "url": standing.url,
    })
}

fn until(standing: &ApprovalStanding) -> String {
    Timestamp::from_millisecond(standing.expires_at_ms).unwrap_or(Timestamp::MAX).to_string()
}
