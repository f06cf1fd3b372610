//! What is written of a decision, and of what became of the call.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use http::StatusCode;
use model::{
    ApprovalId, CallOutcome, ClientName, Event, EventId, Intent, OrgId, Outcome, OutcomeEnd, Taken, Verdict,
};
use sha2::{Digest, Sha256};

use crate::Gateway;
use crate::bundles::Caller;
use crate::exchange::Intake;
use crate::measure;
use crate::spool::Spool;

/// A decision, as the record needs it.
pub(crate) struct Ruling<'a> {
    pub(crate) verdict: Verdict,
    pub(crate) rule: &'a str,
    pub(crate) message: &'a str,
    pub(crate) unchecked: bool,
    /// What the call took from counters.
    pub(crate) taken: &'a [Taken],
    /// The approval that it used, or waits for.
    pub(crate) approval: Option<ApprovalId>,
}

impl<'a> Ruling<'a> {
    /// A refusal: nothing was taken for it.
    pub(crate) const fn refusal(rule: &'a str, message: &'a str) -> Self {
        Self { verdict: Verdict::Deny, rule, message, unchecked: false, taken: &[], approval: None }
    }

    const fn outcome(&self) -> CallOutcome {
        match (self.verdict, self.approval) {
            (Verdict::Allow, _) => CallOutcome::Allowed,
            (Verdict::Deny, None) => CallOutcome::Denied,
            (Verdict::Deny, Some(_)) => CallOutcome::Parked,
        }
    }
}

impl Gateway {
    /// Records that somebody who is known asked for a server that is not theirs.
    pub(crate) async fn record_stranger(&self, id: EventId, caller: &Caller, message: &str) {
        let intent = self.bare_intent(id, caller, &Ruling::refusal("(no grant)", message));
        if let Err(error) = self.spool.append(&Event::Intent(Box::new(intent))).await {
            tracing::error!(%error, "a refusal could not be recorded");
        }
    }

    /// A record of who was decided upon and how, without what they asked for.
    fn bare_intent(&self, id: EventId, caller: &Caller, ruling: &Ruling<'_>) -> Intent {
        measure::decided(ruling.outcome());
        let bundle = &caller.live.bundle;
        Intent {
            id,
            node: self.settings.node.clone(),
            boot: self.spool.boot(),
            seq: self.seq.fetch_add(1, Ordering::Relaxed),
            org: bundle.org.id,
            team: bundle.team.id,
            identity: bundle.identity.id,
            token: caller.token,
            grant: None,
            server: None,
            method: String::new(),
            subject: None,
            verdict: ruling.verdict,
            rule: ruling.rule.to_owned(),
            message: ruling.message.to_owned(),
            policy: None,
            policy_version: None,
            arguments: Vec::new(),
            unchecked: ruling.unchecked,
            taken: ruling.taken.to_vec(),
            approval: ruling.approval,
            session: None,
            client: None,
            category: None,
            values: None,
        }
    }

    /// The audit record of a decision. Argument names only; their values stay out.
    pub(crate) fn intent(&self, intake: &Intake<'_>, subject: &str, ruling: &Ruling<'_>) -> Intent {
        let exchange = &intake.exchange;
        let (entry, message) = (&exchange.grant.entry, intake.message);
        Intent {
            grant: Some(entry.id),
            server: Some(entry.server.id),
            method: message.and_then(|message| message.method.as_deref()).unwrap_or_default().to_owned(),
            subject: (!subject.is_empty()).then(|| subject.to_owned()),
            policy: entry.policy.as_ref().map(|policy| policy.id),
            policy_version: entry.policy.as_ref().map(|policy| policy.version),
            arguments: message.map(mcp::Message::argument_names).unwrap_or_default(),
            session: intake.session_text().map(session_digest),
            client: intake.client().map(|client| ClientName {
                name: client.name.to_owned(),
                version: client.version.to_owned(),
            }),
            category: exchange.grant.class(subject).0,
            values: self.capture(intake),
            ..self.bare_intent(exchange.id, exchange.caller, ruling)
        }
    }
}

/// Tells sessions apart without giving away an id that would let somebody use one.
fn session_digest(session: &str) -> String {
    let digest = Sha256::digest(session.as_bytes());
    digest.iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Notes the outcome of a forwarded call exactly once, also when the client goes away and the call is dropped.
pub(crate) struct OutcomeGuard {
    spool: Arc<Spool>,
    id: EventId,
    org: OrgId,
    started: Instant,
    noted: bool,
}

impl OutcomeGuard {
    pub(crate) fn begin(gateway: &Gateway, intake: &Intake<'_>) -> Self {
        let exchange = &intake.exchange;
        Self {
            spool: gateway.spool.clone(),
            id: exchange.id,
            org: exchange.caller.live.bundle.org.id,
            started: Instant::now(),
            noted: false,
        }
    }

    pub(crate) fn answered(mut self, status: StatusCode) {
        self.note(Some(status.as_u16()), OutcomeEnd::Answered);
    }

    pub(crate) fn failed(mut self, sent: bool) {
        self.note(None, if sent { OutcomeEnd::Broken } else { OutcomeEnd::NotSent });
    }

    fn note(&mut self, status: Option<u16>, end: OutcomeEnd) {
        self.noted = true;
        let took = self.started.elapsed();
        measure::forwarded(end, took);
        let latency_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.spool.note(&Event::Outcome(Outcome { id: self.id, org: self.org, status, latency_us, end }));
    }
}

impl Drop for OutcomeGuard {
    fn drop(&mut self) {
        if !self.noted {
            self.note(None, OutcomeEnd::Broken);
        }
    }
}
