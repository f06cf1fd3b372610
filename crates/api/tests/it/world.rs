//! A control plane of one's own, and the people in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use api::{Api, ApiParts, Changes, Pace, Paces, Quota, Sample};
use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use secrets::jwt::{AccessTokens, NodeTokens};
use secrets::password::Workers;
use secrets::sealed::{Purpose, Sealer};
use secrets::{ExposeSecret, Key, Pepper};
use serde_json::{Value, json};
use store::Store;
use testkit::postgres::{Database, database};
use tower::ServiceExt;
use worker::MailFiles;

use crate::promised;

pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const PUBLIC_URL: &str = "https://gate.example";

/// One control plane.
pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) api: Api,
    pub(crate) store: Store,
    pub(crate) changes: Changes,
    pub(crate) database: Database,
    pub(crate) nodes: NodeTokens,
    pub(crate) sealer: Sealer,
    clock: Arc<AtomicI64>,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The problem's code; fails when the answer is no proper problem.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{self:?}");
        let body = self.json();
        let code = body["code"].as_str().unwrap().to_owned();
        assert_eq!(body["status"], self.status.as_u16(), "{self:?}");
        assert_eq!(body["type"], format!("/docs/errors#{code}"));
        assert_eq!(body["request_id"], self.headers["x-request-id"].to_str().unwrap());
        code
    }

    /// The answer of a request that must succeed.
    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{self:?}");
        if self.text.is_empty() { Value::Null } else { self.json() }
    }
}

/// More than any test asks for.
const PLENTY: Quota = Quota { requests: 100_000, window_ms: 60_000 };

/// A signed-in person with an organisation.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) org: String,
}

/// A control plane over a database, as a process of its own would be.
fn control_plane(
    store: &Store,
    clock: &Arc<AtomicI64>,
    (quota, paces): (Quota, Paces),
    (sample, mail_files): (Option<Sample>, Option<MailFiles>),
) -> (Api, Changes) {
    let time = Arc::clone(clock);
    let changes = Changes::start(store.clone());
    let loopback: ipnet::IpNet = "127.0.0.1/32".parse().unwrap();
    let rules = egress::Rules { allow: vec![loopback.into()], ..egress::Rules::default() };
    let api = Api::new(ApiParts {
        store: store.clone(),
        changes: changes.clone(),
        workers: Workers::new(2.try_into().unwrap(), 100),
        pepper: Arc::new(Pepper::new(Key::from_bytes([1; 32]))),
        access_tokens: AccessTokens::new(&Key::from_bytes([2; 32]), PUBLIC_URL),
        node_tokens: NodeTokens::new(&Key::from_bytes([3; 32])),
        sealer: Sealer::new(&Key::from_bytes([4; 32]), Purpose::UpstreamHeaders),
        call_sealer: Sealer::new(&Key::from_bytes([4; 32]), Purpose::ParkedCall),
        argument_sealer: Sealer::new(&Key::from_bytes([4; 32]), Purpose::Arguments),
        answer_sealer: Sealer::new(&Key::from_bytes([4; 32]), Purpose::Answer),
        egress: egress::Client::new(rules.clone(), egress::Options::default()).unwrap(),
        egress_rules: rules,
        public_url: PUBLIC_URL.parse().unwrap(),
        quota,
        paces,
        recovery_patience: jiff::SignedDuration::from_secs(15),
        sample,
        mail_files,
        clock: Arc::new(move || time.load(Ordering::Relaxed)),
    });
    (api, changes)
}

impl World {
    pub(crate) async fn new() -> Self {
        let slow = Pace { name: "test", free: 10_000, ceiling_ms: 1000, memory_ms: 1000 };
        let paces = Paces {
            account_from_source: slow,
            account: slow,
            in_a_row: 10_000,
            source: slow,
            signup: slow,
            letter: slow,
        };
        Self::with_paces(paces).await
    }

    pub(crate) async fn with_paces(paces: Paces) -> Self {
        Self::with_limits(PLENTY, paces).await
    }

    /// For one machine alone, with a sample server and mails to look at.
    pub(crate) async fn local(sample: Sample, mail_files: MailFiles) -> Self {
        Self::with((PLENTY, Paces::default()), (Some(sample), Some(mail_files))).await
    }

    pub(crate) async fn with_limits(quota: Quota, paces: Paces) -> Self {
        Self::with((quota, paces), (None, None)).await
    }

    async fn with(limits: (Quota, Paces), local: (Option<Sample>, Option<MailFiles>)) -> Self {
        let database = database().await.expect("a database");
        let store = database.store().await.expect("a store");
        let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
        let clock = Arc::new(AtomicI64::new(now));
        let (api, changes) = control_plane(&store, &clock, limits, local);
        Self {
            router: api::router(api.clone()),
            api,
            store,
            changes,
            database,
            nodes: NodeTokens::new(&Key::from_bytes([3; 32])),
            sealer: Sealer::new(&Key::from_bytes([4; 32]), Purpose::UpstreamHeaders),
            clock,
        }
    }

