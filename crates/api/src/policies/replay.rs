//! `POST /v1/orgs/{org}/servers/{server}/replay`

use axum::body::Body as ResponseBody;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use garde::Validate;
use http::header::CONTENT_TYPE;
use jiff::{SignedDuration, Timestamp};
use model::{Code, EventId, Intent, Permission, Slug};
use policy::{Compiled, Effect, Policy, Replay, Replayed, Summary};
use serde::{Deserialize, Serialize};
use store::EventSpan;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use utoipa::ToSchema;

use super::compile::{Fault, blocking, items};
use crate::Problem;
use crate::extract::{Body, Embedded, OrgAccess, Path};
use crate::paths::{OrgParam, ServerParam};
use crate::recorded::{Record, Surroundings};

/// Longest span, in days.
const MOST_DAYS: u32 = 30;
/// Calls that are read and judged at once.
const PAGE: u32 = 1_000;
/// Pages that may wait for a slow reader.
const WAITING: usize = 4;
/// When to come back while other replays run, in seconds.
const BUSY_SECONDS: u64 = 10;

/// A draft, and which calls to replay.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayBody {
    /// The draft, as an object or as a string that holds its text.
    #[garde(skip)]
    #[schema(value_type = Object)]
    document: Embedded,
    /// How many days back, 1 to 30.
    #[garde(range(min = 1, max = MOST_DAYS))]
    #[schema(minimum = 1, maximum = 30)]
    days: u32,
    /// Only calls that were decided under this policy.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "main")]
    policy: Option<Slug>,
}

/// One line of the answer; each has one of these fields.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReplayLine {
    /// The first line: how many records there are.
    Total(u64),
    /// A call that would be decided otherwise, or of which that cannot be said.
    Call(Box<ReplayedCallView>),
    /// How many records have been looked at.
    Done(u64),
    /// The last line when all went well.
    Summary(SummaryView),
    /// The last line when it did not: a problem's code.
    #[schema(value_type = String)]
    Error(Code),
}

/// A call that a draft changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplayedCallView {
    /// The event.
    #[schema(value_type = String)]
    event: EventId,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The JSON-RPC method.
    method: String,
    /// The tool, prompt or resource.
    tool: Option<String>,
    /// `would_deny`, `would_allow` or `undecidable`.
    #[schema(value_type = String, example = "would_deny")]
    effect: Effect,
    /// The rule that refused it when it was made; empty when it passed.
    recorded_rule: String,
    /// Rules of the draft that refuse it, or may.
    rules: Vec<String>,
    /// What the agent would be told by the first of them.
    message: String,
    /// What would have to be known to decide it: paths, or counters.
    unknown: Vec<String>,
}

/// How many calls there were of each sort.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SummaryView {
    /// The first moment; counters begin empty here.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// The moment after the last.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// Calls that were judged.
    calls: u64,
    /// Decided as before.
    same: u64,
    /// Passed, and would be refused.
    would_deny: u64,
    /// Refused, and would pass.
    would_allow: u64,
    /// Dependent on what the record does not hold.
    undecidable: u64,
    /// Records that no policy judges.
    passed_over: u64,
}

/// Replay the recorded calls of the last days against a draft: which would be decided otherwise, and why. Limits are counted
/// as if the draft had been in force, from empty counters. What hangs on argument values that were not captured is
/// undecidable, never guessed. The answer is JSON lines, one object a line. Needs the role `policy_manager`.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/servers/{server}/replay",
    tag = "policies",
    params(OrgParam, ServerParam),
    security(("bearer" = []), ("key" = ["policies", "values"])),
    request_body(content = ReplayBody),
    responses((status = OK, description = "Lines, as they come", body = ReplayLine, content_type = "application/x-ndjson"))
)]
pub(crate) async fn replay_calls(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
    Body(body): Body<ReplayBody>,
) -> Result<Response, Problem> {
    access.require(Permission::WritePolicies)?;
    access.require(Permission::ReadValues)?;
    let document = body.document.bytes();
    let compiled = blocking(move || Policy::compile(&document)).await;
    let Compiled { policy, .. } = compiled.map_err(|problems| Fault::Document(items(problems)))?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let of = match &body.policy {
        Some(slug) => Some(tx.policy(server.id, slug).await?.id),
        None => None,
    };
    let to = access.api().now();
    let from = to.saturating_sub(SignedDuration::from_hours(24 * i64::from(body.days))).unwrap_or(to);
    let span = EventSpan { server: server.id, policy: of, from, to };
    let total = tx.count_events(&span).await?;
    let surroundings = Surroundings::of(&mut tx, Some(server.id)).await?;
    drop(tx);
    let busy = || {
        let detail = "Other replays are running; try again when they have ended.";
        Problem::new(Code::Throttled, detail).retry_after(BUSY_SECONDS)
    };
    let slot = access.api().replay_slot().ok_or_else(busy)?;
    let (lines, sent) = mpsc::channel(WAITING);
    let run = Run { access, span, surroundings, replay: Replay::new(policy), read: 0, total, _slot: slot };
    tokio::spawn(run.run(lines));
    let body = stream::unfold(sent, |mut sent| async move {
        let chunk: Bytes = sent.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(chunk), sent))
    });
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], ResponseBody::from_stream(body)).into_response())
}

