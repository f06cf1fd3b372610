//! Counters that were lost, or may have been: restarts, flushes, failovers.

use super::*;
use crate::throwaway::Cluster;

/// What a call comes to once Redis answers again. Reconnecting takes a moment; how long is not what these tests are about.
async fn once_back(redis: &Redis, epoch: u64) -> Result<Reservation, Refusal> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = redis.reserve(&Standing { epoch, ..at("org") }, &strict(), 0).await;
        if !matches!(answer, Err(Refusal::Unavailable { .. })) {
            return answer;
        }
        assert!(Instant::now() < deadline, "{answer:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

const LOST: Result<Reservation, Refusal> = Err(Refusal::Lost { epoch: 0 });

fn left(answer: Result<Reservation, Refusal>) -> Amount {
    answer.unwrap().remaining()[0]
}

/// A server with an epoch and one call in it.
async fn used(server: &throwaway::Redis, durability: Durability) -> Redis {
    let settings = Settings { budget: Duration::from_secs(10), durability, ..Settings::default() };
    let redis = opened(Redis::new(&server.url(), settings).unwrap(), "org").await;
    assert_eq!(left(once_back(&redis, 1).await), amount("999999"));
    redis
}

async fn reopened(redis: &Redis) {
    let opening = Opening { epoch: 2, complete: true, seeds: Vec::new() };
    redis.open("org", &opening, 0).await.unwrap();
    assert_eq!(left(once_back(redis, 2).await), amount("999999"));
}

#[tokio::test]
async fn a_flush_is_noticed_at_the_next_call() {
    let server = throwaway::Redis::start_durable().unwrap();
    let redis = used(&server, Durability::Detect).await;
    assert_eq!(server.command("flushall").unwrap(), "+OK");
    assert_eq!(once_back(&redis, 1).await, LOST);
    reopened(&redis).await;
}

#[tokio::test]
async fn a_server_that_syncs_every_write_is_trusted_again_after_a_crash() {
    let mut server = throwaway::Redis::start_durable().unwrap();
    let redis = used(&server, Durability::Detect).await;
    for left_over in ["999998", "999997"] {
        server.kill();
        server.restart().unwrap();
        assert_eq!(left(once_back(&redis, 1).await), amount(left_over));
    }
}

#[tokio::test]
async fn a_server_that_came_back_with_an_older_snapshot_is_not_trusted() {
    let mut server = throwaway::Redis::start().unwrap();
    let redis = used(&server, Durability::Detect).await;
    assert_eq!(server.command("save").unwrap(), "+OK");
    let _ = once_back(&redis, 1).await.unwrap();
    server.kill();
    server.restart().unwrap();
    assert_eq!(once_back(&redis, 1).await, LOST);
    reopened(&redis).await;
}

#[tokio::test]
async fn what_was_taken_before_every_write_was_synced_is_not_trusted() {
    let mut server = throwaway::Redis::start_durable().unwrap();
    assert_eq!(server.command("config set appendfsync everysec").unwrap(), "+OK");
    let redis = used(&server, Durability::Detect).await;
    assert_eq!(server.command("config set appendfsync always").unwrap(), "+OK");
    server.kill();
    // It now says that it syncs every write.
    server.restart().unwrap();
    assert_eq!(once_back(&redis, 1).await, LOST);
}

#[tokio::test]
async fn the_operators_word_counts_where_the_server_says_nothing() {
    let mut server = throwaway::Redis::start().unwrap();
    let redis = used(&server, Durability::Durable).await;
    assert_eq!(server.command("save").unwrap(), "+OK");
    server.kill();
    server.restart().unwrap();
    assert_eq!(left(once_back(&redis, 1).await), amount("999998"));
}

#[tokio::test]
async fn gateways_that_think_differently_of_one_process_do_not_call_it_lost() {
    let server = throwaway::Redis::start().unwrap();
    let one = used(&server, Durability::Detect).await;
    let settings = Settings { durability: Durability::Durable, ..Settings::default() };
    let other = Redis::new(&server.url(), settings).unwrap();
    for (redis, left_over) in [(&other, "999998"), (&one, "999997"), (&other, "999996")] {
        assert_eq!(left(once_back(redis, 1).await), amount(left_over));
    }
}

#[tokio::test]
async fn a_promoted_replica_is_not_trusted_whatever_the_operator_says() {
    let (mut old, new) =
        (throwaway::Redis::start_durable().unwrap(), throwaway::Redis::start_durable().unwrap());
    let _ = used(&old, Durability::Durable).await;
    assert_eq!(new.command(&format!("replicaof 127.0.0.1 {}", old.port())).unwrap(), "+OK");
    let deadline = Instant::now() + Duration::from_secs(20);
    while !new.command("info replication").unwrap().contains("master_link_status:up") {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let settings =
        Settings { budget: Duration::from_secs(10), durability: Durability::Durable, ..Settings::default() };
    let redis = Redis::new(&new.url(), settings).unwrap();
    let refused = redis.reserve(&at("org"), &strict(), 0).await;
    assert!(
        matches!(&refused, Err(Refusal::Unavailable { reason, .. }) if reason.contains("slave")),
        "{refused:?}"
    );
    old.kill();
    assert_eq!(new.command("replicaof no one").unwrap(), "+OK");
    assert_eq!(once_back(&redis, 1).await, LOST);
    reopened(&redis).await;
}

#[tokio::test]
async fn a_server_that_drops_keys_when_it_is_full_is_refused() {
    let server = throwaway::Redis::start().unwrap();
    for setting in ["maxmemory 100mb", "maxmemory-policy volatile-lru"] {
        assert_eq!(server.command(&format!("config set {setting}")).unwrap(), "+OK");
    }
    let redis = patient(&server.url());
    let refused = redis.reserve(&at("org"), &strict(), 0).await;
    assert!(
        matches!(&refused, Err(Refusal::Unavailable { reason, .. }) if reason.contains("noeviction")),
        "{refused:?}"
    );
    assert!(redis.ping().await.unwrap_err().contains("noeviction"));
    assert_eq!(server.command("config set maxmemory-policy noeviction").unwrap(), "+OK");
    redis.ping().await.unwrap();
}

#[tokio::test]
async fn an_opening_that_restarts_in_the_middle_or_is_overtaken_opens_nothing() {
    let mut server = throwaway::Redis::start_durable().unwrap();
    let redis = patient(&server.url());
    let begin = |scripts: &Scripts| wire::begin(&scripts.open, "org", 1, None);
    let finish =
        |token: String| move |scripts: &Scripts| wire::finish(&scripts.open, "org", &token, 0, true, None);
    let (_, token): Begun = redis.ask("org", begin).await.unwrap();
    server.kill();
    server.restart().unwrap();
    let _ = once_back(&redis, 1).await;
    assert!(redis.step("org", finish(token.unwrap())).await.is_err());
    let (_, first): Begun = redis.ask("org", begin).await.unwrap();
    let (_, second): Begun = redis.ask("org", begin).await.unwrap();
    assert!(redis.step("org", finish(first.unwrap())).await.is_err());
    assert_eq!(once_back(&redis, 1).await, LOST);
    redis.step("org", finish(second.unwrap())).await.unwrap();
    assert_eq!(left(once_back(&redis, 1).await), amount("999999"));
}

/// The server whose slots hold the organisation's counters.
fn owner(cluster: &Cluster) -> usize {
    let owns = |server: &throwaway::Redis| {
        let exists = server.command("exists {org}:meta").unwrap_or_default();
        let role = server.command("info replication").unwrap_or_default();
        exists == ":1" && role.contains("role:master")
    };
    cluster.servers.iter().position(owns).unwrap()
}

#[tokio::test]
async fn a_failover_of_a_cluster_is_noticed_and_a_restart_in_place_is_none() {
    let mut cluster = Cluster::start(true).unwrap();
    let redis = opened(patient(&cluster.url()), "org").await;
    assert_eq!(left(once_back(&redis, 1).await), amount("999999"));
    let master = owner(&cluster);
    // Back before anybody has noticed.
    cluster.servers[master].kill();
    cluster.servers[master].restart().unwrap();
    assert_eq!(left(once_back(&redis, 1).await), amount("999998"));
    // By hand, so that the old master lives on and sends callers to the new one.
    assert_eq!(cluster.servers[master + 3].command("cluster failover").unwrap(), "+OK");
    let deadline = Instant::now() + Duration::from_secs(20);
    while once_back(&redis, 1).await != LOST {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    reopened(&redis).await;
    assert_eq!(owner(&cluster), master + 3);
    cluster.servers[master + 3].kill();
    assert_eq!(once_back(&redis, 2).await, LOST);
    assert_eq!(owner(&cluster), master);
}

#[tokio::test]
async fn calls_follow_a_slot_that_moves() {
    let cluster = Cluster::start(false).unwrap();
    let redis = patient(&cluster.url());
    let [from, to] = if cluster.servers[0].command("exists {org}:meta").unwrap() == ":0" {
        [&cluster.servers[0], &cluster.servers[1]]
    } else if cluster.servers[1].command("exists {org}:meta").unwrap() == ":0" {
        [&cluster.servers[1], &cluster.servers[2]]
    } else {
        [&cluster.servers[2], &cluster.servers[0]]
    };
    let slot = from.command("cluster keyslot org").unwrap();
    let slot = slot.trim_start_matches(':');
    let (from_id, to_id) = (from.command("cluster myid").unwrap(), to.command("cluster myid").unwrap());
    to.command(&format!("cluster setslot {slot} importing {from_id}")).unwrap();
    from.command(&format!("cluster setslot {slot} migrating {to_id}")).unwrap();
    // The old owner has nothing of it and sends on whoever asks.
    redis.open("org", &Opening { epoch: 1, complete: true, seeds: Vec::new() }, 0).await.unwrap();
    // Of several keys in such a slot none may be missing, until it has moved for good.
    let refused = redis.reserve(&at("org"), &strict(), 0).await;
    assert!(
        matches!(&refused, Err(Refusal::Unavailable { reason, .. }) if reason.contains("TryAgain")),
        "{refused:?}"
    );
    for server in [to, from] {
        assert_eq!(server.command(&format!("cluster setslot {slot} node {to_id}")).unwrap(), "+OK");
    }
    for left_over in ["999999", "999998"] {
        assert_eq!(left(once_back(&redis, 1).await), amount(left_over));
    }
    // Once every server has heard where the slot went, the old owner is not asked any more.
    let sent_on = || {
        let errors = from.command("info errorstats").unwrap();
        errors.lines().find(|line| line.starts_with("errorstat_MOVED")).map(str::to_owned)
    };
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut before = None;
    while sent_on() != before {
        assert!(Instant::now() < deadline, "{:?}", sent_on());
        before = sent_on();
        let _ = once_back(&redis, 1).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    redis.ping().await.unwrap();
}
