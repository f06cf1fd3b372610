//! Restoring counters: epochs handed out once, to one gateway, with everything that all gateways took.

use jiff::{SignedDuration, Timestamp};
use model::{Event, LostEpoch, NodeDuties, NodeReport, OrgEpoch, OrgId, Taken, Verdict};
use policy::{Counter, Scope, Window};
use store::{Conflict, Error};
use uuid::Uuid;

use crate::events::intent;
use crate::world::{Equipped, Tenant, World, now};

const PATIENCE: SignedDuration = SignedDuration::from_secs(15);

/// A gateway, as the control plane sees it.
#[derive(Clone)]
pub(crate) struct Gateway {
    report: NodeReport,
}

impl Gateway {
    pub(crate) fn new(number: u128) -> Self {
        let report = NodeReport {
            spool: Uuid::from_u128(number),
            node: format!("gateway-{number}"),
            boot: 1,
            closing: false,
            settled: false,
            lost: Vec::new(),
            passed: Vec::new(),
            opened: Vec::new(),
        };
        Self { report }
    }

    async fn says(&self, world: &World, at: Timestamp, say: impl FnOnce(&mut NodeReport)) -> NodeDuties {
        let mut report = self.report.clone();
        say(&mut report);
        world.store.take_report(&report, PATIENCE, at).await.unwrap()
    }

    async fn beats(&self, world: &World) -> NodeDuties {
        self.says(world, now(), |_| {}).await
    }

    /// Says that its counters are gone; `epoch` is the newest that it knew.
    pub(crate) async fn lose(&self, world: &World, org: OrgId, epoch: u64) -> NodeDuties {
        self.lose_at(world, org, epoch, now()).await
    }

    async fn lose_at(&self, world: &World, org: OrgId, epoch: u64, at: Timestamp) -> NodeDuties {
        self.says(world, at, |report| report.lost = vec![LostEpoch { org, epoch, held: 0 }]).await
    }

    async fn pass(&self, world: &World, org: OrgId, epoch: u64) -> NodeDuties {
        self.says(world, now(), |report| report.passed = vec![OrgEpoch { org, epoch }]).await
    }

    async fn open(&self, world: &World, org: OrgId, epoch: u64) -> NodeDuties {
        self.says(world, now(), |report| report.opened = vec![OrgEpoch { org, epoch }]).await
    }

    /// Loses, passes, is handed and opens the next epoch, alone.
    async fn recover(&self, world: &World, org: OrgId, epoch: u64) {
        self.lose(world, org, epoch).await;
        self.pass(world, org, epoch + 1).await;
        assert_eq!(self.lose(world, org, epoch).await.handouts.len(), 1);
        self.open(world, org, epoch + 1).await;
    }
}

fn counter(name: &str, window: Window, rolling: bool) -> Counter {
    let (scope_id, name) = ("org_1".into(), name.into());
    Counter { scope: Scope::Org, scope_id, name, window, rolling, key: None }
}

/// A window that outlives every test, whatever the system's clock says.
const EVER: Window = Window::Seconds(u32::MAX);

/// An event of a permitted call that took `amount` from the counter `spent`.
pub(crate) fn counted(tenant: &Tenant, equipped: &Equipped, n: u64, amount: &str) -> Event {
    let place = EVER.bounds(now().as_millisecond()).0;
    took(tenant, equipped, n, Verdict::Allow, (counter("spent", EVER, false), place, amount))
}

fn took(
    tenant: &Tenant,
    equipped: &Equipped,
    n: u64,
    verdict: Verdict,
    (counter, place, amount): (Counter, i64, &str),
) -> Event {
    let Event::Intent(mut event) = intent(tenant, equipped, n) else { panic!("an intent") };
    event.verdict = verdict;
    event.taken = vec![Taken { counter, amount: amount.parse().unwrap(), place, level: None }];
    Event::Intent(event)
}

fn epoch(org: OrgId, epoch: u64) -> OrgEpoch {
    OrgEpoch { org, epoch }
}

