//! What the spool promises, on real files.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::BoxFuture;
use model::{Event, EventId, OrgId, Outcome, OutcomeEnd};
use parking_lot::Mutex;

use super::{EventSink, SinkError, Spool, SpoolError, SpoolSettings, Sync, ship};

#[derive(Default)]
struct Taken(Mutex<Vec<Event>>, tokio::sync::Notify);

impl EventSink for Taken {
    fn accept(&self, events: Vec<Event>) -> BoxFuture<'_, Result<(), SinkError>> {
        Box::pin(async move {
            self.0.lock().extend(events);
            self.1.notify_one();
            Ok(())
        })
    }
}

impl Taken {
    async fn wait_for(&self, count: usize) -> Vec<Event> {
        loop {
            if self.0.lock().len() >= count {
                return self.0.lock().clone();
            }
            self.1.notified().await;
        }
    }
}

fn event(number: u8) -> Event {
    Event::Outcome(Outcome {
        id: EventId::mint(1_767_225_600_000, [number; 10]),
        org: OrgId::mint(1, [1; 10]),
        status: Some(200),
        latency_us: 12,
        end: OutcomeEnd::Answered,
    })
}

#[tokio::test]
async fn what_a_dead_process_appended_is_shipped_by_the_next_one_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let first = Spool::open(SpoolSettings::new(dir.path(), 1)).unwrap();
    for number in 0..5 {
        first.append(&event(number)).await.unwrap();
    }
    drop(first);
    let second = Spool::open(SpoolSettings::new(dir.path(), 1)).unwrap();
    second.append(&event(5)).await.unwrap();
    let taken = Arc::new(Taken::default());
    let shipper = tokio::spawn(ship(second, taken.clone()));
    assert_eq!(taken.wait_for(6).await, (0..6).map(event).collect::<Vec<_>>());
    shipper.abort();
}

#[tokio::test]
async fn what_was_handed_over_is_not_handed_over_again_by_the_next_process() {
    let dir = tempfile::tempdir().unwrap();
    let settings = || SpoolSettings::new(dir.path(), 1);
    let (first, before) = (Spool::open(settings()).unwrap(), Arc::new(Taken::default()));
    first.append(&event(0)).await.unwrap();
    let shipper = tokio::spawn(ship(first.clone(), before.clone()));
    first.shipped(first.mark()).await;
    shipper.abort();
    let _ = shipper.await;
    first.append(&event(1)).await.unwrap();
    drop(first);
    let (second, after) = (Spool::open(settings()).unwrap(), Arc::new(Taken::default()));
    let shipper = tokio::spawn(ship(second, after.clone()));
    assert_eq!(after.wait_for(1).await, [event(1)]);
    shipper.abort();
}

#[tokio::test]
async fn a_torn_tail_is_left_behind_and_the_rest_is_shipped() {
    let dir = tempfile::tempdir().unwrap();
    let first = Spool::open(SpoolSettings::new(dir.path(), 1)).unwrap();
    first.append(&event(1)).await.unwrap();
    first.append(&event(2)).await.unwrap();
    drop(first);
    let path = dir.path().join("00000001.seg");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 3]).unwrap();
    let second = Spool::open(SpoolSettings::new(dir.path(), 1)).unwrap();
    second.append(&event(3)).await.unwrap();
    let taken = Arc::new(Taken::default());
    let shipper = tokio::spawn(ship(second, taken.clone()));
    assert_eq!(taken.wait_for(2).await, vec![event(1), event(3)]);
    assert!(!path.exists(), "a shipped segment is removed");
    shipper.abort();
}

#[tokio::test]
async fn segments_of_another_version_are_refused_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("00000007.seg");
    std::fs::write(&path, b"PLSPOOL\xffwhatever").unwrap();
    assert!(
        matches!(Spool::open(SpoolSettings::new(dir.path(), 1)), Err(SpoolError::Format(found)) if found == path)
    );
    assert!(path.exists());
}

#[tokio::test]
async fn a_full_spool_refuses() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::open(SpoolSettings { max_bytes: 300, ..SpoolSettings::new(dir.path(), 1) }).unwrap();
    let mut refused = false;
    for number in 0..10 {
        refused |= matches!(spool.append(&event(number)).await, Err(SpoolError::Full { .. }));
    }
    assert!(refused);
}

