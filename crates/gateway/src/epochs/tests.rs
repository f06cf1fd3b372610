//! Moving from one epoch to the next, with a control plane made of a list of answers.

use std::collections::VecDeque;

use counters::{Counters, Memory};
use model::{Event, EventId, Handout, Outcome, OutcomeEnd};

use super::*;
use crate::spool::{self, EventSink, SinkError, Spool, SpoolSettings};

fn org() -> OrgId {
    OrgId::mint(1, [1; 10])
}

fn to(epoch: u64) -> OrgEpoch {
    OrgEpoch { org: org(), epoch }
}

#[tokio::test]
async fn an_epoch_is_over_when_the_last_call_in_it_has_written_down_what_it_took() {
    let epoch = Arc::new(Epoch::default());
    epoch.turn_to(Era { epoch: 3, open: true }).await;
    let (first, second) = (epoch.enter(), epoch.enter());
    let turning = tokio::spawn({
        let epoch = epoch.clone();
        async move { epoch.turn_to(Era { epoch: 4, open: false }).await }
    });
    while epoch.enter().epoch() < 4 {
        tokio::task::yield_now().await;
    }
    assert_eq!(first.epoch(), 3);
    drop(first);
    tokio::time::sleep(LOOK * 10).await;
    assert!(!turning.is_finished());
    drop(second);
    turning.await.unwrap();
}

#[tokio::test]
async fn an_epoch_never_goes_back() {
    let epoch = Epoch::default();
    for (next, now) in [((5, false), 5), ((4, true), 5), ((5, true), 5), ((5, false), 5), ((6, true), 6)] {
        epoch.turn_to(Era { epoch: next.0, open: next.1 }).await;
        assert_eq!(epoch.enter().epoch(), now);
    }
    assert!(epoch.enter().era().open);
}

#[tokio::test]
async fn calls_wait_for_their_counters_but_not_for_ever() {
    let epochs = Arc::new(Epochs::default());
    let epoch = epochs.of(org());
    let waiting = tokio::spawn({
        let (epochs, epoch) = (epochs.clone(), epoch.clone());
        async move { epochs.restored(org(), &epoch, epoch.enter(), 0).await }
    });
    while epochs.missed().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(epochs.missed(), [LostEpoch { org: org(), epoch: 0, held: 0 }]);
    epochs.open(to(1)).await;
    assert!(waiting.await.unwrap());
    assert_eq!(epochs.missed(), []);
    // Gone again: now it is known what is.
    assert!(!epochs.restored(org(), &epoch, epoch.enter(), 7).await);
    assert_eq!(epochs.missed(), [LostEpoch { org: org(), epoch: 1, held: 7 }]);
    // The epoch that is gone does not count as back, the next one does.
    epochs.open(to(1)).await;
    assert_eq!(epochs.missed().len(), 1);
    epochs.open(to(2)).await;
    assert_eq!(epochs.missed(), []);
}

/// Answers reports from a list, and keeps them.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<NodeDuties>>,
    reports: Mutex<Vec<NodeReport>>,
    heard: Notify,
}

impl ControlPlane for Script {
    fn report(&self, report: NodeReport) -> BoxFuture<'_, Result<NodeDuties, SourceError>> {
        self.reports.lock().push(report);
        self.heard.notify_one();
        Box::pin(async { Ok(self.answers.lock().pop_front().unwrap_or_default()) })
    }
}

impl Script {
    /// The first report that is as asked for.
    async fn report(&self, wanted: impl Fn(&NodeReport) -> bool) -> NodeReport {
        loop {
            if let Some(report) = self.reports.lock().iter().find(|report| wanted(report)) {
                return report.clone();
            }
            self.heard.notified().await;
        }
    }
}

fn attendant(spool: &Arc<Spool>, script: &Arc<Script>) -> Arc<Attendant> {
    Arc::new(Attendant {
        epochs: Arc::default(),
        counters: Arc::new(Counters::Memory(Memory::new())),
        spool: spool.clone(),
        control: script.clone(),
        node: "n".to_owned(),
        now_ms: || 1_767_225_600_000,
    })
}

