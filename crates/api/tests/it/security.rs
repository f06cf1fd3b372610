//! The control plane's part of the security list, by number, where no other file has the subject.

use std::sync::Arc;

use api::{Pace, Paces};
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::access::{MATRIX, ask, fill};
use crate::isolation;
use crate::world::{Answer, PASSWORD, PUBLIC_URL, Person, World};

/// Everything that an admin can read of their organisation, the audit of changes included.
async fn state(world: &World, person: &Person) -> Vec<String> {
    let mut all = isolation::dump(world, person).await;
    all.push(world.get(&person.at("/changes"), &person.access).await.text);
    all
}

#[tokio::test]
async fn sec_25_a_removed_member_finds_nothing_any_more() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let bob = world.person("bob@example.com").await;
    world.join(&bob, &alice.org, "admin").await;
    let values = isolation::fill(&world, &alice).await;
    world.get(&alice.at("/members"), &bob.access).await.ok();
    let id = world.get("/v1/me", &bob.access).await.ok()["user"]["id"].as_str().unwrap().to_owned();
    world.delete(&alice.at(&format!("/members/{id}")), &alice.access).await.ok();
    let before = state(&world, &alice).await;
    for operation in isolation::operations(&values) {
        let answer = isolation::send(&world, Some(&bob.access), &operation).await;
        assert_eq!(answer.code(), "not_found", "{operation:?}");
    }
    assert_eq!(state(&world, &alice).await, before);
}

#[tokio::test]
async fn sec_26_two_organisations_with_equal_names_for_everything_do_not_meet() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let bob = world.person("bob@example.com").await;
    isolation::fill(&world, &alice).await;
    let values = isolation::fill(&world, &bob).await;
    let before = state(&world, &alice).await;
    // Bob's admin does everything that can be done, the end of his organisation included.
    let mut operations = isolation::operations(&values);
    operations.sort_by_key(|(method, path)| (*method == Method::DELETE, std::cmp::Reverse(path.len())));
    for operation in operations {
        isolation::send(&world, Some(&bob.access), &operation).await;
    }
    assert_eq!(state(&world, &alice).await, before);
}

#[tokio::test]
async fn sec_27_no_operation_takes_a_field_that_is_not_documented() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    isolation::fill(&world, &alice).await;
    let before = state(&world, &alice).await;
    let document: Value = serde_json::from_str(api::openapi_json()).unwrap();
    let mut tried = 0;
    for (method, (base, rest, body, _)) in MATRIX {
        let template = format!("{base}{rest}");
        if document["paths"][&template][method.to_lowercase()]["requestBody"].is_null() {
            continue;
        }
        let body = if body.is_empty() { "{}" } else { body };
        for (field, value) in [("role", json!("admin")), ("org_id", json!("x")), ("enabled_by", json!(true))]
        {
            let mut given: Value = serde_json::from_str(body).unwrap();
            if given.get(field).is_some() {
                continue;
            }
            // A field of this name may be one of another operation; none has this spelling.
            let field = format!("{field}_");
            given[&field] = value.clone();
            let path = fill(&template, &alice.org);
            let answer = ask(&world, Some(&alice.access), method, &path, &given.to_string()).await;
            assert!([400, 422].contains(&answer.status.as_u16()), "{method} {path} {given}: {answer:?}");
            assert!(answer.text.contains(&field), "{method} {path} {given}: {answer:?}");
            tried += 1;
        }
    }
    assert!(tried >= 60, "only {tried} were tried");
    assert_eq!(state(&world, &alice).await, before);
}

#[tokio::test]
async fn sec_28_of_many_who_change_one_version_of_a_policy_at_once_one_succeeds() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    isolation::fill(&world, &alice).await;
    let path = alice.at("/servers/one/policies/main");
    let etag = world.get(&path, &alice.access).await.headers["etag"].clone();
    let put = |n: usize| {
        let request = Request::put(path.clone())
            .header("authorization", format!("Bearer {}", alice.access))
            .header("content-type", "application/json")
            .header("if-match", etag.clone());
        let body = json!({"version": "1", "default": "deny", "description": format!("by {n}")}).to_string();
        world.raw(request.body(Body::from(body)).unwrap())
    };
    let answers = futures_util::future::join_all((0..8).map(put)).await;
    let won = answers.iter().filter(|answer| answer.status == 201 || answer.status == 200).count();
    let lost = answers.iter().filter(|answer| answer.status == 409).count();
    assert_eq!((won, lost), (1, 7), "{answers:?}");
}