#[tokio::test]
async fn an_append_to_disk_waits_for_the_sync_and_segments_rotate() {
    let dir = tempfile::tempdir().unwrap();
    let settings =
        SpoolSettings { sync: Sync::Disk, segment_bytes: 400, ..SpoolSettings::new(dir.path(), 1) };
    let spool = Spool::open(settings).unwrap();
    let syncer = tokio::spawn(spool.clone().sync_loop());
    for number in 0..10 {
        spool.append(&event(number)).await.unwrap();
    }
    assert!(super::segment::list(dir.path()).unwrap().len() > 1);
    syncer.abort();
}

#[tokio::test]
async fn a_noted_outcome_is_shipped_without_another_append() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::open(SpoolSettings::new(dir.path(), 1)).unwrap();
    spool.note(&event(9));
    let taken = Arc::new(Taken::default());
    let shipper = tokio::spawn(ship(spool, taken.clone()));
    assert_eq!(taken.wait_for(1).await, vec![event(9)]);
    shipper.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn appends_that_meet_are_each_in_the_file_when_they_return() {
    let dir = tempfile::tempdir().unwrap();
    let spool =
        Spool::open(SpoolSettings { segment_bytes: 2_000, ..SpoolSettings::new(dir.path(), 1) }).unwrap();
    let mut record = Vec::new();
    super::record::encode(&event(1), &mut record).unwrap();
    let (length, returned) = (record.len() as u64, Arc::new(AtomicU64::new(0)));
    let appender = |_| {
        let (spool, returned, dir) = (spool.clone(), returned.clone(), dir.path().to_owned());
        tokio::spawn(async move {
            for _ in 0..50 {
                spool.append(&event(1)).await.unwrap();
                let returned = returned.fetch_add(1, Ordering::SeqCst) + 1;
                let segments = super::segment::list(&dir).unwrap();
                // One that was made this moment may not have its head yet.
                let begun = segments.iter().filter(|segment| segment.bytes > 0).count() as u64;
                let heads = begun * super::record::FORMAT.len() as u64;
                let bytes: u64 = segments.iter().map(|segment| segment.bytes).sum();
                assert!(bytes >= heads + returned * length, "{bytes} bytes after {returned} appends");
            }
        })
    };
    for appender in (0..16).map(appender).collect::<Vec<_>>() {
        appender.await.unwrap();
    }
}

#[tokio::test]
async fn it_is_known_when_everything_before_a_mark_has_been_handed_over() {
    let dir = tempfile::tempdir().unwrap();
    let first = Spool::open(SpoolSettings::new(dir.path(), 1)).unwrap();
    first.append(&event(1)).await.unwrap();
    drop(first);
    let second = Spool::open(SpoolSettings::new(dir.path(), 1)).unwrap();
    let leftover = second.mark();
    second.append(&event(2)).await.unwrap();
    let all = second.mark();
    assert!(leftover < all && !second.has_shipped(leftover));
    let taken = Arc::new(Taken::default());
    let shipper = tokio::spawn(ship(second.clone(), taken.clone()));
    second.shipped(all).await;
    assert_eq!(taken.wait_for(2).await, vec![event(1), event(2)]);
    assert!(second.has_shipped(leftover) && second.has_shipped(second.mark()));
    second.append(&event(3)).await.unwrap();
    assert!(!second.has_shipped(second.mark()));
    shipper.abort();
}

#[test]
fn a_folder_keeps_its_id_and_tells_its_uses_apart_even_when_the_clock_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for now_ms in [5, 9, 3, 3, 100] {
        let spool = Spool::open(SpoolSettings::new(dir.path(), now_ms)).unwrap();
        seen.push((spool.id(), spool.boot()));
    }
    assert!(seen.windows(2).all(|pair| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1), "{seen:?}");
    let other = tempfile::tempdir().unwrap();
    assert_ne!(Spool::open(SpoolSettings::new(other.path(), 1)).unwrap().id(), seen[0].0);
    std::fs::write(dir.path().join("identity"), "nonsense").unwrap();
    assert!(matches!(Spool::open(SpoolSettings::new(dir.path(), 1)), Err(SpoolError::Disk(_))));
}
