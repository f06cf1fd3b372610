//! Refresh tokens: rotation and what happens to one that comes back.

use jiff::{SignedDuration, Timestamp};
use model::SessionId;
use store::{NewSession, Refresh};

use crate::world::{Tenant, World, fresh, now, rand_digest};

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn sign_in(world: &World, tenant: &Tenant) -> (SessionId, [u8; 32]) {
    let refresh = rand_digest();
    let session = NewSession { id: fresh(), user: tenant.user, refresh, expires_at: now() + DAY };
    world.store.start_session(&session, now()).await.unwrap();
    (session.id, refresh)
}

async fn rotate(world: &World, old: &[u8; 32], new: &[u8; 32], at: Timestamp) -> Refresh {
    world.store.rotate_refresh(old, new, (at + DAY, DAY * 3), at).await.unwrap()
}

#[tokio::test]
async fn sec_35_a_refresh_token_works_once_and_its_return_ends_the_whole_sign_in() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let (session, first) = sign_in(&world, &tenant).await;
    let (second, third) = (rand_digest(), rand_digest());
    let user = tenant.user;
    assert_eq!(rotate(&world, &first, &second, now()).await, Refresh::Rotated { session, user });
    assert_eq!(world.store.session_user(session, "test", now()).await.unwrap(), Some(user));
    assert_eq!(rotate(&world, &first, &third, now()).await, Refresh::Reused { session, user });
    assert_eq!(rotate(&world, &second, &third, now()).await, Refresh::Unknown);
    assert_eq!(world.store.session_user(session, "test", now()).await.unwrap(), None);
}

#[tokio::test]
async fn sec_35_of_two_parallel_refreshes_with_one_token_one_wins_and_the_other_ends_the_sign_in() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    for _ in 0..20 {
        let (session, token) = sign_in(&world, &tenant).await;
        let (left, right) = (rand_digest(), rand_digest());
        let (one, two) =
            tokio::join!(rotate(&world, &token, &left, now()), rotate(&world, &token, &right, now()));
        let rotated = [one, two].iter().filter(|end| matches!(end, Refresh::Rotated { .. })).count();
        let reused = [one, two].iter().filter(|end| matches!(end, Refresh::Reused { .. })).count();
        assert_eq!((rotated, reused), (1, 1), "{one:?} {two:?}");
        assert_eq!(world.store.session_user(session, "test", now()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_sign_in_ends_by_its_time_and_by_signing_out_with_any_of_its_tokens() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let (_, token) = sign_in(&world, &tenant).await;
    assert_eq!(rotate(&world, &token, &rand_digest(), now() + DAY).await, Refresh::Unknown);

    let (session, old) = sign_in(&world, &tenant).await;
    let new = rand_digest();
    rotate(&world, &old, &new, now()).await;
    world.store.end_session(&old, now()).await.unwrap();
    assert_eq!(world.store.session_user(session, "test", now()).await.unwrap(), None);
    assert_eq!(rotate(&world, &new, &rand_digest(), now()).await, Refresh::Unknown);
    world.store.end_session(&[7; 32], now()).await.unwrap();
}

#[tokio::test]
async fn sec_34_a_sign_in_ends_in_the_end_however_often_it_is_refreshed() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let (session, mut token) = sign_in(&world, &tenant).await;
    let step = SignedDuration::from_hours(20);
    for n in 1..=3 {
        let next = rand_digest();
        assert!(matches!(rotate(&world, &token, &next, now() + step * n).await, Refresh::Rotated { .. }));
        token = next;
    }
    let end = now() + DAY * 3;
    let alive = async |at| world.store.session_user(session, "test", at).await.unwrap().is_some();
    assert!(alive(end - SignedDuration::from_secs(1)).await && !alive(end).await);
    assert_eq!(rotate(&world, &token, &rand_digest(), end).await, Refresh::Unknown);
}
