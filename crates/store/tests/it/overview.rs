//! What the overview is made of: the fullest limits, and the tools that are called most.

use jiff::SignedDuration;
use model::{Event, Level, Taken};
use policy::{Counter, Scope, Window};

use crate::events::intent;
use crate::world::{Equipped, Tenant, World, now};

/// A call that took so much of so much today.
fn spent(
    tenant: &Tenant,
    equipped: &Equipped,
    n: u64,
    (scope, id, amount, max): (Scope, &str, &str, &str),
) -> Event {
    let Event::Intent(mut intent) = intent(tenant, equipped, 2 * n) else { panic!("an intent") };
    let counter = Counter {
        scope,
        scope_id: id.into(),
        name: "spend".into(),
        window: Window::Day,
        rolling: false,
        key: None,
    };
    let place = Window::Day.bounds(now().as_millisecond()).0;
    let max = max.parse().unwrap();
    let level = Some(Level { max, left: max });
    intent.taken = vec![Taken { counter, amount: amount.parse().unwrap(), place, level }];
    Event::Intent(intent)
}

fn scopes(found: &[store::FullLimit]) -> Vec<Scope> {
    found.iter().map(|limit| limit.counter.scope).collect()
}

#[tokio::test]
async fn the_fullest_limits_come_first_with_the_names_of_what_they_count_for() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let other = world.tenant("umbrella").await;
    let ids = (
        equipped.grant.id.to_string(),
        format!("{}/session", equipped.identity.id),
        tenant.team.to_string(),
        equipped.server.id.to_string(),
        tenant.org.to_string(),
    );
    let batch = [
        spent(&tenant, &equipped, 1, (Scope::Grant, &ids.0, "20", "100")),
        spent(&tenant, &equipped, 2, (Scope::Grant, &ids.0, "20.5", "50")),
        spent(&tenant, &equipped, 3, (Scope::Session, &ids.1, "9", "10")),
        spent(&tenant, &equipped, 4, (Scope::Team, &ids.2, "3", "10")),
        spent(&tenant, &equipped, 5, (Scope::Server, &ids.3, "7", "5")),
        spent(&tenant, &equipped, 6, (Scope::Org, &ids.4, "0", "0")),
        spent(&tenant, &equipped, 7, (Scope::Org, &ids.4, "1", "0.000000001")),
        spent(&tenant, &equipped, 8, (Scope::Identity, "nobody", "1", "1000")),
    ];
    world.store.insert_events(&batch, now()).await.unwrap();

    let mut tx = world.begin(&tenant).await;
    let all = tx.fullest_limits(None, now(), 10).await.unwrap();
    let shown: Vec<String> = all
        .iter()
        .map(|limit| {
            let names =
                [&limit.identity, &limit.server, &limit.team].map(|name| name.as_deref().unwrap_or("-"));
            format!("{} {} of {}: {}", limit.counter.scope.as_str(), limit.used, limit.max, names.join(" "))
        })
        .collect();
    let identity = &equipped.identity.label;
    let server = equipped.server.slug.as_str();
    let team = tx.teams().await.unwrap().remove(0).slug;
    assert_eq!(
        shown,
        [
            "org 0.000000001 of 0.000000001: - - -".to_owned(),
            format!("server 5 of 5: - {server} -"),
            format!("session 9 of 10: {identity} - -"),
            format!("grant 40.5 of 50: {identity} {server} -"),
            format!("team 3 of 10: - - {team}"),
            "identity 1 of 1000: - - -".to_owned(),
        ]
    );
    assert_eq!(all[0].until.as_millisecond(), Window::Day.bounds(now().as_millisecond()).1);

    let own = tx.fullest_limits(Some(&[tenant.team]), now(), 10).await.unwrap();
    assert_eq!(
        scopes(&own),
        [Scope::Session, Scope::Grant, Scope::Team],
        "what others spend too is not theirs to see"
    );
    assert!(tx.fullest_limits(Some(&[other.team]), now(), 10).await.unwrap().is_empty());
    assert_eq!(tx.fullest_limits(None, now(), 2).await.unwrap().len(), 2);
    let tomorrow = now() + SignedDuration::from_hours(24);
    assert!(tx.fullest_limits(None, tomorrow, 10).await.unwrap().is_empty());
    assert!(world.begin(&other).await.fullest_limits(None, now(), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_tools_with_most_calls_come_first_whatever_was_decided() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let other = world.tenant("umbrella").await;
    let mut batch: Vec<Event> = (1..=7).map(|n| intent(&tenant, &equipped, n)).collect();
    let Event::Intent(mut listing) = intent(&tenant, &equipped, 9) else { panic!("an intent") };
    listing.method = "tools/list".to_owned();
    batch.push(Event::Intent(listing));
    world.store.insert_events(&batch, now()).await.unwrap();

    let mut tx = world.begin(&tenant).await;
    let span = (now(), now() + SignedDuration::from_secs(60));
    let found = tx.top_tools(None, span, 10).await.unwrap();
    let shown: Vec<_> = found
        .iter()
        .map(|tool| (tool.tool.as_str(), tool.counts.allowed, tool.counts.denied, tool.counts.parked))
        .collect();
    assert_eq!(shown, [("tool1", 1, 2, 0), ("tool0", 1, 1, 0), ("tool2", 1, 1, 0)]);
    assert!(found.iter().all(|tool| tool.server == Some(equipped.server.id)));
    assert_eq!(tx.top_tools(None, span, 1).await.unwrap().len(), 1);
    let early = (now(), now() + SignedDuration::from_secs(2));
    assert_eq!(tx.top_tools(Some(&[tenant.team]), early, 10).await.unwrap()[0].tool, "tool1");
    assert!(tx.top_tools(Some(&[other.team]), span, 10).await.unwrap().is_empty());
    assert!(world.begin(&other).await.top_tools(None, span, 10).await.unwrap().is_empty());
}