/// A replay under way. It holds a page of calls, the counters, and nothing else that grows.
struct Run {
    access: OrgAccess,
    span: EventSpan,
    surroundings: Surroundings,
    replay: Replay,
    read: u64,
    total: u64,
    _slot: OwnedSemaphorePermit,
}

impl Run {
    /// Sends line after line until the end, or until nobody reads them any more.
    async fn run(mut self, lines: mpsc::Sender<Bytes>) {
        if lines.send(text(&[ReplayLine::Total(self.total)])).await.is_err() {
            return;
        }
        let mut last = None;
        loop {
            let page = match self.page(last).await {
                Ok(page) => page,
                Err(problem) => {
                    tracing::error!(?problem, "a replay was broken off");
                    let _ = lines.send(text(&[ReplayLine::Error(problem.code())])).await;
                    return;
                }
            };
            let Some(newest) = page.last().map(|intent| intent.id) else { break };
            last = Some(newest);
            let (run, found) = blocking(move || self.judge(page)).await;
            self = run;
            if lines.send(text(&found)).await.is_err() {
                return;
            }
        }
        let _ = lines.send(text(&[ReplayLine::Summary(self.summary())])).await;
    }

    async fn page(&mut self, last: Option<EventId>) -> Result<Vec<Intent>, Problem> {
        let mut tx = self.access.begin().await?;
        let page = tx.events_in_order(&self.span, last, PAGE).await?;
        self.surroundings.look_up(&mut tx, &page).await?;
        Ok(page)
    }

    /// Judges a page; gives the lines to send.
    fn judge(mut self, page: Vec<Intent>) -> (Self, Vec<ReplayLine>) {
        let mut found = Vec::new();
        for intent in page {
            self.read += 1;
            let record = Record::open(self.access.api(), self.access.org(), intent);
            let replay = &mut self.replay;
            let replayed = self.surroundings.ask(&record, |recorded| replay.call(recorded));
            if let Some(replayed) = replayed.filter(|replayed| replayed.effect != Effect::Same) {
                found.push(ReplayLine::Call(Box::new(view(record.intent, replayed))));
            }
        }
        found.push(ReplayLine::Done(self.read));
        (self, found)
    }

    fn summary(&self) -> SummaryView {
        let Summary { calls, same, would_deny, would_allow, undecidable } = self.replay.summary();
        let EventSpan { from, to, .. } = self.span;
        let passed_over = self.read - calls;
        SummaryView { from, to, calls, same, would_deny, would_allow, undecidable, passed_over }
    }
}

fn view(intent: Intent, replayed: Replayed) -> ReplayedCallView {
    ReplayedCallView {
        event: intent.id,
        at: Timestamp::from_millisecond(intent.id.time_ms()).unwrap_or_default(),
        method: intent.method,
        tool: intent.subject,
        effect: replayed.effect,
        recorded_rule: intent.rule,
        rules: replayed.rules,
        message: replayed.message,
        unknown: replayed.unknown,
    }
}

fn text(lines: &[ReplayLine]) -> Bytes {
    let mut text = Vec::new();
    for line in lines {
        // Views of strings and numbers cannot fail to serialise.
        let _ = serde_json::to_writer(&mut text, line);
        text.push(b'\n');
    }
    text.into()
}
