//! The outbox: each mail goes to one sender at a time, and comes back when that one dies.

use jiff::SignedDuration;

use crate::world::{World, now};

const LEASE: SignedDuration = SignedDuration::from_mins(5);

#[tokio::test]
async fn a_mail_is_taken_by_one_sender_and_again_only_after_its_lease() {
    let world = World::new().await;
    for name in ["one", "two", "three"] {
        world.tenant(name).await;
    }
    let (left, right) =
        tokio::join!(world.store.take_mail(2, LEASE, now()), world.store.take_mail(2, LEASE, now()));
    let (left, right) = (left.unwrap(), right.unwrap());
    assert_eq!(left.len() + right.len(), 3);
    assert!(left.iter().all(|mail| right.iter().all(|other| other.id != mail.id)));
    assert!(world.store.take_mail(10, LEASE, now()).await.unwrap().is_empty());
    let again = world.store.take_mail(10, LEASE, now() + LEASE).await.unwrap();
    assert_eq!(again.len(), 3);
    assert!(again.iter().all(|mail| mail.attempts == 2));
}

#[tokio::test]
async fn a_sent_mail_is_gone_and_a_failed_one_is_due_at_the_time_given() {
    let world = World::new().await;
    world.tenant("one").await;
    world.tenant("two").await;
    let mails = world.store.take_mail(10, LEASE, now()).await.unwrap();
    world.store.mail_sent(mails[0].id, now()).await.unwrap();
    let retry = now() + SignedDuration::from_hours(1);
    world.store.mail_failed(mails[1].id, "connection refused", retry).await.unwrap();
    assert!(world.store.take_mail(10, LEASE, now() + LEASE).await.unwrap().is_empty());
    let due = world.store.take_mail(10, LEASE, retry).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].id, mails[1].id);
}
