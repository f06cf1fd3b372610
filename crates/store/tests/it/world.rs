//! A database with organisations in it, made through the store's own methods.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use model::{Id, IdentityId, IdentityKind, OrgId, PolicyId, ServerId, Slug, TeamId, TokenId, UserId};
use store::{
    Grant, Identity, NewGrant, NewIdentity, NewMail, NewServer, NewToken, OrgTx, PutPolicy, Server, SignUp,
    SignedUp, Store,
};
use testkit::postgres::Database;

pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) store: Store,
}

/// An organisation as it is after a sign-up.
pub(crate) struct Tenant {
    pub(crate) org: OrgId,
    pub(crate) team: TeamId,
    pub(crate) user: UserId,
}

/// 20 November 2026.
pub(crate) fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

pub(crate) fn fresh<K>() -> Id<K> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let [a, b, c, d, e, f, g, h] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    Id::mint(now().as_millisecond(), [1, 2, a, b, c, d, e, f, g, h])
}

pub(crate) fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

impl World {
    pub(crate) async fn new() -> Self {
        let database = testkit::postgres::database().await.unwrap();
        let store = database.store().await.unwrap();
        Self { database, store }
    }

    pub(crate) async fn tenant(&self, name: &str) -> Tenant {
        let tenant = Tenant { org: fresh(), team: fresh(), user: fresh() };
        let outcome = self.sign_up(&tenant, name, &format!("{name}@example.com")).await;
        assert!(matches!(outcome, SignedUp::Created { .. }));
        tenant
    }

    pub(crate) async fn sign_up(&self, tenant: &Tenant, name: &str, email: &str) -> SignedUp {
        let slug = slug(name);
        let verification: [u8; 32] = rand_digest();
        let sign_up = SignUp {
            user: tenant.user,
            email,
            password_hash: "$argon2id$…",
            org: tenant.org,
            org_slug: &slug,
            org_name: name,
            team: tenant.team,
            team_slug: &"main".parse().unwrap(),
            team_name: "Main",
            verification: &verification,
            verification_expires_at: "2026-11-21T12:00:00Z".parse().unwrap(),
            welcome: NewMail { subject: "Welcome", body: "Prove your address" },
            existing: NewMail { subject: "You have an account", body: "Sign in" },
        };
        self.store.sign_up(&sign_up, now()).await.unwrap()
    }

    pub(crate) async fn begin(&self, tenant: &Tenant) -> OrgTx {
        self.store.begin(tenant.org).await.unwrap()
    }

    /// A server, an identity with a token, and a grant, in one transaction.
    pub(crate) async fn equip(&self, tenant: &Tenant) -> Equipped {
        let mut tx = self.begin(tenant).await;
        let server = new_server(&mut tx, "binance").await;
        let policy = put(&mut tx, server.id, "main", r#"{"version":"1","default":"allow"}"#).await;
        let identity = new_identity(&mut tx, tenant.team, "alice-laptop").await;
        let verifier = rand_digest();
        let token = new_token(&mut tx, identity.id, verifier, None).await;
        let grant = new_grant(&mut tx, tenant.team, Some(identity.id), server.id, Some(policy)).await;
        tx.commit().await.unwrap();
        Equipped { server, policy, identity, verifier, token, grant }
    }
}

pub(crate) struct Equipped {
    pub(crate) server: Server,
    pub(crate) policy: PolicyId,
    pub(crate) identity: Identity,
    pub(crate) verifier: [u8; 32],
    pub(crate) token: TokenId,
    pub(crate) grant: Grant,
}

/// 32 bytes that no other call gives.
pub(crate) fn rand_digest() -> [u8; 32] {
    let id: OrgId = fresh();
    let mut digest = [0x5a; 32];
    digest[..16].copy_from_slice(id.uuid().as_bytes());
    digest
}

pub(crate) async fn new_server(tx: &mut OrgTx, name: &str) -> Server {
    let new = NewServer {
        id: fresh(),
        slug: slug(name),
        name: name.to_owned(),
        url: format!("https://{name}.example.com/mcp"),
        headers: Some(model::SealedHeaders("sealed".to_owned())),
        header_names: vec!["Authorization".to_owned()],
        enabled: true,
    };
    tx.create_server(&new, now()).await.unwrap()
}

pub(crate) async fn put(tx: &mut OrgTx, server: ServerId, name: &str, document: &str) -> PolicyId {
    let slug = slug(name);
    let put =
        PutPolicy { id: fresh(), server, slug: &slug, document, cases: None, author: None, expected: None };
    tx.put_policy(&put, now()).await.unwrap().policy.id
}

pub(crate) async fn new_identity(tx: &mut OrgTx, team: TeamId, label: &str) -> Identity {
    let new = NewIdentity {
        id: fresh(),
        team,
        label: label.to_owned(),
        kind: IdentityKind::Person,
        email: Some("alice@example.com".to_owned()),
        labels: BTreeMap::from([("env".to_owned(), "prod".to_owned())]),
    };
    tx.create_identity(&new, now()).await.unwrap()
}

pub(crate) async fn new_token(
    tx: &mut OrgTx,
    identity: IdentityId,
    verifier: [u8; 32],
    expires_at: Option<Timestamp>,
) -> TokenId {
    let new = NewToken {
        id: fresh(),
        identity,
        name: "laptop".to_owned(),
        verifier,
        last4: "aB3d".to_owned(),
        expires_at,
    };
    tx.create_token(&new, now()).await.unwrap().id
}

pub(crate) async fn new_grant(
    tx: &mut OrgTx,
    team: TeamId,
    identity: Option<IdentityId>,
    server: ServerId,
    policy: Option<PolicyId>,
) -> Grant {
    let new = NewGrant { id: fresh(), team, identity, server, policy, expires_at: None };
    tx.create_grant(&new, now()).await.unwrap()
}
