//! The audit log: taken in once however often it is sent, kept apart by organisation, read newest first.

use jiff::SignedDuration;
use model::{
    CallOutcome, ClientName, Event, EventId, Id, Intent, Level, Outcome, OutcomeEnd, SealedArguments, Taken,
    Verdict,
};
use policy::{Category, Counter, Scope, Window};
use sqlx::{Connection, PgConnection};
use store::EventFilter;

use crate::world::{Equipped, Tenant, World, now};

/// The event that a gateway would write for call number `n`, a second after the one before.
pub(crate) fn intent(tenant: &Tenant, equipped: &Equipped, n: u64) -> Event {
    let time_ms = now().as_millisecond() + i64::try_from(n).unwrap() * 1000;
    intent_at(tenant, equipped, n, time_ms)
}

fn intent_at(tenant: &Tenant, equipped: &Equipped, n: u64, time_ms: i64) -> Event {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&n.to_be_bytes());
    random[8] = tenant.org.uuid().as_bytes()[15];
    Event::Intent(Box::new(Intent {
        id: Id::mint(time_ms, random),
        node: "gateway-1".to_owned(),
        boot: u64::MAX,
        seq: n,
        org: tenant.org,
        team: tenant.team,
        identity: equipped.identity.id,
        token: equipped.token,
        grant: Some(equipped.grant.id),
        server: Some(equipped.server.id),
        method: "tools/call".to_owned(),
        subject: Some(format!("tool{}", n % 3)),
        verdict: if n.is_multiple_of(2) { Verdict::Allow } else { Verdict::Deny },
        rule: if n.is_multiple_of(2) { String::new() } else { "(default deny)".to_owned() },
        message: String::new(),
        policy: Some(equipped.policy),
        policy_version: Some(1),
        arguments: vec!["amount".to_owned(), "symbol".to_owned()],
        unchecked: false,
        taken: vec![taken(n)],
        approval: n.is_multiple_of(2).then(|| Id::mint(1, [4; 10])),
        session: Some("0af7651916cd43dd8448eb211c80319c".to_owned()),
        client: Some(ClientName { name: "a\"gent".to_owned(), version: "1.0".to_owned() }),
        category: Some(Category::Financial),
        values: Some(SealedArguments("c2VhbGVk".to_owned())),
    }))
}

fn taken(n: u64) -> Taken {
    let counter = Counter {
        scope: Scope::Session,
        scope_id: "identity_1 session".into(),
        name: "spent".into(),
        window: if n.is_multiple_of(2) { Window::Month } else { Window::Seconds(90) },
        rolling: n.is_multiple_of(3),
        key: n.is_multiple_of(5).then(|| "ab12".into()),
    };
    let level = Level { max: "100".parse().unwrap(), left: "75.5".parse().unwrap() };
    Taken { counter, amount: "12.000000001".parse().unwrap(), place: 1_767_225_600_000, level: Some(level) }
}

pub(crate) fn outcome(intent: &Event) -> Event {
    let Event::Intent(intent) = intent else { panic!("an intent") };
    Event::Outcome(Outcome {
        id: intent.id,
        org: intent.org,
        status: Some(200),
        latency_us: 1500,
        end: OutcomeEnd::Answered,
    })
}

fn id_of(event: &Event) -> EventId {
    match event {
        Event::Intent(intent) => intent.id,
        Event::Outcome(outcome) => outcome.id,
    }
}

async fn read(world: &World, tenant: &Tenant, filter: EventFilter) -> Vec<store::RecordedEvent> {
    world.begin(tenant).await.events(&filter).await.unwrap().events
}

fn all() -> EventFilter {
    EventFilter { limit: 1000, ..EventFilter::default() }
}

#[tokio::test]
async fn a_batch_sent_again_and_again_even_at_once_is_kept_once() {
    let world = World::new().await;
    let mut batch = Vec::new();
    let mut tenants = Vec::new();
    for name in ["acme", "umbrella"] {
        let tenant = world.tenant(name).await;
        let equipped = world.equip(&tenant).await;
        for n in 1..=50 {
            let intent = intent(&tenant, &equipped, n);
            batch.push(outcome(&intent));
            batch.push(intent);
        }
        tenants.push(tenant);
    }
    let backwards: Vec<Event> = batch.iter().rev().cloned().collect();
    let (one, two, three) = tokio::join!(
        world.store.insert_events(&batch, now()),
        world.store.insert_events(&backwards, now()),
        world.store.insert_events(&batch[..70], now()),
    );
    one.and(two).and(three).unwrap();
    world.store.insert_events(&batch, now()).await.unwrap();
    for tenant in &tenants {
        let read = read(&world, tenant, all()).await;
        assert_eq!(read.len(), 50);
        assert!(read.iter().all(|event| event.outcome.is_some() && event.intent.org == tenant.org));
    }
}

