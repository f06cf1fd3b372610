//! Calls that need approval. Such a call is parked, not held: the agent is denied and told how its request stands, and
//! makes the same call again once people have approved. The approval is then taken after the limits are reserved and
//! before the intent is recorded, by exactly one call.

mod desk;
mod remote;
mod wording;

use model::{
    ApprovalAnswer, ApprovalRequest, ApprovalStanding, ApprovalStatus, ApprovalUse, CallDigest, SealedCall,
};
use policy::{ApprovalTerms, Decision, Denial, Permit};

pub use desk::ApprovalDesk;
pub(crate) use desk::Claim;
pub(crate) use wording::shown;

use crate::Gateway;
use crate::bundles::SourceError;
use crate::decide::Subject;
use crate::exchange::Intake;

/// A denial, and the request for approval that it is about.
pub(crate) struct Denied {
    pub(crate) denial: Denial,
    pub(crate) approval: Option<ApprovalStanding>,
}

impl From<Denial> for Denied {
    fn from(denial: Denial) -> Self {
        Self { denial, approval: None }
    }
}

impl Denied {
    fn plain(denial: Denial) -> Box<Self> {
        Box::new(denial.into())
    }
}

/// An approval that fits a call, to be taken before the call is sent.
pub(crate) struct Approved {
    standing: ApprovalStanding,
    /// What the call gets if somebody else takes it first.
    denial: Denial,
    terms: ApprovalTerms,
}

/// Why approval could not be asked for.
enum Unasked {
    /// The call is longer than what can be sealed.
    TooLong,
    /// The control plane cannot be reached.
    Unreachable(SourceError),
}

impl Gateway {
    /// The permit of a call, with the approval that it takes if it takes one.
    pub(crate) async fn permitted(
        &self,
        intake: &Intake<'_>,
        subject: Subject<'_>,
    ) -> Result<(Permit, Option<Approved>), Box<Denied>> {
        let denial = match intake.decide(subject, false) {
            Decision::Permit(permit) => return Ok((permit, None)),
            Decision::Deny(denial) => denial,
        };
        let Some(terms) = denial.approval.clone() else { return Err(Denied::plain(denial)) };
        let standing = match self.ask(intake, subject, &denial, &terms).await {
            Ok(ApprovalAnswer::Standing(standing)) => standing,
            Ok(ApprovalAnswer::Outdated) => {
                return Err(Denied::plain(wording::with(denial, wording::OUTDATED)));
            }
            Ok(ApprovalAnswer::TooMany(open)) => {
                return Err(Denied::plain(wording::with(denial, &wording::too_many(open))));
            }
            Err(Unasked::TooLong) => return Err(Denied::plain(wording::with(denial, &wording::too_long()))),
            Err(Unasked::Unreachable(error)) => {
                tracing::warn!(%error, "approval cannot be asked for; the call is refused");
                return Err(Denied::plain(wording::with(denial, wording::UNREACHABLE)));
            }
        };
        if standing.status != ApprovalStatus::Approved {
            return Err(wording::standing(denial, &terms, standing));
        }
        match intake.decide(subject, true) {
            Decision::Permit(permit) => Ok((permit, Some(Approved { standing, denial, terms }))),
            Decision::Deny(denial) => Err(Denied::plain(denial)),
        }
    }

    async fn ask(
        &self,
        intake: &Intake<'_>,
        subject: Subject<'_>,
        denial: &Denial,
        terms: &ApprovalTerms,
    ) -> Result<ApprovalAnswer, Unasked> {
        let nothing = |what: &str| Unasked::Unreachable(SourceError(what.to_owned()));
        let (exchange, bundle) = (&intake.exchange, &intake.exchange.caller.live.bundle);
        let entry = &exchange.grant.entry;
        let policy = entry.policy.as_ref().ok_or_else(|| nothing("the grant has no policy"))?;
        let message = intake.message.ok_or_else(|| nothing("there is no message"))?;
        let (Some(call), Some(canonical)) = (message.asked(), message.canonical()) else {
            return Err(nothing("the call cannot be read again"));
        };
        let method = message.method.as_deref().unwrap_or_default();
        let id = model::ApprovalId::mint(exchange.now_ms, rand::random());
        let context = SealedCall::context(bundle.org.id, id);
        let sealed = self.call_sealer.seal(call.as_bytes(), context.as_bytes(), &mut rand::rng());
        let request = ApprovalRequest {
            id,
            event: exchange.id,
            org: bundle.org.id,
            team: bundle.team.id,
            identity: bundle.identity.id,
            grant: entry.id,
            server: entry.server.id,
            method: method.to_owned(),
            subject: subject.name.to_owned(),
            // A method has no line break, so the two cannot run into each other.
            digest: CallDigest(self.call_sealer.fingerprint(format!("{method}\n{canonical}").as_bytes())),
            call: SealedCall(sealed.map_err(|_| Unasked::TooLong)?),
            policy: policy.id,
            policy_version: policy.version,
            rule: denial.rule.clone(),
            message: denial.message.clone(),
            terms: terms.clone(),
        };
        self.approvals.ask(&request).await.map_err(Unasked::Unreachable)
    }

    /// Takes the approval, if the call needs one, for this call and no other. Whoever does not get it is told how the
    /// request stands now.
    pub(crate) async fn claim(
        &self,
        intake: &Intake<'_>,
        approved: Option<Approved>,
    ) -> Result<Claim, Box<Denied>> {
        let Some(Approved { standing, denial, terms }) = approved else { return Ok(Claim::none()) };
        let exchange = &intake.exchange;
        let taken =
            ApprovalUse { org: exchange.caller.live.bundle.org.id, id: standing.id, event: exchange.id };
        let mut claim = Claim::new(self.approvals.clone(), taken);
        match self.approvals.claim(taken).await {
            Ok(answer) if answer.granted => Ok(claim),
            Ok(answer) => {
                claim.settle();
                Err(wording::standing(denial, &terms, answer.standing))
            }
            Err(error) => {
                tracing::warn!(%error, "an approval cannot be taken; the call is refused");
                let denial = wording::with(denial, wording::UNREACHABLE);
                Err(Box::new(Denied { denial, approval: Some(standing) }))
            }
        }
    }
}
