//! How long the log explorer's questions take over a million events, in a database that is thrown away:
//! `cargo run -p store --example log_at_scale -- [EVENTS] [ROUNDS]`. Prints the median and the 95th percentile of each, and
//! fails when one of the latter is above 200 milliseconds.
#![expect(clippy::print_stdout, reason = "a command-line tool talks on its standard output")]

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use jiff::{SignedDuration, Timestamp};
use model::{CallOutcome, Id, Level, OrgId, Taken, Verdict};
use policy::{Amount, Counter, Scope, Window};
use store::{EventFilter, Store, bucket};
use testkit::postgres::{Database, database};

/// What a question may take at the 95th percentile.
const MOST: Duration = Duration::from_millis(200);
/// The organisation that is asked of; every sixth event is another one's.
const ORG: &str = "00000000-0000-7000-8000-000000000001";
/// Over so many days.
const DAYS: i64 = 30;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<i64>());
    let events = numbers.next().transpose().context("EVENTS")?.unwrap_or(1_000_000);
    let rounds = numbers.next().transpose().context("ROUNDS")?.unwrap_or(40);
    let database = database().await?;
    let now = Timestamp::now();
    println!("making {events} events of one organisation, over {DAYS} days …");
    fill(&database, events, now).await?;
    let store = database.store().await?;
    let mut slow = Vec::new();
    println!("{:<44} {:>9} {:>9}", "question", "p50 (ms)", "p95 (ms)");
    for (name, question) in questions(now) {
        let mut times = Vec::new();
        for _ in 0..rounds {
            let begun = Instant::now();
            question.ask(&store).await?;
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
        println!("{name:<44} {:>9.1} {:>9.1}", at(50).as_secs_f64() * 1e3, at(95).as_secs_f64() * 1e3);
        if at(95) > MOST {
            slow.push(name);
        }
    }
    ensure!(slow.is_empty(), "slower than {MOST:?}: {slow:?}");
    Ok(())
}

enum Question {
    Page(EventFilter),
    Histogram(EventFilter, SignedDuration),
}

impl Question {
    async fn ask(&self, store: &Store) -> anyhow::Result<()> {
        let org = OrgId::from_uuid(ORG.parse()?);
        let mut tx = store.begin(org).await?;
        match self {
            Self::Page(filter) => {
                tx.events(filter).await?;
            }
            Self::Histogram(filter, width) => {
                tx.event_histogram(filter, *width).await?;
            }
        }
        Ok(())
    }
}

fn questions(now: Timestamp) -> Vec<(&'static str, Question)> {
    let all = EventFilter { limit: 50, ..EventFilter::default() };
    let page = |filter| Question::Page(EventFilter { limit: 50, ..filter });
    let ago = |hours| now - SignedDuration::from_hours(hours);
    let deep = Id::mint(ago(24 * (DAYS - 1)).as_millisecond(), [0; 10]);
    let noun = |number: u8| [0, 0, 0, 0, 0, 0, 0, 0, 0, number];
    let subject = |name: &str| EventFilter { subject: Some(name.to_owned()), ..all.clone() };
    let text = |text: &str| EventFilter { text: Some(text.to_owned()), ..all.clone() };
    let outcome = |outcome| EventFilter { outcome: Some(outcome), ..all.clone() };
    let over = |hours: i64, width: i64, filter: EventFilter| {
        let width = SignedDuration::from_secs(width);
        let after = Some(bucket(ago(hours), width));
        Question::Histogram(EventFilter { after, ..filter }, width)
    };
    let month = 24 * DAYS;
    vec![
        ("first page", page(all.clone())),
        ("page at the far end", page(EventFilter { cursor: Some(deep), ..all.clone() })),
        ("refused", page(EventFilter { verdict: Some(Verdict::Deny), ..all.clone() })),
        ("waiting for approval", page(outcome(CallOutcome::Parked))),
        ("broken off", page(outcome(CallOutcome::Broken))),
        ("a frequent tool", page(subject("tool_0"))),
        ("a rare tool", page(subject("tool_399"))),
        ("a tool that was never called", page(subject("no_such_tool"))),
        ("a rule", page(EventFilter { rule: Some("/tools/tool_3/require/1".to_owned()), ..all.clone() })),
        ("an identity", page(EventFilter { identity: Some(Id::mint(1, noun(7))), ..all.clone() })),
        ("a grant", page(EventFilter { grant: Some(Id::mint(2, noun(7))), ..all.clone() })),
        ("a server", page(EventFilter { server: Some(Id::mint(3, noun(7))), ..all.clone() })),
        ("a text that is frequent", page(text("tool_1"))),
        ("a text that is nowhere", page(text("no such text"))),
        ("histogram of an hour", over(1, 60, all.clone())),
        ("histogram of a day", over(24, 1_800, all.clone())),
        ("histogram of a month", over(month, 43_200, all.clone())),
        (
            "histogram of a month, one server",
            over(month, 43_200, EventFilter { server: Some(Id::mint(3, noun(7))), ..all.clone() }),
        ),
        (
            "histogram of a month, one identity",
            over(month, 43_200, EventFilter { identity: Some(Id::mint(1, noun(7))), ..all.clone() }),
        ),
        ("histogram of a month, a frequent tool", over(month, 43_200, subject("tool_0"))),
        ("histogram of a month, refused", over(month, 43_200, outcome(CallOutcome::Denied))),
        ("histogram of a month, broken off", over(month, 43_200, outcome(CallOutcome::Broken))),
        ("histogram of a month, a text", over(month, 43_200, text("tool_1"))),
    ]
}