#[tokio::test]
async fn an_event_comes_back_as_it_was_sent() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let sent = intent(&tenant, &equipped, 2);
    let end = outcome(&sent);
    world.store.insert_events(&[end.clone(), sent.clone()], now()).await.unwrap();
    let read = read(&world, &tenant, all()).await.remove(0);
    assert_eq!(Event::Intent(Box::new(read.intent)), sent);
    assert_eq!(Event::Outcome(read.outcome.unwrap()), end);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    // Several in the same millisecond, so that time alone cannot order them.
    let time = now().as_millisecond();
    let batch: Vec<Event> =
        (0..25).map(|n| intent_at(&tenant, &equipped, n, time + i64::from(n > 12))).collect();
    world.store.insert_events(&batch, now()).await.unwrap();
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = read(&world, &tenant, EventFilter { cursor, limit: 4, ..EventFilter::default() }).await;
        let Some(last) = page.last() else { break };
        cursor = Some(last.intent.id);
        seen.extend(page.iter().map(|event| event.intent.id));
    }
    let mut expected: Vec<EventId> = batch.iter().map(id_of).collect();
    expected.sort_unstable();
    expected.reverse();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn filters_narrow_the_log() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let batch: Vec<Event> = (1..=30).map(|n| intent(&tenant, &equipped, n)).collect();
    world.store.insert_events(&batch, now()).await.unwrap();
    let second = SignedDuration::from_secs(1);
    for (filter, count) in [
        (EventFilter { verdict: Some(Verdict::Deny), ..all() }, 15),
        (EventFilter { subject: Some("tool1".to_owned()), ..all() }, 10),
        (EventFilter { subject: Some("tool1".to_owned()), verdict: Some(Verdict::Allow), ..all() }, 5),
        (EventFilter { rule: Some("(default deny)".to_owned()), ..all() }, 15),
        (EventFilter { grant: Some(equipped.grant.id), ..all() }, 30),
        (EventFilter { grant: Some(crate::world::fresh()), ..all() }, 0),
        (EventFilter { outcome: Some(CallOutcome::Denied), ..all() }, 15),
        (EventFilter { outcome: Some(CallOutcome::Parked), ..all() }, 0),
        (EventFilter { approval: Some(Id::mint(1, [4; 10])), ..all() }, 15),
        (EventFilter { text: Some("ALICE".to_owned()), ..all() }, 30),
        (EventFilter { text: Some("tool1".to_owned()), ..all() }, 10),
        (EventFilter { text: Some("a\"gent".to_owned()), verdict: Some(Verdict::Deny), ..all() }, 15),
        (EventFilter { text: Some("%".to_owned()), ..all() }, 0),
        (EventFilter { identity: Some(equipped.identity.id), ..all() }, 30),
        (EventFilter { identity: Some(crate::world::fresh()), ..all() }, 0),
        (EventFilter { server: Some(equipped.server.id), ..all() }, 30),
        (EventFilter { after: Some(now() + second * 10), ..all() }, 21),
        (EventFilter { after: Some(now() + second * 10), before: Some(now() + second * 20), ..all() }, 10),
    ] {
        assert_eq!(read(&world, &tenant, filter.clone()).await.len(), count, "{filter:?}");
    }
}

#[tokio::test]
async fn a_tool_name_that_the_database_cannot_hold_does_not_stop_the_log() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let Event::Intent(mut odd) = intent(&tenant, &equipped, 1) else { panic!("an intent") };
    odd.subject = Some("delete\0all".to_owned());
    odd.arguments = vec!["a\0b".to_owned()];
    world.store.insert_events(&[Event::Intent(odd)], now()).await.unwrap();
    let read = read(&world, &tenant, all()).await;
    assert_eq!(read[0].intent.subject.as_deref(), Some("delete\u{fffd}all"));
    assert_eq!(read[0].intent.arguments, ["a\u{fffd}b"]);
}

#[tokio::test]
async fn events_of_any_time_are_kept_and_of_likely_times_in_the_months_own_partition() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let wild = (1_i64 << 48) - 1;
    let today = jiff::Timestamp::now().as_millisecond();
    let batch = [
        intent_at(&tenant, &equipped, 1, 0),
        intent_at(&tenant, &equipped, 2, today),
        intent_at(&tenant, &equipped, 3, wild),
    ];
    for _ in 0..2 {
        world.store.insert_events(&batch, now()).await.unwrap();
    }
    assert_eq!(read(&world, &tenant, all()).await.len(), 3);
    let mut owner = PgConnection::connect(world.database.url()).await.unwrap();
    let by_default: i64 =
        sqlx::query_scalar("select count(*) from audit_event_default").fetch_one(&mut owner).await.unwrap();
    assert_eq!(by_default, 2);
}