#[tokio::test]
async fn an_organisation_s_first_epoch_is_handed_out_empty_and_whole() {
    let world = World::new().await;
    let org = world.tenant("acme").await.org;
    let gateway = Gateway::new(1);
    let first = gateway.lose(&world, org, 0).await;
    assert_eq!((first.move_on, first.handouts.len()), (vec![epoch(org, 1)], 0));
    assert!(gateway.pass(&world, org, 1).await.move_on.is_empty());
    let handed = gateway.lose(&world, org, 0).await;
    assert_eq!(handed.handouts.len(), 1);
    assert!(handed.handouts[0].complete && handed.handouts[0].seeds.is_empty());
    assert_eq!(handed.handouts[0].epoch, 1);
    // Once only: whoever asks again while it is being installed waits.
    assert_eq!(gateway.lose(&world, org, 0).await, NodeDuties::default());
    gateway.open(&world, org, 1).await;
    assert_eq!(gateway.lose(&world, org, 0).await.open, [epoch(org, 1)]);
    let changes = world.store.changes_after(0, 100).await.unwrap();
    assert_eq!(changes.iter().filter_map(|change| change.epoch).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn an_epoch_is_handed_out_when_every_gateway_has_moved_on_or_ended() {
    let world = World::new().await;
    let org = world.tenant("acme").await.org;
    let [one, two, three] = [1, 2, 3].map(Gateway::new);
    one.recover(&world, org, 0).await;
    two.beats(&world).await;
    three.beats(&world).await;
    one.lose(&world, org, 1).await;
    one.pass(&world, org, 2).await;
    assert!(one.lose(&world, org, 1).await.handouts.is_empty());
    assert_eq!(two.beats(&world).await.move_on, [epoch(org, 2)]);
    // Moving on to an epoch that is over does not count.
    two.pass(&world, org, 1).await;
    assert!(one.lose(&world, org, 1).await.handouts.is_empty());
    two.pass(&world, org, 2).await;
    assert!(one.lose(&world, org, 1).await.handouts.is_empty());
    three.says(&world, now(), |report| report.closing = true).await;
    let handed = one.lose(&world, org, 1).await.handouts;
    assert!(handed[0].complete && handed[0].epoch == 2);
}

#[tokio::test]
async fn seeds_are_what_recorded_calls_took_where_it_still_counts_each_event_once() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let ms = now().as_millisecond();
    let part = |window: Window| ms / (window.length_ms() / 60);
    let ever = EVER.bounds(ms).0;
    let month = (counter("m", Window::Month, false), Window::Month.bounds(ms).0, "0.000000001");
    let rolling = (counter("r", Window::Hour, true), part(Window::Hour) - 30, "7");
    let batch = [
        counted(&tenant, &equipped, 1, "1.5"),
        counted(&tenant, &equipped, 2, "2.5"),
        took(&tenant, &equipped, 3, Verdict::Deny, (counter("spent", EVER, false), ever, "100")),
        took(&tenant, &equipped, 4, Verdict::Allow, month),
        took(&tenant, &equipped, 5, Verdict::Allow, rolling),
        // Over for longer than clocks may differ.
        took(
            &tenant,
            &equipped,
            6,
            Verdict::Allow,
            (counter("old", Window::Minute, false), ms - 7_200_000, "9"),
        ),
        took(
            &tenant,
            &equipped,
            7,
            Verdict::Allow,
            (counter("gone", Window::Hour, true), part(Window::Hour) - 190, "9"),
        ),
    ];
    let (one, two) = tokio::join!(
        world.store.insert_events(&batch, now()),
        world.store.insert_events(&batch[1..], now()),
    );
    one.and(two).unwrap();
    world.store.insert_events(&batch, now()).await.unwrap();
    let gateway = Gateway::new(1);
    gateway.lose(&world, tenant.org, 0).await;
    gateway.pass(&world, tenant.org, 1).await;
    let seeds = gateway.lose(&world, tenant.org, 0).await.handouts.remove(0).seeds;
    let mut found: Vec<_> = seeds
        .iter()
        .map(|seed| (seed.counter.name.to_string(), seed.amount.to_string(), seed.place))
        .collect();
    found.sort();
    let expected = [
        ("m".to_owned(), "0.000000001".to_owned(), Window::Month.bounds(ms).0),
        ("r".to_owned(), "7".to_owned(), part(Window::Hour) - 30),
        ("spent".to_owned(), "4".to_owned(), ever),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn sums_that_count_no_more_are_dropped_and_others_stay() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let then = Timestamp::now() - SignedDuration::from_hours(5);
    let place = |window: Window| window.bounds(then.as_millisecond()).0;
    let weeks = Window::Seconds(40 * 86_400);
    let batch = [
        took(
            &tenant,
            &equipped,
            1,
            Verdict::Allow,
            (counter("a", Window::Minute, false), place(Window::Minute), "1"),
        ),
        took(&tenant, &equipped, 2, Verdict::Allow, (counter("b", weeks, true), place(weeks), "1")),
    ];
    world.store.insert_events(&batch, then).await.unwrap();
    assert_eq!(world.store.forget_taken().await.unwrap(), 1);
    assert_eq!(world.store.forget_taken().await.unwrap(), 0);
}

#[tokio::test]
async fn a_gateway_that_stays_silent_is_waited_for_and_then_left_out_until_it_is_back() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let org = tenant.org;
    let (here, away) = (Gateway::new(1), Gateway::new(2));
    here.recover(&world, org, 0).await;
    away.beats(&world).await;
    here.lose(&world, org, 1).await;
    here.pass(&world, org, 2).await;
    let early = now() + PATIENCE - SignedDuration::from_millis(1);
    assert!(here.lose_at(&world, org, 1, early).await.handouts.is_empty());
    let handed = here.lose_at(&world, org, 1, now() + PATIENCE).await.handouts.remove(0);
    assert!(!handed.complete && handed.seeds.is_empty());
    here.open(&world, org, 2).await;
    // It is back, but has not handed over what it held: nothing is gained yet.
    away.beats(&world).await;
    assert_eq!(here.lose(&world, org, 1).await.open, [epoch(org, 2)]);
    world.store.insert_events(&[counted(&tenant, &equipped, 2, "3")], now()).await.unwrap();
    let settled = away.says(&world, now(), |report| report.settled = true).await;
    assert_eq!(settled.move_on, [epoch(org, 3)]);
    away.pass(&world, org, 3).await;
    here.pass(&world, org, 3).await;
    let handed = here.lose(&world, org, 2).await.handouts.remove(0);
    assert!(handed.complete && handed.epoch == 3 && handed.seeds.len() == 1);
}

#[tokio::test]
async fn one_that_dies_with_an_epoch_in_its_hands_does_not_stop_the_others() {
    let world = World::new().await;
    let org = world.tenant("acme").await.org;
    let (one, two) = (Gateway::new(1), Gateway::new(2));
    for gateway in [&one, &two] {
        gateway.lose(&world, org, 0).await;
        gateway.pass(&world, org, 1).await;
    }
    assert_eq!(one.lose(&world, org, 0).await.handouts.len(), 1);
    let soon = now() + SignedDuration::from_secs(9);
    assert_eq!(two.lose_at(&world, org, 0, soon).await, NodeDuties::default());
    let later = now() + SignedDuration::from_secs(11);
    assert_eq!(two.lose_at(&world, org, 0, later).await.move_on, [epoch(org, 2)]);
    // The first one's word comes too late to count.
    one.open(&world, org, 1).await;
    assert_eq!(one.lose(&world, org, 0).await.open, []);
}

#[tokio::test]
async fn counters_newer_than_a_database_from_a_backup_are_overtaken_and_its_sums_are_not_believed() {
    let world = World::new().await;
    let org = world.tenant("acme").await.org;
    let gateway = Gateway::new(1);
    gateway.recover(&world, org, 0).await;
    let lost = LostEpoch { org, epoch: 1, held: 8 };
    let duties = gateway.says(&world, now(), |report| report.lost = vec![lost]).await;
    assert_eq!(duties.move_on, [epoch(org, 9)]);
    gateway.pass(&world, org, 9).await;
    let handed = gateway.lose(&world, org, 8).await.handouts.remove(0);
    assert!(!handed.complete && handed.seeds.is_empty());
    gateway.open(&world, org, 9).await;
    // Until the longest window is over.
    let later = now() + SignedDuration::from_hours(24 * 33);
    for (at, complete, epoch) in [(now(), false, 10), (later, true, 11)] {
        gateway.lose_at(&world, org, epoch - 1, at).await;
        gateway.pass(&world, org, epoch).await;
        let handed = gateway.lose_at(&world, org, epoch - 1, at).await.handouts.remove(0);
        assert_eq!(handed.complete, complete);
        gateway.open(&world, org, epoch).await;
    }
}

#[tokio::test]
async fn an_earlier_start_of_a_gateway_has_no_say_and_a_forgotten_one_is_not_waited_for() {
    let world = World::new().await;
    let org = world.tenant("acme").await.org;
    let gateway = Gateway::new(1);
    let mut second = gateway.clone();
    second.report.boot = 2;
    second.beats(&world).await;
    let refused = world.store.take_report(&gateway.report, PATIENCE, now()).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::Gateway))), "{refused:?}");
    let months_ago = now() - SignedDuration::from_hours(24 * 40);
    Gateway::new(3).says(&world, months_ago, |_| {}).await;
    second.recover(&world, org, 0).await;
}
