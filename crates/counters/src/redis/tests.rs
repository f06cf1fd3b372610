//! What is particular to Redis: its clock, its scripts, its absence and its losses.

use std::time::{Duration, Instant};

use policy::{Amount, Charge, Counter, OnOutage, Window};

mod loss;

use super::*;
use crate::contract::{START, amount, counter};
use crate::throwaway;

fn charge(name: &str, max: &str, on_outage: OnOutage) -> Charge {
    // A month, so that hardly any run of these tests meets the end of a window.
    let counter = counter(name, Window::Month, false);
    Charge { counter, amount: Amount::ONE, max: amount(max), on_outage }
}

fn strict() -> [Charge; 1] {
    [charge("strict", "1000000", OnOutage::Deny)]
}

fn patient(url: &str) -> Redis {
    Redis::new(url, Settings { budget: Duration::from_secs(10), ..Settings::default() }).unwrap()
}

const fn at(org: &str) -> Standing<'_> {
    Standing { org, epoch: 1, identity: "me", version: 1 }
}

/// Opened with nothing in it.
async fn opened(redis: Redis, org: &str) -> Redis {
    redis.open(org, &Opening { epoch: 1, complete: true, seeds: Vec::new() }, 0).await.unwrap();
    redis
}

#[tokio::test]
async fn months_in_lua_are_the_months_of_the_policy() {
    let client = ::redis::Client::open(throwaway::Redis::shared().unwrap().url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let text = format!(
        "{}\nlocal out = {{}}\nfor i = 1, #ARGV do local a, b = month(tonumber(ARGV[i])) \
         out[#out + 1] = a out[#out + 1] = b end return out",
        script::month_for_test()
    );
    // Both edges of every month from 1970 to 2400, and moments spread unevenly between them.
    let (month, mut times, mut start) = (Window::Month, Vec::new(), 0);
    while start < 13_569_465_600_000 {
        let end = month.bounds(start).1;
        times.extend([start, start + 86_399_999, start + (start * 7919).rem_euclid(2_419_200_000), end - 1]);
        start = end;
    }
    for times in times.chunks(1_000) {
        let mut call = ::redis::cmd("EVAL");
        call.arg(&text).arg(0).arg(times);
        let found: Vec<i64> = call.query_async(&mut connection).await.unwrap();
        let expected: Vec<i64> =
            times.iter().map(|time| month.bounds(*time)).flat_map(|(a, b)| [a, b]).collect();
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn time_is_the_servers_whatever_the_caller_says() {
    let redis = opened(patient(&throwaway::Redis::shared().unwrap().url()), "server-time").await;
    let charges = [
        charge("calls", "2", OnOutage::Deny),
        Charge {
            counter: Counter { rolling: true, ..counter("rolling", Window::Hour, true) },
            ..charge("", "2", OnOutage::Deny)
        },
    ];
    assert!(redis.reserve(&at("server-time"), &charges, START).await.is_ok());
    assert!(redis.reserve(&at("server-time"), &charges, 0).await.is_ok());
    let refused = redis.reserve(&at("server-time"), &charges, i64::MAX).await;
    assert!(matches!(refused, Err(Refusal::Over { retry_after_ms: 1..=2_700_000_000, .. })), "{refused:?}");
}

#[tokio::test]
async fn connecting_begins_before_the_first_call() {
    let server = throwaway::Redis::start().unwrap();
    let redis = patient(&server.url());
    let deadline = Instant::now() + Duration::from_secs(20);
    // Who asks is the other one.
    while !server.command("info clients").unwrap().contains("connected_clients:2") {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    redis.ping().await.unwrap();
}

#[tokio::test]
async fn every_key_carries_the_organisations_hash_tag_and_ends_some_time() {
    let server = throwaway::Redis::start().unwrap();
    let redis = opened(patient(&server.url()), "org").await;
    let rolling =
        Charge { counter: counter("rolling", Window::Second, true), ..charge("", "5", OnOutage::Deny) };
    let _ = redis.reserve(&at("org"), &[charge("calls", "5", OnOutage::Deny), rolling], 0).await.unwrap();
    let client = ::redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = ::redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    assert_eq!(keys.len(), 3, "{keys:?}");
    for key in keys.iter().filter(|key| *key != "{org}:meta") {
        assert!(key.starts_with("{org}:"), "{key}");
        let life: i64 = ::redis::cmd("PTTL").arg(key).query_async(&mut connection).await.unwrap();
        assert!((60_000..=41 * 86_400_000).contains(&life), "{key} lives {life} ms");
    }
}

#[tokio::test]
async fn a_script_that_redis_forgot_is_sent_again_and_counted_once() {
    let server = throwaway::Redis::start().unwrap();
    let redis = opened(patient(&server.url()), "org").await;
    for left in [999_999, 999_998, 999_997] {
        assert_eq!(server.command("script flush").unwrap(), "+OK");
        let reservation = redis.reserve(&at("org"), &strict(), 0).await.unwrap();
        assert_eq!(reservation.remaining(), [Amount::from_parts(left, 0).unwrap()]);
    }
}

#[tokio::test]
async fn without_redis_a_call_is_refused_unless_every_charge_permits_it() {
    let mut server = throwaway::Redis::start().unwrap();
    let redis = Redis::new(&server.url(), Settings::default()).unwrap();
    redis.ping().await.unwrap();
    let redis = opened(redis, "org").await;
    let advisory = || charge("advisory", "9", OnOutage::Allow);
    let [strict] = strict();
    server.kill();
    for _ in 0..30 {
        let both = [advisory(), strict.clone()];
        let refused = redis.reserve(&at("org"), &both, 0).await;
        assert!(matches!(refused, Err(Refusal::Unavailable { index: 1, .. })), "{refused:?}");
        let admitted =
            redis.reserve(&at("org"), &[advisory(), charge("b", "1", OnOutage::Allow)], 0).await.unwrap();
        assert!(admitted.unchecked && admitted.remaining().is_empty());
        redis.give_back(&admitted).await;
    }
    assert!(redis.ping().await.is_err());
    server.restart().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !matches!(
        redis.reserve(&at("org"), std::slice::from_ref(&strict), 0).await,
        Err(Refusal::Lost { epoch: 0 })
    ) {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_redis_that_hangs_costs_one_budget_and_then_almost_nothing() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}/", silent.local_addr().unwrap());
    let budget = Duration::from_millis(30);
    let redis = Redis::new(&url, Settings { budget, ..Settings::default() }).unwrap();
    let start = Instant::now();
    for _ in 0..500 {
        assert!(matches!(
            redis.reserve(&at("org"), &strict(), 0).await,
            Err(Refusal::Unavailable { index: 0, .. })
        ));
    }
    // Waiting out every budget would take 15 seconds.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_redis_that_refuses_writes_refuses_calls_and_counts_nothing() {
    let server = throwaway::Redis::start().unwrap();
    let redis = opened(patient(&server.url()), "org").await;
    let _ = redis.reserve(&at("org"), &strict(), 0).await.unwrap();
    assert_eq!(server.command("config set maxmemory 1").unwrap(), "+OK");
    let refused = redis.reserve(&at("org"), &strict(), 0).await;
    assert!(
        matches!(&refused, Err(Refusal::Unavailable { reason, .. }) if reason.contains("OOM")),
        "{refused:?}"
    );
    assert_eq!(server.command("config set maxmemory 0").unwrap(), "+OK");
    let reservation = redis.reserve(&at("org"), &strict(), 0).await.unwrap();
    assert_eq!(reservation.remaining(), [amount("999998")]);
}

#[tokio::test]
async fn a_durable_redis_that_crashes_loses_no_admitted_call() {
    let mut server = throwaway::Redis::start_durable().unwrap();
    let redis = opened(patient(&server.url()), "org").await;
    let limit = [charge("calls", "60", OnOutage::Deny)];
    let mut admitted = 0;
    for call in 0..200 {
        if call % 25 == 20 {
            server.kill();
            server.restart().unwrap();
        }
        admitted += usize::from(redis.reserve(&at("org"), &limit, 0).await.is_ok());
    }
    assert!((1..=60).contains(&admitted), "{admitted} admitted under a limit of 60");
    let refused = redis.reserve(&at("org"), &limit, 0).await;
    assert!(matches!(refused, Err(Refusal::Over { .. } | Refusal::Unavailable { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_url_that_is_none_is_refused_without_repeating_its_password() {
    for url in ["", "localhost", "http://h", "redis://:canary@host:port", "redis://:canary@h:1/x"] {
        let error = Redis::new(url, Settings::default()).unwrap_err().to_string();
        assert!(error.contains("redis://") && !error.contains("canary"), "{error}");
    }
}

#[tokio::test]
async fn a_tls_url_is_understood_and_a_server_without_tls_is_an_outage() {
    let url = throwaway::Redis::shared().unwrap().url().replace("redis://", "rediss://");
    let redis = Redis::new(&url, Settings::default()).unwrap();
    assert!(redis.ping().await.is_err());
    assert!(matches!(redis.reserve(&at("org"), &strict(), 0).await, Err(Refusal::Unavailable { .. })));
}