#[tokio::test]
async fn sec_30_a_token_is_shown_once_and_is_in_no_answer_afterwards() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let list = alice.at("/teams/default/identities");
    let identity = world.post(&list, &alice.access, json!({"label": "a", "kind": "agent"})).await.ok();
    let tokens = format!("{list}/{}/tokens", identity["id"].as_str().unwrap());
    let token =
        world.post(&tokens, &alice.access, json!({})).await.ok()["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("plt_") && token.len() == 40, "{token}");
    let digest = secrets::token::check(&token).unwrap().digest.to_string();
    for path in [tokens, alice.at("/changes"), list] {
        let answer = world.get(&path, &alice.access).await;
        assert_eq!(answer.status, 200);
        for secret in [&token[4..34], &digest] {
            assert!(!answer.text.contains(secret), "{path}");
        }
    }
}

#[tokio::test]
async fn sec_31_passwords_are_kept_as_argon2id_and_hashed_anew_at_the_next_sign_in_when_parameters_rise() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let kept = async || world.store.credentials(&alice.email).await.unwrap().unwrap().password_hash;
    let parameters = |phc: &str| phc.split('$').take(4).collect::<Vec<_>>().join("$");
    assert_eq!(parameters(&kept().await), "$argon2id$v=19$m=19456,t=2,p=1");
    // The same password with 8 MiB and one pass, as an older build might have kept it.
    let old = OLD_HASH;
    let sql = format!("update user_account set password_hash = '{old}' where email = '{}'", alice.email);
    world.database.execute(sql).await.unwrap();
    let login = |password: &str| {
        world.post("/v1/login", "", json!({"email": "alice@example.com", "password": password}))
    };
    assert_eq!(login("wrong wrong wrong").await.code(), "invalid_credentials");
    assert_eq!(kept().await, old, "a wrong password changes nothing");
    login(PASSWORD).await.ok();
    let fresh = kept().await;
    assert_eq!(parameters(&fresh), "$argon2id$v=19$m=19456,t=2,p=1");
    login(PASSWORD).await.ok();
    assert_eq!(kept().await, fresh, "it is not hashed at every sign-in");
}

/// `correct horse battery` under `m=8192,t=1,p=1`.
const OLD_HASH: &str =
    "$argon2id$v=19$m=8192,t=1,p=1$69kA00x1czqBqU4WN1Sfew$De6E7SPVH0epSQVY708K2Qg1ISAk+wxi5K3vyyVSHm4";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sec_31_a_thousand_sign_ins_at_once_leave_the_rest_of_the_api_answering() {
    let world = Arc::new(World::new().await);
    let alice = world.person("alice@example.com").await;
    let logins: Vec<_> = (0..1_000)
        .map(|n| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                let body = json!({"email": format!("user{n}@example.com"), "password": PASSWORD});
                world.post("/v1/login", "", body).await.code()
            })
        })
        .collect();
    let mut answered = 0;
    while logins.iter().any(|login| !login.is_finished()) {
        world.get("/v1/me", &alice.access).await.ok();
        answered += 1;
    }
    let mut codes = std::collections::BTreeMap::new();
    for login in logins {
        *codes.entry(login.await.unwrap()).or_insert(0) += 1;
    }
    // Two hash at a time and a hundred wait; whoever comes on top of that is told to come back.
    assert!(codes["invalid_credentials"] >= 102 && codes.len() <= 2, "{codes:?}");
    assert!(answered >= 10, "only {answered} other requests were answered meanwhile");
}

/// A sign-in from an address of its own.
async fn login_from(world: &World, source: [u8; 4], email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password}).to_string();
    let request = Request::post("/v1/login").header("content-type", "application/json");
    let mut request = request.body(Body::from(body)).unwrap();
    request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from((source, 5000))));
    world.raw(request).await
}

