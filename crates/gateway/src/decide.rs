//! What a message asks for, and the judgement of those that a policy decides: decide (perhaps with an approval),
//! reserve, take the approval, record, forward.

use http::{Response, StatusCode};
use mcp::list::ListKind;
use mcp::{Era, Kind, Message};
use model::{Code, Event, Verdict};
use policy::{Decision, Denial};
use serde_json::json;

use crate::approval::{self, Denied};
use crate::body::Body;
use crate::exchange::Intake;
use crate::record::{OutcomeGuard, Ruling};
use crate::reserve::Short;
use crate::respond::{self, Refusal};
use crate::{Gateway, filter, forward};

/// What becomes of a message.
pub(crate) enum Errand<'a> {
    /// The policy decides.
    Judge(Subject<'a>),
    /// Forwarded; the list in the answer is reduced to what the policy shows.
    List(ListKind),
    /// Forwarded; the answer's session id is sealed.
    Initialize,
    /// Forwarded as it is.
    Relay,
    /// Taken and forgotten: an unknown notification.
    Drop,
    /// Not let through: a request that no rule could judge.
    Unknown(&'a str),
}

/// What a message names.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) kind: policy::Subject,
    pub(crate) name: &'a str,
}

/// Sorts a message by its method. Requests that are not listed are not let through.
pub(crate) fn errand<'a>(message: &'a Message<'a>) -> Errand<'a> {
    let Some(method) = message.method.as_deref() else { return Errand::Relay };
    match (message.kind, method) {
        // A task's result is fetched later, by an id that nothing ties to this caller yet.
        (Kind::Request, "tools/call") if message.params.as_task => Errand::Unknown("tools/call as a task"),
        (Kind::Request, "tools/call") => judged(policy::Subject::Tool, message.params.name.as_deref()),
        (Kind::Request, "prompts/get") => judged(policy::Subject::Prompt, message.params.name.as_deref()),
        (Kind::Request, "resources/read" | "resources/subscribe" | "resources/unsubscribe") => {
            judged(policy::Subject::Resource, message.params.uri.as_deref())
        }
        (Kind::Request, "completion/complete") => match &message.params.reference {
            Some(mcp::Reference::Prompt(name)) => judged(policy::Subject::Prompt, Some(name)),
            Some(mcp::Reference::Resource(uri)) => judged(policy::Subject::Resource, Some(uri)),
            None => Errand::Unknown(method),
        },
        (Kind::Request, "initialize") => Errand::Initialize,
        (Kind::Request, "ping" | "server/discover" | "logging/setLevel" | "subscriptions/listen") => {
            Errand::Relay
        }
        (Kind::Request, _) => ListKind::of_method(method).map_or(Errand::Unknown(method), Errand::List),
        (
            Kind::Notification,
            "notifications/initialized"
            | "notifications/cancelled"
            | "notifications/progress"
            | "notifications/roots/list_changed",
        ) => Errand::Relay,
        (Kind::Notification, _) => Errand::Drop,
        (Kind::Response, _) => Errand::Relay,
    }
}

/// A subject without a name matches no rule by name, so that the policy's default decides.
fn judged<'a>(kind: policy::Subject, name: Option<&'a str>) -> Errand<'a> {
    Errand::Judge(Subject { kind, name: name.unwrap_or_default() })
}

impl Gateway {
    /// Decides a call, reserves what its limits cost, records the decision, and only then forwards it.
    pub(crate) async fn judge(
        &self,
        intake: &Intake<'_>,
        subject: Subject<'_>,
    ) -> Result<Response<Body>, Refusal> {
        let exchange = &intake.exchange;
        let live = &exchange.caller.live;
        let (permit, approved) = match self.permitted(intake, subject).await {
            Ok(permitted) => permitted,
            Err(denied) => return Ok(self.deny(intake, subject, *denied).await),
        };
        let reserved = match self.reserve(live, &permit).await {
            Ok(reserved) => reserved,
            Err(Short::Deny(denial)) => return Ok(self.deny(intake, subject, *denial).await),
            Err(Short::Outdated(refusal)) => return Err(*refusal),
        };
        let mut claim = match self.claim(intake, approved).await {
            Ok(claim) => claim,
            Err(denied) => {
                self.counters.give_back(reserved.into_reservation()).await;
                return Ok(self.deny(intake, subject, *denied).await);
            }
        };
        let ruling = Ruling {
            verdict: Verdict::Allow,
            rule: "",
            message: "",
            unchecked: reserved.reservation.unchecked,
            taken: &reserved.reservation.taken,
            approval: claim.id(),
        };
        let intent = self.intent(intake, subject.name, &ruling);
        if let Err(error) = self.spool.append(&Event::Intent(Box::new(intent))).await {
            self.counters.give_back(reserved.into_reservation()).await;
            return Err(Refusal::new(Code::AuditUnavailable, error.to_string()));
        }
        // What was taken is on record: others may move on.
        let reservation = reserved.into_reservation();
        let outcome = OutcomeGuard::begin(self, intake);
        claim.settle();
        match forward::send(self, intake).await {
            Ok(upstream) => {
                outcome.answered(upstream.status());
                Ok(filter::untouched(upstream))
            }
            Err(failure) => {
                outcome.failed(failure.sent);
                if !failure.sent {
                    claim.unsent();
                    self.counters.give_back(reservation).await;
                }
                Err(failure.refusal)
            }
        }
    }