#[tokio::test]
async fn using_a_token_is_noted_about_once_a_minute() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let mut noted = Vec::new();
    for n in [1, 30, 61, 70, 10, 122] {
        world.store.insert_events(&[intent(&tenant, &equipped, n)], now()).await.unwrap();
        let tokens = world.begin(&tenant).await.tokens(equipped.identity.id).await.unwrap();
        noted.push(tokens[0].last_used_at.unwrap().duration_since(now()).as_secs());
    }
    assert_eq!(noted, [1, 1, 1, 70, 70, 70]);
}

#[tokio::test]
async fn partitions_for_now_and_next_month_are_made_once() {
    let world = World::new().await;
    let today = jiff::Timestamp::now();
    let (one, two) = tokio::join!(world.store.ensure_partitions(today), world.store.ensure_partitions(today));
    one.and(two).unwrap();
    let mut owner = PgConnection::connect(world.database.url()).await.unwrap();
    let children: i64 =
        sqlx::query_scalar("select count(*) from pg_inherits where inhparent = 'audit_event'::regclass")
            .fetch_one(&mut owner)
            .await
            .unwrap();
    assert_eq!(children, 3, "two months and the default");
}

#[tokio::test]
async fn the_tally_says_what_counting_one_by_one_says() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    // Every seven minutes, over two days.
    let batch: Vec<Event> = (0..400)
        .map(|n| {
            intent_at(&tenant, &equipped, n, now().as_millisecond() + i64::try_from(n).unwrap() * 420_000)
        })
        .collect();
    // In parts that overlap, at once: what is kept once is counted once.
    let (one, two) = tokio::join!(
        world.store.insert_events(&batch[..300], now()),
        world.store.insert_events(&batch[100..], now()),
    );
    one.and(two).unwrap();
    let hours = SignedDuration::from_hours;
    for width in [hours(1), hours(12), hours(24)] {
        let span = EventFilter {
            after: Some(store::bucket(now(), width)),
            before: Some(store::bucket(now() + hours(72), width)),
            ..all()
        };
        for filter in [
            span.clone(),
            EventFilter { server: Some(equipped.server.id), ..span.clone() },
            EventFilter { teams: Some(vec![tenant.team]), ..span.clone() },
            EventFilter { teams: Some(vec![crate::world::fresh()]), ..span.clone() },
            EventFilter { verdict: Some(Verdict::Deny), ..span.clone() },
            EventFilter { outcome: Some(CallOutcome::Allowed), ..span.clone() },
        ] {
            let mut tx = world.begin(&tenant).await;
            let tallied = tx.event_histogram(&filter, width).await.unwrap();
            // The identity that all of them are of is not tallied.
            let single = EventFilter { identity: Some(equipped.identity.id), ..filter.clone() };
            let counted = tx.event_histogram(&single, width).await.unwrap();
            assert_eq!(tallied, counted, "{filter:?}");
        }
    }
}

#[tokio::test]
async fn a_search_for_a_text_looks_at_so_many_events_and_says_how_far_it_got() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let needle = intent_at(&tenant, &equipped, 1, now().as_millisecond() - 1_000);
    world.store.insert_events(&[needle], now()).await.unwrap();
    // As many as are looked at, all newer, and none of them what is searched for.
    world
        .database
        .execute(format!(
            "insert into audit_event (event_time, event_id, org_id, node, boot, seq, team_id, identity_id, token_id,
                                      method, subject, verdict, rule, message, arguments, unchecked, received_at)
             select now() + n * interval '1 millisecond',
                    (lpad(to_hex((extract(epoch from now() + n * interval '1 millisecond') * 1000)::bigint), 12, '0')
                     || '70008000000000000000')::uuid,
                    '{}', 'n', 1, n, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'tools/call', 'hay',
                    'allow', '', '', '{{}}', false, now()
             from generate_series(1, {}) as n",
            tenant.org.uuid(),
            store::SEARCHED
        ))
        .await
        .unwrap();
    let mut filter = EventFilter { text: Some("tool1".to_owned()), ..all() };
    let mut tx = world.begin(&tenant).await;
    let first = tx.events(&filter).await.unwrap();
    assert_eq!(first.events, []);
    let histogram = tx.event_histogram(&filter, SignedDuration::from_hours(1)).await.unwrap();
    assert_eq!((histogram.buckets, histogram.searched_to), (vec![], first.next));
    filter.cursor = first.next;
    let second = tx.events(&filter).await.unwrap();
    assert_eq!((second.events.len(), second.next), (1, None));
}
