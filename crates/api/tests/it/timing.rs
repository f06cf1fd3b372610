//! Whether an address has an account cannot be told from how long an answer takes. In the suite with few samples and a bar
//! that chance hardly ever passes; `cargo xtask timing` takes a thousand of each and asks for p > 0.01.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::world::{PASSWORD, Person, World};

/// How many of each kind are timed when nothing else is asked for.
const FEW: usize = 24;
/// Below this the two kinds count as told apart: less than once in a million runs by chance, so that the suite is quiet.
const HARDLY_EVER: f64 = 1e-6;
const SELDOM: f64 = 0.01;

/// How many samples to take, and which p is too small.
fn measure() -> (usize, f64) {
    let asked =
        std::env::var("TIMING_SAMPLES").ok().map(|text| text.parse().expect("TIMING_SAMPLES is a number"));
    asked.map_or((FEW, HARDLY_EVER), |samples| (samples, SELDOM))
}

#[expect(clippy::print_stdout, reason = "the lab's result")]
/// Times answers for addresses that have an account and for such as have none, and compares the two distributions.
async fn compare(what: &str, samples: usize, answer: impl AsyncFn(bool, usize)) {
    let timed = async |is_known, n| {
        let start = Instant::now();
        answer(is_known, n).await;
        start.elapsed()
    };
    // What is made at first use meets neither.
    timed(true, samples).await;
    timed(false, samples).await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    // In turn, so that whatever else the machine does meets both alike; and each first as often as the other, because threads
    // take turns too, and one of them may have the slower core.
    for n in 0..samples {
        for is_known in [n % 2 == 0, n % 2 != 0] {
            let kind = if is_known { &mut known } else { &mut unknown };
            kind.push(timed(is_known, n).await);
        }
    }
    let distance = distance(&mut known, &mut unknown);
    let p = by_chance(distance, samples);
    let median = |times: &[Duration]| times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    println!(
        "{what:<8} {samples} of each, medians {:.3} and {:.3} ms, distance {distance:.3}, p = {p:.3}",
        median(&known),
        median(&unknown)
    );
    let deciles = |times: &[Duration]| {
        (1..10).filter_map(|n| times.get(times.len() * n / 10).copied()).collect::<Vec<_>>()
    };
    assert!(
        p > measure().1,
        "{what}: p = {p}; deciles with an account {:?}, without {:?}",
        deciles(&known),
        deciles(&unknown)
    );
}

/// The largest distance between two empirical distributions (Kolmogorov and Smirnov); sorts both.
fn distance(one: &mut [Duration], other: &mut [Duration]) -> f64 {
    one.sort_unstable();
    other.sort_unstable();
    let share = |all: &[Duration], at: Duration| {
        f64::from(u32::try_from(all.partition_point(|time| *time <= at)).unwrap())
            / f64::from(u32::try_from(all.len()).unwrap())
    };
    let places = one.iter().chain(other.iter());
    places.map(|at| (share(one, *at) - share(other, *at)).abs()).fold(0.0, f64::max)
}

/// How likely chance alone makes such a distance or a larger one between two times `samples` of one distribution.
fn by_chance(distance: f64, samples: usize) -> f64 {
    let size = f64::from(u32::try_from(samples).unwrap()) / 2.0;
    let lambda = distance * size.sqrt();
    // Kolmogorov's series; for small distances it converges slowly towards 1.
    if lambda < 0.3 {
        return 1.0;
    }
    let term = |k: f64| (-2.0 * k * k * lambda * lambda).exp();
    (1..=100).map(|k| if k % 2 == 1 { term(f64::from(k)) } else { -term(f64::from(k)) }).sum::<f64>() * 2.0
}

#[test]
fn distances_are_as_likely_as_the_tables_say() {
    // The usual critical values, 1.36·√(2/n) for 5 % and 1.63·√(2/n) for 1 %.
    for (factor, p) in [(1.36, 0.05), (1.63, 0.01), (2.68, 1e-6)] {
        let found = by_chance(factor * (2.0_f64 / 1_000.0).sqrt(), 1_000);
        assert!((found / p - 1.0).abs() < 0.2, "{factor}: {found}");
    }
    assert!((by_chance(0.0, 10) - 1.0).abs() < f64::EPSILON);
}

fn address(is_known: bool, n: usize) -> String {
    format!("{}{n}@example.com", if is_known { "known" } else { "nobody" })
}

/// Compares what a request that names no one else answers for one known address and for many unknown ones.
async fn compare_posts(what: &str, path: &str, password: Option<&str>, status: u16) {
    let world = World::new().await;
    world.person("known@example.com").await;
    compare(what, measure().0, async |is_known, n| {
        let email = if is_known { "known@example.com".to_owned() } else { address(false, n) };
        let mut body = json!({ "email": email });
        if let Some(password) = password {
            body["password"] = password.into();
        }
        assert_eq!(world.post(path, "", body).await.status, status);
    })
    .await;
}

#[tokio::test]
async fn sec_33_sign_ins_take_as_long_for_unknown_addresses_as_for_wrong_passwords() {
    compare_posts("sign-in", "/v1/login", Some("wrong wrong wrong"), 401).await;
}

#[tokio::test]
async fn sec_33_asking_for_a_reset_takes_as_long_without_an_account() {
    compare_posts("reset", "/v1/password-reset", None, 202).await;
}

#[tokio::test]
async fn sec_33_signing_up_takes_as_long_for_an_address_that_is_taken() {
    compare_posts("sign-up", "/v1/signup", Some(PASSWORD), 202).await;
}

#[tokio::test]
async fn sec_33_inviting_takes_as_long_for_an_address_without_an_account() {
    let world = World::new().await;
    let owner: Person = world.person("owner@example.com").await;
    let (samples, _) = measure();
    world.accounts(samples + 1, "known").await;
    compare("invite", samples, async |is_known, n| {
        let body = json!({"email": address(is_known, n), "role": "viewer"});
        world.post(&owner.at("/invitations"), &owner.access, body).await.ok();
    })
    .await;
}