fn event(number: u8) -> Event {
    let (id, end) = (EventId::mint(number.into(), [number; 10]), OutcomeEnd::Answered);
    Event::Outcome(Outcome { id, org: org(), status: None, latency_us: 1, end })
}

/// Takes events once it is open.
struct Gate(watch::Sender<bool>);

impl EventSink for Gate {
    fn accept(&self, _: Vec<Event>) -> BoxFuture<'_, Result<(), SinkError>> {
        Box::pin(async {
            let _ = self.0.subscribe().wait_for(|open| *open).await;
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_gateway_has_passed_when_all_that_it_wrote_is_handed_over_and_opens_what_it_is_given() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::open(SpoolSettings::new(dir.path(), 1)).unwrap();
    spool.append(&event(1)).await.unwrap();
    let gate = Arc::new(Gate(watch::Sender::new(false)));
    let shipper = tokio::spawn(spool::ship(spool.clone(), gate.clone()));
    let handout = Handout { org: org(), epoch: 2, complete: true, version: 9, seeds: Vec::new() };
    let script = Arc::new(Script::default());
    script.answers.lock().push_back(NodeDuties { move_on: vec![to(2)], ..NodeDuties::default() });
    let attendant = attendant(&spool, &script);
    let epochs = attendant.epochs.clone();
    let attending = tokio::spawn(attend(attendant.clone()));
    let first = script.report(|_| true).await;
    assert!(first.passed.is_empty() && !first.settled && first.spool == spool.id());
    while epochs.of(org()).enter().epoch() < 2 {
        tokio::time::sleep(LOOK).await;
    }
    assert_eq!(script.reports.lock().len(), 1, "it has not passed yet");
    script.answers.lock().push_back(NodeDuties { handouts: vec![handout], ..NodeDuties::default() });
    gate.0.send_replace(true);
    script.report(|report| report.passed == [to(2)]).await;
    script.report(|report| report.opened == [to(2)]).await;
    assert!(epochs.of(org()).enter().era().open);
    attending.abort();
    attendant.close(Duration::from_secs(60)).await;
    assert!(script.report(|report| report.closing).await.settled);
    shipper.abort();
}

/// Takes one batch and no more.
struct Once(watch::Sender<bool>);

impl EventSink for Once {
    fn accept(&self, _: Vec<Event>) -> BoxFuture<'_, Result<(), SinkError>> {
        Box::pin(async {
            let _ = self.0.subscribe().wait_for(|open| *open).await;
            self.0.send_replace(false);
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_gateway_passes_however_much_comes_in_after_the_last_call_of_the_epoch() {
    let dir = tempfile::tempdir().unwrap();
    // A segment for each event, and so a batch.
    let settings = SpoolSettings { segment_bytes: 1, ..SpoolSettings::new(dir.path(), 1) };
    let spool = Spool::open(settings).unwrap();
    spool.append(&event(1)).await.unwrap();
    let sink = Arc::new(Once(watch::Sender::new(false)));
    let shipper = tokio::spawn(spool::ship(spool.clone(), sink.clone()));
    let script = Arc::new(Script::default());
    script.answers.lock().push_back(NodeDuties { move_on: vec![to(2)], ..NodeDuties::default() });
    let attendant = attendant(&spool, &script);
    let attending = tokio::spawn(attend(attendant.clone()));
    while attendant.epochs.of(org()).enter().epoch() < 2 {
        tokio::time::sleep(LOOK).await;
    }
    // It gives up for now, and is asked again when there is more to hand over than will ever be taken.
    for number in 2..10 {
        spool.append(&event(number)).await.unwrap();
    }
    script.answers.lock().push_back(NodeDuties { move_on: vec![to(2)], ..NodeDuties::default() });
    attendant.epochs.announced();
    while script.reports.lock().len() < 2 {
        script.heard.notified().await;
    }
    sink.0.send_replace(true);
    script.report(|report| report.passed == [to(2)]).await;
    attending.abort();
    shipper.abort();
}
