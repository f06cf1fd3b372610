//! Signing up, finding credentials, proving an address, memberships.

use model::Role;
use store::SignedUp;

use crate::world::{Tenant, World, fresh, now, slug};

fn nobody() -> Tenant {
    Tenant { org: fresh(), team: fresh(), user: fresh() }
}

#[tokio::test]
async fn a_sign_up_makes_an_administrator_of_an_organisation_with_a_team() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let memberships = world.store.memberships(tenant.user).await.unwrap();
    assert_eq!(memberships.len(), 1);
    assert_eq!(memberships[0].org, tenant.org);
    assert_eq!(memberships[0].role, Some(Role::Admin));
    assert_eq!(memberships[0].teams, [slug("main")]);
    let mut tx = world.begin(&tenant).await;
    assert_eq!(tx.org().await.unwrap().name, "acme");
    assert_eq!(
        tx.admin_events(&store::AdminEventFilter { limit: 10, ..Default::default() }).await.unwrap()[0]
            .event
            .action,
        "org.create"
    );
}

#[tokio::test]
async fn a_second_sign_up_with_the_address_in_capitals_changes_nothing_but_tells_the_owner() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let second = nobody();
    assert_eq!(world.sign_up(&second, "other", "ACME@example.com").await, SignedUp::Existed);
    assert_eq!(world.store.memberships(tenant.user).await.unwrap().len(), 1);
    assert!(world.store.user(second.user).await.unwrap().is_none());
    let hour = jiff::SignedDuration::from_hours(1);
    let mails = world.store.take_mail(10, hour, now()).await.unwrap();
    let mut subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    subjects.sort_unstable();
    assert_eq!(subjects, ["Welcome", "You have an account"]);
    assert!(mails.iter().all(|mail| mail.recipient == "acme@example.com"));
}

#[tokio::test]
async fn parallel_sign_ups_with_one_address_make_one_account() {
    let world = World::new().await;
    let (first, second) = (nobody(), nobody());
    let (one, two) = tokio::join!(
        world.sign_up(&first, "acme", "alice@example.com"),
        world.sign_up(&second, "acme", "alice@example.com"),
    );
    let created = [&one, &two].iter().filter(|outcome| matches!(outcome, SignedUp::Created { .. })).count();
    assert_eq!(created, 1, "{one:?} {two:?}");
}

#[tokio::test]
async fn an_organisation_whose_slug_is_taken_gets_a_longer_one() {
    let world = World::new().await;
    world.tenant("acme").await;
    let second = nobody();
    let SignedUp::Created { org } = world.sign_up(&second, "acme", "bob@example.com").await else {
        panic!("not created")
    };
    assert!(org.as_str().starts_with("acme-"), "{org}");
    let found = world.store.membership(second.user, &org).await.unwrap().unwrap();
    assert_eq!((found.org, found.role), (second.org, Some(Role::Admin)));
}

#[tokio::test]
async fn a_person_finds_no_organisation_that_they_are_not_a_member_of() {
    let world = World::new().await;
    let acme = world.tenant("acme").await;
    world.tenant("umbrella").await;
    assert_eq!(world.store.membership(acme.user, &slug("umbrella")).await.unwrap(), None);
    assert_eq!(world.store.membership(acme.user, &slug("nowhere")).await.unwrap(), None);
}

#[tokio::test]
async fn credentials_are_found_whatever_the_capitals_and_a_proof_counts_once() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let found = world.store.credentials("Acme@Example.com").await.unwrap().unwrap();
    assert_eq!((found.user, found.verified), (tenant.user, false));
    assert!(world.store.credentials("nobody@example.com").await.unwrap().is_none());
    assert_eq!(world.store.verify_email(&[9; 32], now()).await.unwrap(), None);
}
