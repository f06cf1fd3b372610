//! The client against real sockets: what it connects to, what it keeps, and what it says when it fails.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop; clippy does not see helpers as tests"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use egress::{Client, Options, Resolver, Rules, SendError, SendErrorKind, Target};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const OK_AND_CLOSE: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// An upstream that gives every request the same answer and remembers the requests.
struct Upstream {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Upstream {
    /// Without an answer it reads each request and closes.
    async fn start(address: IpAddr, answer: Option<&'static str>) -> Self {
        Self::serve(address, answer, None).await
    }

    async fn serve(
        address: IpAddr,
        answer: Option<&'static str>,
        tls: Option<tokio_rustls::TlsAcceptor>,
    ) -> Self {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let upstream = Self {
            port: listener.local_addr().unwrap().port(),
            requests: Arc::default(),
            connections: Arc::default(),
        };
        let (requests, connections) = (Arc::clone(&upstream.requests), Arc::clone(&upstream.connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                let (requests, tls) = (Arc::clone(&requests), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => converse(stream, answer, requests).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => converse(stream, answer, requests).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        upstream
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: Option<&'static str>,
    requests: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let mut unread = Vec::new();
    loop {
        // All requests of these tests have the four-byte body `body`.
        while !unread.ends_with(b"\r\n\r\nbody") {
            let count = stream.read_buf(&mut unread).await.ok()?;
            (count > 0).then_some(())?;
        }
        requests.lock().unwrap().push(String::from_utf8(std::mem::take(&mut unread)).unwrap());
        stream.write_all(answer?.as_bytes()).await.ok()?;
        if answer == Some(OK_AND_CLOSE) {
            stream.shutdown().await.ok()?;
            return None;
        }
    }
}

fn allow(networks: &[&str]) -> Rules {
    Rules { allow: networks.iter().map(|text| text.parse().unwrap()).collect(), https_only: false }
}

fn client(rules: Rules, resolve: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Client {
    let options = Options { resolver: Some(Resolver::Fixed(Arc::new(resolve))), ..Options::default() };
    Client::new(rules, options).unwrap()
}

fn target(url: &str) -> Target {
    Target::parse(url, &allow(&["0.0.0.0/0", "::/0"])).unwrap()
}

fn request() -> Request<Full<Bytes>> {
    Request::post("/ignored").header("x-mark", "1").body(Full::from("body")).unwrap()
}

async fn send(client: &Client, url: &str) -> Result<(StatusCode, Bytes), SendError> {
    let response = client.send(&target(url), request()).await?;
    Ok((response.status(), response.into_body().collect().await.unwrap().to_bytes()))
}

fn unsent(result: Result<(StatusCode, Bytes), SendError>) -> SendErrorKind {
    let error = result.unwrap_err();
    assert!(!error.sent, "{error}");
    error.kind
}

#[tokio::test]
async fn a_request_goes_to_the_checked_address_under_the_name_of_the_url() {
    let upstream = Upstream::start(LOOPBACK, Some(OK)).await;
    let client = client(allow(&["127.0.0.1"]), |name| {
        assert_eq!(name, "mcp.example");
        vec![LOOPBACK]
    });
    let url = format!("http://mcp.example:{}/v1/mcp?a=b", upstream.port);
    assert_eq!(send(&client, &url).await.unwrap(), (StatusCode::OK, Bytes::from("ok")));
    let seen = upstream.requests().remove(0);
    assert!(seen.starts_with("POST /v1/mcp?a=b HTTP/1.1\r\n"), "{seen}");
    assert!(seen.contains(&format!("\r\nhost: mcp.example:{}\r\n", upstream.port)), "{seen}");
    assert!(seen.contains("\r\nx-mark: 1\r\n"), "{seen}");
}

#[tokio::test]
async fn connections_are_kept_and_used_again() {
    let upstream = Upstream::start(LOOPBACK, Some(OK)).await;
    let client = client(allow(&["127.0.0.1"]), |_| vec![LOOPBACK]);
    for _ in 0..20 {
        send(&client, &format!("http://mcp.example:{}/", upstream.port)).await.unwrap();
    }
    assert_eq!(upstream.requests().len(), 20);
    assert!(upstream.connections.load(Ordering::SeqCst) <= 2);
}

#[tokio::test]
async fn a_name_that_changes_its_address_never_reaches_what_is_forbidden() {
    let upstream = Upstream::start(LOOPBACK, Some(OK_AND_CLOSE)).await;
    let inside: IpAddr = "127.0.0.2".parse().unwrap();
    let canary = TcpListener::bind((inside, upstream.port)).await.unwrap();
    let turn = AtomicUsize::new(0);
    let client = client(allow(&["127.0.0.1"]), move |_| {
        let turn = turn.fetch_add(1, Ordering::SeqCst);
        vec![if turn.is_multiple_of(2) { LOOPBACK } else { inside }]
    });
    let mut outcomes = [0; 2];
    for _ in 0..500 {
        match send(&client, &format!("http://rebind.example:{}/", upstream.port)).await {
            Ok(_) => outcomes[0] += 1,
            blocked => {
                assert_eq!(unsent(blocked), SendErrorKind::Blocked);
                outcomes[1] += 1;
            }
        }
    }
    assert!(outcomes[0] >= 200 && outcomes[1] >= 200, "{outcomes:?}");
    let hit = tokio::time::timeout(Duration::from_millis(50), canary.accept()).await;
    assert!(hit.is_err(), "a connection reached the forbidden address");
}

#[tokio::test]
async fn one_forbidden_address_among_good_ones_condemns_the_name() {
    let upstream = Upstream::start(LOOPBACK, Some(OK)).await;
    for other in ["169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"] {
        let client = client(allow(&["127.0.0.1"]), move |_| vec![LOOPBACK, other.parse().unwrap()]);
        let result = send(&client, &format!("http://mixed.example:{}/", upstream.port)).await;
        assert_eq!(unsent(result), SendErrorKind::Blocked, "{other}");
    }
    assert_eq!(upstream.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_literal_address_is_checked_when_connecting_even_if_nobody_checked_the_url() {
    let upstream = Upstream::start(LOOPBACK, Some(OK)).await;
    let client = client(Rules::default(), |_| vec![LOOPBACK]);
    for host in ["127.0.0.1", "[::ffff:127.0.0.1]", "localhost", "named.example"] {
        let result = send(&client, &format!("http://{host}:{}/", upstream.port)).await;
        assert_eq!(unsent(result), SendErrorKind::Blocked, "{host}");
    }
    assert_eq!(upstream.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn localhost_works_where_it_is_allowed_and_is_never_asked_of_a_name_server() {
    let upstream = Upstream::start(LOOPBACK, Some(OK)).await;
    let client = client(allow(&["127.0.0.1"]), |name| panic!("{name} was looked up"));
    send(&client, &format!("http://localhost:{}/", upstream.port)).await.unwrap();
    send(&client, &format!("http://app.localhost:{}/", upstream.port)).await.unwrap();
}

#[tokio::test]
async fn the_systems_resolver_reads_the_hosts_file() {
    let Ok(hosts) = std::fs::read_to_string("/etc/hosts") else { return };
    let own = hosts.lines().filter_map(|line| {
        let mut words = line.split('#').next()?.split_whitespace();
        let address: Ipv4Addr = words.next()?.parse().ok()?;
        Some((address, words.find(|name| *name != "localhost" && !name.ends_with(".localhost"))?.to_owned()))
    });
    for (address, name) in own.take(3) {
        let rules = Rules { https_only: false, allow: Vec::new() };
        let client = Client::new(rules, Options::default()).unwrap();
        let error = send(&client, &format!("http://{name}:1/")).await.unwrap_err();
        assert_ne!(error.kind, SendErrorKind::Dns, "{name} is {address} in /etc/hosts: {error}");
    }
}

#[tokio::test]
async fn a_redirect_is_handed_back_and_not_followed() {
    let redirect =
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n";
    let upstream = Upstream::start(LOOPBACK, Some(redirect)).await;
    let client = client(allow(&["127.0.0.1"]), |_| vec![LOOPBACK]);
    let (status, _) = send(&client, &format!("http://mcp.example:{}/", upstream.port)).await.unwrap();
    assert_eq!(status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn failures_before_the_request_are_known_to_have_sent_nothing() {
    let free = TcpListener::bind((LOOPBACK, 0)).await.unwrap().local_addr().unwrap().port();
    let rules = allow(&["127.0.0.1"]);
    let known = client(rules.clone(), |_| vec![LOOPBACK]);
    assert_eq!(unsent(send(&known, &format!("http://mcp.example:{free}/")).await), SendErrorKind::Refused);
    let unknown = client(rules.clone(), |_| Vec::new());
    let error = send(&unknown, "http://nowhere.example/").await.unwrap_err();
    assert_eq!((error.kind, error.sent), (SendErrorKind::Dns, false));
    assert!(error.message.contains("nowhere.example"), "{error}");

    let silent = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let options = Options {
        resolver: Some(Resolver::Fixed(Arc::new(|_| vec![LOOPBACK]))),
        connect_timeout: Duration::from_millis(100),
        ..Options::default()
    };
    let hasty = Client::new(rules, options).unwrap();
    let url = format!("https://mcp.example:{}/", silent.local_addr().unwrap().port());
    assert_eq!(unsent(send(&hasty, &url).await), SendErrorKind::Timeout);
}

#[tokio::test]
async fn a_request_that_may_have_arrived_is_reported_and_never_repeated() {
    let upstream = Upstream::start(LOOPBACK, None).await;
    let client = client(allow(&["127.0.0.1"]), |_| vec![LOOPBACK]);
    let error = send(&client, &format!("http://mcp.example:{}/", upstream.port)).await.unwrap_err();
    assert_eq!((error.kind, error.sent), (SendErrorKind::Broken, true));
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn connections_that_the_server_closed_cost_no_call_and_double_none() {
    // Answers as if it kept the connection, then closes it: the next request may find the pooled one dead.
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut unread = Vec::new();
            while !unread.ends_with(b"body") && stream.read_buf(&mut unread).await.unwrap() > 0 {}
            count.fetch_add(usize::from(unread.ends_with(b"body")), Ordering::SeqCst);
            stream.write_all(OK.as_bytes()).await.unwrap();
        }
    });
    let client = client(allow(&["127.0.0.1"]), |_| vec![LOOPBACK]);
    let (mut answered, mut broken) = (0, 0);
    for _ in 0..200 {
        match send(&client, &format!("http://mcp.example:{port}/")).await {
            Ok(_) => answered += 1,
            Err(error) => {
                assert!(error.sent && error.kind == SendErrorKind::Broken, "{error}");
                broken += 1;
            }
        }
    }
    let seen = seen.load(Ordering::SeqCst);
    assert_eq!(seen, answered, "{broken} broken: each answer stands for one arrival");
}

fn issue(name: &str) -> (rcgen::CertifiedKey<rcgen::KeyPair>, tokio_rustls::TlsAcceptor) {
    let certified = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    (certified, tokio_rustls::TlsAcceptor::from(Arc::new(config)))
}

#[tokio::test]
async fn tls_is_verified_against_the_name_of_the_url() {
    let (certified, acceptor) = issue("mcp.example");
    let upstream = Upstream::serve(LOOPBACK, Some(OK), Some(acceptor)).await;
    let client = |extra_roots| {
        let resolver = Some(Resolver::Fixed(Arc::new(|_: &str| vec![LOOPBACK])));
        Client::new(allow(&["127.0.0.1"]), Options { resolver, extra_roots, ..Options::default() }).unwrap()
    };
    let trusting = client(vec![certified.cert.der().clone()]);
    let url = |host: &str| format!("https://{host}:{}/", upstream.port);
    assert_eq!(send(&trusting, &url("mcp.example")).await.unwrap().0, StatusCode::OK);
    assert_eq!(send(&trusting, &url("mcp.example.")).await.unwrap().0, StatusCode::OK);
    assert_eq!(unsent(send(&trusting, &url("other.example")).await), SendErrorKind::Tls);
    assert_eq!(unsent(send(&trusting, &url("127.0.0.1")).await), SendErrorKind::Tls);
    let error = send(&client(Vec::new()), &url("mcp.example")).await.unwrap_err();
    assert_eq!((error.kind, error.sent), (SendErrorKind::Tls, false));
    assert!(error.message.to_lowercase().contains("certificate"), "{error}");
    assert_eq!(upstream.requests().len(), 2);
}

#[test]
fn a_client_can_be_made_before_the_runtime_starts() {
    let client = Client::new(Rules::default(), Options::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let result = runtime.block_on(send(&client, "http://127.0.0.1:9/"));
    assert_eq!(unsent(result), SendErrorKind::Blocked);
}