#[tokio::test]
async fn sec_32_spraying_one_password_over_accounts_stops_at_the_source() {
    let world = World::with_paces(Paces::default()).await;
    let mut passed = 0;
    for n in 0..80 {
        let answer = login_from(&world, [192, 0, 2, 1], &format!("user{n}@example.com"), PASSWORD).await;
        passed += u32::from(answer.code() == "invalid_credentials");
    }
    assert_eq!(passed, 51, "fifty are free, and one more begins the wait");
    let other = login_from(&world, [192, 0, 2, 2], "user99@example.com", PASSWORD).await;
    assert_eq!(other.code(), "invalid_credentials", "another source is not held back");
}

#[tokio::test]
async fn sec_32_stuffing_one_account_from_many_sources_is_slowed_and_locks_the_owner_out_for_a_minute_at_most()
 {
    let world = World::with_paces(Paces::default()).await;
    world.person("alice@example.com").await;
    let mut passed = 0;
    for n in 0..200_u8 {
        let answer = login_from(&world, [198, 51, 100, n], "alice@example.com", "wrong wrong wrong").await;
        passed += u32::from(answer.code() == "invalid_credentials");
    }
    assert_eq!(passed, 51);
    let mut waited = 0;
    loop {
        let answer = login_from(&world, [203, 0, 113, 7], "alice@example.com", PASSWORD).await;
        if answer.status == 200 {
            break;
        }
        let wait: i64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        world.pass_seconds(wait);
        waited += wait;
    }
    assert!(waited <= 60, "{waited} s");
}

#[tokio::test]
async fn sec_32_after_so_many_wrong_passwords_in_a_row_only_known_places_and_a_mailed_link_lead_in() {
    assert_eq!(Paces::default().in_a_row, 100);
    let many = Pace { name: "test", free: 10_000, ceiling_ms: 1000, memory_ms: 1000 };
    let paces =
        Paces { account_from_source: many, account: many, source: many, in_a_row: 5, ..Paces::default() };
    let world = World::with_paces(paces).await;
    let home = [203, 0, 113, 7];
    world.person("alice@example.com").await;
    assert_eq!(login_from(&world, home, "alice@example.com", PASSWORD).await.status, 200);
    let stranger = async |n: u8, email: &str, password: &str| {
        login_from(&world, [198, 51, 100, n], email, password).await
    };
    for email in ["alice@example.com", "nobody@example.com"] {
        for n in 0..5 {
            assert_eq!(stranger(n, email, "wrong wrong wrong").await.code(), "invalid_credentials");
        }
        assert_eq!(stranger(100, email, "wrong wrong wrong").await.code(), "sign_in_closed");
    }
    let closed = stranger(101, "Alice@Example.com", PASSWORD).await;
    assert_eq!((closed.status.as_u16(), closed.code().as_str()), (403, "sign_in_closed"));
    assert_eq!(stranger(101, "bob@example.com", PASSWORD).await.code(), "invalid_credentials");

    // Where Alice has signed in before, strangers elsewhere have used up nothing.
    for _ in 0..4 {
        let answer = login_from(&world, home, "alice@example.com", "wrong wrong wrong").await;
        assert_eq!(answer.code(), "invalid_credentials");
    }
    assert_eq!(login_from(&world, home, "alice@example.com", PASSWORD).await.status, 200);
    assert_eq!(
        stranger(102, "alice@example.com", PASSWORD).await.status,
        200,
        "a success begins the row anew"
    );

    for n in 0..=5 {
        stranger(n, "alice@example.com", "wrong wrong wrong").await;
        login_from(&world, home, "alice@example.com", "wrong wrong wrong").await;
    }
    assert_eq!(stranger(103, "alice@example.com", PASSWORD).await.code(), "sign_in_closed");
    assert_eq!(login_from(&world, home, "alice@example.com", PASSWORD).await.code(), "sign_in_closed");
    world.post("/v1/password-reset", "", json!({"email": "alice@example.com"})).await.ok();
    let mail = world.mail("alice@example.com").await;
    let token = mail.split_whitespace().find_map(|word| word.split_once("#token=")).unwrap().1.to_owned();
    let new = "staple battery horse";
    world.post("/v1/password-reset/complete", "", json!({"token": token, "password": new})).await.ok();
    assert_eq!(login_from(&world, home, "alice@example.com", new).await.status, 200);
    assert_eq!(stranger(104, "alice@example.com", new).await.status, 200);
}