    /// Records a denial and tells the agent, in the form that its model can use.
    async fn deny(
        &self,
        intake: &Intake<'_>,
        subject: Subject<'_>,
        denied: impl Into<Denied>,
    ) -> Response<Body> {
        let Denied { denial, approval } = denied.into();
        let ruling = Ruling {
            approval: approval.as_ref().map(|standing| standing.id),
            ..Ruling::refusal(&denial.rule, &denial.message)
        };
        self.record(intake, subject.name, &ruling).await;
        let id = intake.rpc_id().unwrap_or("null");
        if denial.hidden {
            return respond::reply(StatusCode::OK, unknown(id, intake.era, subject));
        }
        let decision = json!({
            "outcome": "deny",
            "rule": denial.rule,
            "message": denial.message,
            "request_id": intake.exchange.id,
            "retry_after_ms": denial.retry_after_ms,
            "limit": denial.limit,
            "approval": approval.as_ref().map(approval::shown),
            "trace": intake.trace(subject, &denial),
        });
        let decision = without_nulls(decision).to_string();
        let body = match subject.kind {
            policy::Subject::Tool => mcp::reply::denial(id, intake.era, &denial.message, &decision),
            policy::Subject::Prompt | policy::Subject::Resource => {
                let text = format!("{} {}", mcp::reply::DENIED, denial.message);
                mcp::reply::error(Some(id), respond::DENIED, &text, Some(&decision))
            }
        };
        respond::reply(StatusCode::OK, body)
    }

    /// Answers a method that the gateway does not let through, and records it.
    pub(crate) async fn unknown_method(&self, intake: &Intake<'_>, method: &str) -> Response<Body> {
        let message = "the gateway does not know this method, so no rule could judge it";
        self.record(intake, "", &Ruling::refusal("(unknown method)", message)).await;
        respond::unknown_method(intake.rpc_id().unwrap_or("null"), intake.era, method)
    }

    /// Records a refusal. A spool that fails is logged: the refusal stands either way.
    async fn record(&self, intake: &Intake<'_>, subject: &str, ruling: &Ruling<'_>) {
        let intent = self.intent(intake, subject, ruling);
        if let Err(error) = self.spool.append(&Event::Intent(Box::new(intent))).await {
            tracing::error!(%error, "a denial could not be recorded");
        }
    }
}

impl Intake<'_> {
    /// How a denial came about, where the organisation lets agents know.
    fn trace(&self, subject: Subject<'_>, denial: &Denial) -> Option<policy::Trace> {
        if !self.exchange.caller.live.bundle.org.explain_denials {
            return None;
        }
        let explained = |approved| self.judged(subject, approved, policy::explain);
        // What was refused later than for want of an approval was judged with one.
        let without = explained(false);
        let mut trace = if without.rule == denial.rule { without } else { explained(true) };
        trace.refuse(&denial.rule, &denial.message);
        Some(trace)
    }

    /// Judges the call; `approved` when an approval that fits it was found.
    pub(crate) fn decide(&self, subject: Subject<'_>, approved: bool) -> Decision {
        self.judged(subject, approved, |policy, call, context| match policy::decide(policy, call, context) {
            Decision::Permit(_) if self.exchange.grant.lacks_class(subject.kind, subject.name) => {
                Decision::Deny(Denial::unclassified(call))
            }
            decision => decision,
        })
    }

    /// Has the call judged under the grant's policy.
    fn judged<T>(
        &self,
        subject: Subject<'_>,
        approved: bool,
        judge: impl FnOnce(Option<&policy::Policy>, &policy::Call<'_>, &policy::Context<'_>) -> T,
    ) -> T {
        let exchange = &self.exchange;
        let (live, grant) = (&exchange.caller.live, exchange.grant);
        let identity = &live.bundle.identity;
        let token;
        let session = match self.session_text() {
            Some(session) => session,
            None => {
                token = exchange.caller.token.to_string();
                &token
            }
        };
        let (category, annotations) = grant.class(subject.name);
        let context = policy::Context {
            time_ms: exchange.now_ms,
            enabled: live.enabled(grant, exchange.now_ms),
            definition_changed: grant.definition_changed(subject.name),
            org: &live.texts.org,
            team: live.bundle.team.slug.as_str(),
            team_id: &live.texts.team,
            server: &grant.server_id,
            grant: &grant.id,
            session,
            identity: policy::Identity {
                id: &live.texts.identity,
                kind: identity.kind.as_str(),
                label: &identity.label,
                email: identity.email.as_deref(),
                labels: &identity.labels,
            },
            client: self.client(),
            category,
            risk: category.map(policy::Category::risk),
            annotations,
            approved,
        };
        let arguments = self.message.and_then(|message| message.params.arguments);
        let call = policy::Call { subject: subject.kind, name: subject.name, arguments };
        judge(grant.policy.as_deref(), &call, &context)
    }

    /// What the client calls itself: in every modern request, or at `initialize` in legacy traffic.
    pub(crate) fn client(&self) -> Option<policy::Client<'_>> {
        if let Some(session) = self.session() {
            return Some(policy::Client { name: &session.client_name, version: &session.client_version });
        }
        let client = self.message?.client()?;
        Some(policy::Client { name: &client.name, version: &client.version })
    }
}

/// What a server says of a name that it does not know.
fn unknown(id: &str, era: Era, subject: Subject<'_>) -> Vec<u8> {
    match subject.kind {
        policy::Subject::Tool => mcp::reply::unknown_tool(id, subject.name),
        policy::Subject::Prompt => mcp::reply::unknown_prompt(id, subject.name),
        policy::Subject::Resource => mcp::reply::unknown_resource(id, era, subject.name),
    }
}

fn without_nulls(mut value: serde_json::Value) -> serde_json::Value {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, field| !field.is_null());
    }
    value
}
