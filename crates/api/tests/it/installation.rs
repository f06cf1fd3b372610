//! What an installation for one machine offers, and that nobody else gets it.

use std::net::SocketAddr;

use api::Sample;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use serde_json::{Value, json};
use testkit::upstream::Upstream;
use worker::{MailFiles, Mailer};

use crate::world::{Answer, World};

/// A loopback world, its folder of mails and the server behind the sample's address.
async fn local() -> (World, tempfile::TempDir, Upstream) {
    let folder = tempfile::tempdir().unwrap();
    let upstream = Upstream::builder().tools_named(["read"]).start().await.unwrap();
    let sample = Sample { url: upstream.url.parse().unwrap(), header: "x-copy" };
    (World::local(sample, MailFiles::within(folder.path())).await, folder, upstream)
}

async fn from(world: &World, peer: Option<&str>, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    if let Some(peer) = peer {
        let address: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
    }
    world.raw(request).await
}

#[tokio::test]
async fn mails_are_shown_to_the_machine_itself_and_to_nobody_else() {
    let (world, folder, _upstream) = local().await;
    let mailer = Mailer::files("mail@example.com", folder.path()).unwrap();
    let text = "Open\n\nhttp://127.0.0.1:8080/app/verify-email#token=x\n";
    mailer.send("alice@example.com", "Confirm", text).await.unwrap();
    let here = Some("127.0.0.1:5000");
    let host = ("host", "localhost:8080");
    let mails = from(&world, here, "/v1/dev/mails", &[host]).await.ok();
    assert_eq!(mails["mails"][0]["link"], "http://127.0.0.1:8080/app/verify-email#token=x");
    let path = format!("/v1/dev/mails/{}", mails["mails"][0]["id"].as_str().unwrap());
    assert_eq!(from(&world, here, &path, &[host]).await.ok()["text"], text);
    assert_eq!(from(&world, here, "/v1/installation", &[host]).await.ok()["dev_mails"], true);
    for (peer, headers) in [
        (Some("192.0.2.7:5000"), vec![host]),
        (None, vec![host]),
        (here, vec![]),
        (here, vec![("host", "evil.example:8080")]),
        (here, vec![host, ("x-forwarded-for", "192.0.2.7")]),
        (here, vec![host, ("forwarded", "for=192.0.2.7")]),
    ] {
        for path in ["/v1/dev/mails", &path] {
            assert_eq!(from(&world, peer, path, &headers).await.code(), "not_found", "{peer:?} {headers:?}");
        }
        assert_eq!(from(&world, peer, "/v1/installation", &headers).await.ok()["dev_mails"], false);
    }
    for odd in ["/v1/dev/mails/../keys/jwt.key", "/v1/dev/mails/%2e%2e%2fnotes", "/v1/dev/mails/x"] {
        assert_eq!(from(&world, here, odd, &[host]).await.code(), "not_found", "{odd}");
    }
}

#[tokio::test]
async fn the_sample_server_is_registered_once_follows_its_address_and_takes_no_other_servers_name() {
    let (world, _folder, upstream) = local().await;
    let alice = world.person("alice@example.com").await;
    let path = alice.at("/sample-server");
    let added = world.post(&path, &alice.access, Value::Null).await;
    assert_eq!(added.status, 201);
    let added = added.json();
    assert_eq!((&added["slug"], &added["url"]), (&json!("sample"), &json!(upstream.url)));
    let again = world.post(&path, &alice.access, Value::Null).await;
    assert_eq!((again.status.as_u16(), &again.json()["id"]), (200, &added["id"]));

    let elsewhere = Upstream::builder().tools_named(["read"]).start().await.unwrap();
    let moved = json!({"url": elsewhere.url, "headers": {"x-copy": "1"}});
    world.patch(&alice.at("/servers/sample"), &alice.access, moved).await.ok();
    assert_eq!(world.post(&path, &alice.access, Value::Null).await.ok()["url"], upstream.url);

    let bob = world.person("bob@example.com").await;
    let own = json!({"name": "Sample", "url": elsewhere.url});
    world.post(&bob.at("/servers"), &bob.access, own).await.ok();
    let refused = world.post(&bob.at("/sample-server"), &bob.access, Value::Null).await;
    assert_eq!(refused.code(), "conflict");
}
