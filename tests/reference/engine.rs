//! The product's engine and counters, asked the way a gateway asks them.

use std::pin::pin;
use std::task::{Context as Task, Poll, Waker};

use counters::{Counters, Opening, Refusal, Standing};
use policy::{Call, Category, Client, Context, Decision, Identity, Policy, Subject, Window as Span, decide};

use super::json::Json;
use super::judge::{Verdict, unlisted};
use super::limit::Priced;
use super::situation::{Kind, Situation};
use super::time::Window;

/// What the engine and the counters made of a call.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) rule: String,
    pub(crate) message: String,
    pub(crate) retry: Option<u64>,
    pub(crate) charges: Vec<policy::Charge>,
}

pub(crate) fn answer(policy: &Policy, call: &Situation, counters: &Counters) -> Answer {
    let context = context(call);
    let policy = call.has_policy.then_some(policy);
    let denial = match decide(policy, &judged(call), &context) {
        Decision::Deny(denial) => denial,
        Decision::Permit(permit) => match reserve(counters, call, permit.charges()) {
            Ok(()) => {
                let charges = permit.charges().to_vec();
                return Answer { rule: String::new(), message: String::new(), retry: None, charges };
            }
            Err(Refusal::Over { index, used, retry_after_ms }) => permit.over(index, used, retry_after_ms),
            Err(Refusal::Unavailable { index, .. }) => permit.counters_unavailable(index),
            Err(Refusal::Closed { index, retry_after_ms }) => permit.closed(index, retry_after_ms),
            Err(Refusal::Lost { .. } | Refusal::Fenced { .. }) => permit.counters_unavailable(0),
        },
    };
    let (rule, message, retry) = (denial.rule, denial.message, denial.retry_after_ms);
    Answer { rule, message, retry, charges: Vec::new() }
}

/// Counters in memory answer at once.
fn reserve(counters: &Counters, call: &Situation, charges: &[policy::Charge]) -> Result<(), Refusal> {
    let at = Standing { org: call.org, epoch: 1, identity: call.identity, version: 1 };
    let opening = Opening { epoch: at.epoch, complete: true, seeds: Vec::new() };
    let waiting = pin!(async {
        // Changes nothing after the organisation's first call; if it did not open, the answer is a refusal.
        let _ = counters.open(call.org, &opening, call.time).await;
        counters.reserve(&at, charges, call.time).await
    });
    match waiting.poll(&mut Task::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.map(|_| ()),
        Poll::Pending => Err(Refusal::Unavailable { index: 0, reason: "not at once".to_owned() }),
    }
}

pub(crate) fn judged(call: &Situation) -> Call<'_> {
    let subject = match call.kind {
        Kind::Tool => Subject::Tool,
        Kind::Prompt => Subject::Prompt,
        Kind::Resource => Subject::Resource,
    };
    Call { subject, name: &call.name, arguments: call.arguments.as_deref() }
}

pub(crate) fn context(call: &Situation) -> Context<'_> {
    Context {
        time_ms: call.time,
        enabled: call.enabled,
        definition_changed: call.definition_changed,
        org: call.org,
        team: call.team,
        team_id: call.team_id,
        server: call.server,
        grant: call.grant,
        session: call.session,
        identity: Identity {
            id: call.identity,
            kind: call.identity_kind,
            label: call.label,
            email: call.email,
            labels: &call.labels,
        },
        client: call.client.map(|(name, version)| Client { name, version }),
        category: category(call),
        risk: call.risk,
        annotations: call.annotations,
        approved: false,
    }
}

fn category(call: &Situation) -> Option<Category> {
    Some(match call.category? {
        "read" => Category::Read,
        "write" => Category::Write,
        "execute" => Category::Execute,
        "destructive" => Category::Destructive,
        "financial" => Category::Financial,
        _ => Category::Other,
    })
}

/// What the two disagree on, in words; `None` when they agree.
pub(crate) fn disagreement(
    expected: &Verdict,
    found: &Answer,
    policy: &Policy,
    document: &Json,
    call: &Situation,
) -> Option<String> {
    if expected.rule != found.rule {
        return Some(format!("rule: reference {:?}, engine {:?}", expected.rule, found.rule));
    }
    if expected.message.as_ref().is_some_and(|message| *message != found.message) {
        return Some(format!("message: reference {:?}, engine {:?}", expected.message, found.message));
    }
    if let Some(wait) = expected.retry
        && found.retry != u64::try_from(wait).ok()
    {
        return Some(format!("retry: reference {wait}, engine {:?}", found.retry));
    }
    let same = expected.charges.len() == found.charges.len()
        && expected.charges.iter().zip(&found.charges).all(|(expected, found)| equal(expected, found));
    if !same {
        return Some(format!("charges: reference {:?}, engine {:?}", expected.charges, found.charges));
    }
    // Which definitions were accepted is known where lists are made, not to the policy.
    let held_back = call.definition_changed && call.kind == Kind::Tool;
    let listed = !held_back && policy.lists(judged(call).subject, &call.name, category(call));
    (listed == unlisted(document, call).is_some()).then(|| format!("listed: engine {listed}"))
}

fn equal(expected: &Priced, found: &policy::Charge) -> bool {
    let (counter, other) = (&expected.counter, &found.counter);
    let nanos = |amount: policy::Amount| {
        let (whole, nanos) = amount.parts();
        u128::from(whole) * 1_000_000_000 + u128::from(nanos)
    };
    let window = match other.window {
        Span::Second => Window::Seconds(1),
        Span::Minute => Window::Seconds(60),
        Span::Hour => Window::Seconds(3600),
        Span::Day => Window::Seconds(86_400),
        Span::Week => Window::Week,
        Span::Month => Window::Month,
        Span::Seconds(seconds) => Window::Seconds(i64::from(seconds)),
    };
    counter.scope == other.scope.as_str()
        && counter.id == *other.scope_id
        && counter.name == *other.name
        && counter.window == window
        && counter.rolling == other.rolling
        && counter.key.is_some() == other.key.is_some()
        && expected.amount == nanos(found.amount)
        && expected.max == nanos(found.max)
}