#[tokio::test]
async fn sec_34_reading_changes_nothing() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    isolation::fill(&world, &alice).await;
    let before = state(&world, &alice).await;
    let mut tried = 0;
    for (_, (base, rest, ..)) in MATRIX.iter().filter(|(method, _)| *method == "GET") {
        let path = fill(&format!("{base}{rest}"), &alice.org);
        ask(&world, Some(&alice.access), "GET", &path, "").await;
        tried += 1;
    }
    // Nor does an address that takes changes, when it is only read.
    for (_, (base, rest, ..)) in MATRIX.iter().filter(|(method, _)| *method != "GET") {
        let path = fill(&format!("{base}{rest}"), &alice.org);
        ask(&world, Some(&alice.access), "GET", &path, "").await;
        tried += 1;
    }
    assert!(tried >= 60, "{tried}");
    assert_eq!(state(&world, &alice).await, before);
}

#[tokio::test]
async fn sec_34_signing_in_never_takes_over_a_cookie_that_was_there_before() {
    let world = World::new().await;
    let mallory = world.person("mallory@example.com").await;
    world.person("alice@example.com").await;
    let planted = format!("__Host-policylayer_refresh={}", mallory.refresh);
    let body = json!({"email": "alice@example.com", "password": PASSWORD, "cookie": true});
    let request = Request::post("/v1/login")
        .header("content-type", "application/json")
        .header("origin", PUBLIC_URL)
        .header("cookie", &planted);
    let answer = world.raw(request.body(Body::from(body.to_string())).unwrap()).await;
    assert_eq!(answer.status, 200);
    let kept = answer.headers["set-cookie"].to_str().unwrap();
    assert!(!kept.starts_with(&planted) && kept.contains("HttpOnly"), "{kept}");
    // Whoever planted it still holds their own sign-in and nothing of hers.
    let next = world.post("/v1/refresh", "", json!({"refresh_token": mallory.refresh})).await.ok();
    let me = world.get("/v1/me", next["access_token"].as_str().unwrap()).await.ok();
    assert_eq!(me["user"]["email"], "mallory@example.com");
}

#[tokio::test]
async fn sec_36_a_token_for_the_outside_opens_nothing_inside_nor_the_other_way_round() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let node = world.node();
    assert_eq!(world.get("/v1/me", &node).await.code(), "unauthenticated");
    assert_eq!(world.post("/internal/v1/events", &alice.access, json!([])).await.code(), "unauthenticated");
    let [header, claims, mac]: [&str; 3] = alice.access.split('.').collect::<Vec<_>>().try_into().unwrap();
    for forged in [
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
        format!("{header}.{claims}.{mac}.{mac}"),
        format!("{claims}.{header}.{mac}"),
        format!("{header}.{claims}.{}", mac.to_lowercase()),
    ] {
        assert_eq!(world.get("/v1/me", &forged).await.code(), "unauthenticated", "{forged}");
    }
}

#[tokio::test]
async fn sec_37_a_link_in_a_mail_keeps_its_token_out_of_what_browsers_send() {
    let few = Pace { name: "test", free: 100, ceiling_ms: 1000, memory_ms: 1000 };
    let world = World::with_paces(Paces { letter: few, signup: few, ..Paces::default() }).await;
    let alice = world.person("alice@example.com").await;
    world.post("/v1/password-reset", "", json!({"email": alice.email})).await.ok();
    let body = json!({"email": "guest@example.com", "role": "viewer"});
    world.post(&alice.at("/invitations"), &alice.access, body).await.ok();
    for address in ["alice@example.com", "guest@example.com"] {
        let mail = world.mail(address).await;
        let link = mail.lines().find(|line| line.starts_with(PUBLIC_URL)).unwrap();
        let (place, fragment) = link.split_once('#').unwrap();
        // What follows the mark never leaves the browser: neither in a request nor as a referrer.
        assert!(fragment.starts_with("token=") && !place.contains(&fragment[6..]), "{link}");
    }
    let answer = world.get("/v1/me", &alice.access).await;
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
}