/// What a call took of a limit.
fn taken(now: Timestamp) -> Taken {
    let counter = Counter {
        scope: Scope::Grant,
        scope_id: "00000000-0002-7000-8000-000000000007".into(),
        name: "refunds".into(),
        window: Window::Hour,
        rolling: false,
        key: None,
    };
    let level = Level { max: Amount::ONE, left: Amount::ZERO };
    Taken { counter, amount: Amount::ONE, place: now.as_millisecond(), level: Some(level) }
}

/// Events as a busy month makes them: a few identities, tools and servers are most of it, one call in 25 is refused.
async fn fill(database: &Database, events: i64, now: Timestamp) -> anyhow::Result<()> {
    for days in [0, 30] {
        let month = now - SignedDuration::from_hours(24 * days);
        database.execute(format!("select ensure_audit_month('{month}')")).await?;
    }
    // An id of kind `kind` (its first part, as in `questions`) and a number below `count`, small ones more often.
    let noun = |kind: u8, count: u8| {
        format!(
            "('00000000-000{kind}-7000-8000-0000000000' || lpad(to_hex(({count} * power(random(), 2))::int), 2, '0'))::uuid"
        )
    };
    let taken = serde_json::to_string(&[taken(now)])?;
    let (identity, grant, server) = (noun(1, 200), noun(2, 250), noun(3, 20));
    let step = format!("({DAYS} * 86400.0 / {events})");
    database
        .execute(format!(
            "insert into org (id, slug, name, created_at)
             values ('{ORG}', 'acme', 'Acme', now()), ('00000000-0000-7000-8000-000000000002', 'other', 'Other', now());
             insert into audit_event (event_time, event_id, org_id, node, boot, seq, team_id, identity_id, token_id,
                                      grant_id, server_id, method, subject, verdict, rule, message, policy_id,
                                      policy_version, arguments, unchecked, received_at, taken, client_name,
                                      client_version, category, approval_id)
             select at, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
                         || '8' || substr(md5(n::text), 4, 15))::uuid,
                    case when n % 6 = 5 then '00000000-0000-7000-8000-000000000002' else '{ORG}' end::uuid,
                    'gateway-1', 1, n, '00000000-0000-7000-8000-000000000003', {identity}, gen_random_uuid(), {grant},
                    {server}, 'tools/call', 'tool_' || (400 * power(random(), 3))::int, verdict,
                    case when verdict = 'deny' then '/tools/tool_' || n % 37 || '/require/' || n % 3 else '' end,
                    case when verdict = 'deny' then 'Refunds above ' || n % 500 || ' need a person.' else '' end,
                    '00000000-0000-7000-8000-000000000004', 1 + n % 9, array['amount', 'currency'], false, at,
                    '{taken}',
                    'claude-code', '2.1.0', 'write',
                    case when verdict = 'deny' and n % 100 = 0 then gen_random_uuid() end
             from (
               select n, date_trunc('milliseconds', '{now}'::timestamptz - n * 5 / 6.0 * {step} * interval '1 second') as at,
                      case when random() < 0.04 then 'deny' else 'allow' end as verdict
               from generate_series(1, {events} * 6 / 5) as n
             ) as made
             on conflict do nothing;
             insert into audit_outcome (event_time, event_id, org_id, status, latency_us, ending, received_at)
             select event_time, event_id, org_id, 200, 1000,
                    case when random() < 0.995 then 'answered' when random() < 0.5 then 'broken' else 'not_sent' end,
                    event_time
             from audit_event
             where verdict = 'allow';
             insert into event_tally (org_id, place_id, hour, outcome, events)
             select org_id, place, date_trunc('hour', event_time, 'UTC'),
                    case when verdict = 'allow' then 'allowed' when approval_id is null then 'denied' else 'parked' end,
                    count(*)
             from audit_event
             cross join lateral (values (org_id), (team_id), (server_id)) as of (place)
             group by 1, 2, 3, 4"
        ))
        .await?;
    for table in ["audit_event", "audit_outcome", "event_tally"] {
        database.execute(format!("vacuum analyze {table}")).await?;
    }
    Ok(())
}