    /// A second control plane over the same database.
    pub(crate) fn beside(&self) -> (Router, Changes) {
        let (api, changes) =
            control_plane(&self.store, &self.clock, (Quota::default(), Paces::default()), (None, None));
        (api::router(api), changes)
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// Erases what has been deleted for long enough.
    pub(crate) async fn clear_up(&self) {
        let now = jiff::Timestamp::from_millisecond(self.now_ms()).unwrap();
        self.store.erase_orgs(now).await.unwrap();
        self.store.erase_accounts(now).await.unwrap();
    }

    /// A proof to be a gateway.
    pub(crate) fn node(&self) -> String {
        self.nodes.issue("test-node", self.now_ms(), &mut rand::rng()).unwrap().expose_secret().to_owned()
    }

    pub(crate) async fn raw(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.into()).unwrap();
        promised::check(&method, &path, parts.status, &text);
        Answer { status: parts.status, headers: parts.headers, text }
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        bearer: Option<&str>,
        body: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(bearer) = bearer {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        self.raw(request.body(Body::from(body.unwrap_or_default().to_owned())).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, bearer: &str, body: Value) -> Answer {
        let bearer = Some(bearer).filter(|bearer| !bearer.is_empty());
        self.send(Method::POST, path, bearer, Some(&body.to_string())).await
    }

    /// Posts a text as it is.
    pub(crate) async fn post_text(&self, path: &str, bearer: &str, text: &str) -> Answer {
        let bearer = Some(bearer).filter(|bearer| !bearer.is_empty());
        self.send(Method::POST, path, bearer, Some(text)).await
    }

    pub(crate) async fn patch(&self, path: &str, bearer: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(bearer), Some(&body.to_string())).await
    }

    pub(crate) async fn put(&self, path: &str, bearer: &str, document: &str) -> Answer {
        self.send(Method::PUT, path, Some(bearer), Some(document)).await
    }

    pub(crate) async fn get(&self, path: &str, bearer: &str) -> Answer {
        self.send(Method::GET, path, Some(bearer), None).await
    }

    pub(crate) async fn delete(&self, path: &str, bearer: &str) -> Answer {
        self.send(Method::DELETE, path, Some(bearer), None).await
    }

    /// Signs up and in.
    pub(crate) async fn person(&self, email: &str) -> Person {
        let credentials = json!({"email": email, "password": PASSWORD});
        self.post("/v1/signup", "", credentials.clone()).await.ok();
        let session = self.post("/v1/login", "", credentials).await.ok();
        let access = session["access_token"].as_str().unwrap().to_owned();
        let me = self.get("/v1/me", &access).await.ok();
        Person {
            email: email.to_owned(),
            refresh: session["refresh_token"].as_str().unwrap().to_owned(),
            org: me["memberships"][0]["org"].as_str().unwrap().to_owned(),
            access,
        }
    }

    /// Accounts `{name}0@example.com` and so on, that nobody can sign in to.
    pub(crate) async fn accounts(&self, count: usize, name: &str) {
        let sql = format!(
            "insert into user_account (id, email, password_hash, created_at)
             select gen_random_uuid(), '{name}' || n || '@example.com', 'none', now()
             from generate_series(0, {count} - 1) as n"
        );
        self.database.execute(sql).await.unwrap();
    }

    /// Makes somebody a member of another's organisation.
    pub(crate) async fn join(&self, person: &Person, org: &str, role: &str) {
        let sql = format!(
            "insert into membership (org_id, user_id, role, created_at)
             select org.id, user_account.id, '{role}', now() from org, user_account
             where org.slug = '{org}' and user_account.email = '{}'",
            person.email
        );
        self.database.execute(sql).await.unwrap();
    }

    /// An API key of somebody's organisation.
    pub(crate) async fn key(&self, maker: &Person, scopes: &[&str]) -> String {
        let body = json!({"name": "ci", "scopes": scopes});
        let made = self.post(&maker.at("/keys"), &maker.access, body).await.ok();
        made["secret"].as_str().unwrap().to_owned()
    }

    /// The newest mail to somebody, sent or not.
    pub(crate) async fn mail(&self, email: &str) -> String {
        let now = jiff::Timestamp::from_millisecond(self.now_ms()).unwrap();
        let mails = self.store.take_mail(100, jiff::SignedDuration::from_secs(0), now).await.unwrap();
        let theirs = mails.into_iter().filter(|mail| mail.recipient == email);
        theirs.max_by_key(|mail| mail.id).map(|mail| mail.body).unwrap_or_default()
    }
}

impl Person {
    /// An address in the person's organisation.
    pub(crate) fn at(&self, rest: &str) -> String {
        format!("/v1/orgs/{}{rest}", self.org)
    }
}
