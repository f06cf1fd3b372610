//! A signed-up customer, over the API like any other.

use anyhow::{Context as _, ensure};
use http::Method;
use serde_json::{Value, json};

use crate::agent::Agent;
use crate::http::{Answer, Http};

/// The password of every test account.
pub const PASSWORD: &str = "correct horse battery staple";

/// A customer.
pub struct Account {
    /// The control plane.
    pub http: Http,
    /// Their access token.
    pub access: String,
    /// Their organisation's name.
    pub org: String,
    /// Their team's name.
    pub team: String,
}

impl Account {
    /// Signs up and logs in.
    ///
    /// # Errors
    /// When a step is not answered as documented.
    pub async fn sign_up(http: &Http, email: &str) -> anyhow::Result<Self> {
        let credentials = json!({ "email": email, "password": PASSWORD });
        let answer = http.json(Method::POST, "/v1/signup", "", &credentials).await?;
        ensure!(answer.status == 202, "signup: {} {}", answer.status, answer.text());
        let answer = http.json(Method::POST, "/v1/login", "", &credentials).await?;
        ensure!(answer.status == 200, "login: {} {}", answer.status, answer.text());
        let access = string(&answer.json(), "/access_token")?;
        let me = http.get("/v1/me", &access).await?.json();
        let org = string(&me, "/memberships/0/org")?;
        let team = string(&me, "/memberships/0/teams/0")?;
        Ok(Self { http: http.clone(), access, org, team })
    }

    /// Sends to an address inside the organisation; any answer below 300 is right.
    ///
    /// # Errors
    /// When the answer is another.
    pub async fn send(&self, method: Method, path: &str, body: &Value) -> anyhow::Result<Value> {
        let answer =
            self.http.json(method, &format!("/v1/orgs/{}{path}", self.org), &self.access, body).await?;
        ensure!(answer.status < 300, "{path}: {} {}", answer.status, answer.text());
        Ok(answer.json())
    }

    /// Reads an address inside the organisation.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.http.get(&format!("/v1/orgs/{}{path}", self.org), &self.access).await
    }

    /// Registers a server.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn server(&self, name: &str, url: &str) -> anyhow::Result<()> {
        self.send(Method::POST, "/servers", &json!({ "name": name, "slug": name, "url": url }))
            .await
            .map(drop)
    }

    /// Publishes a policy, byte for byte.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn policy(&self, server: &str, document: &str) -> anyhow::Result<Answer> {
        let path = format!("/v1/orgs/{}/servers/{server}/policies/default", self.org);
        let bearer = format!("Bearer {}", self.access);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.http.send(Method::PUT, &path, &headers, document.to_owned()).await
    }

    /// Makes an identity with a grant for `server` under its policy, and returns an agent with a token of it.
    ///
    /// # Errors
    /// When a step is refused.
    pub async fn agent(&self, label: &str, server: &str) -> anyhow::Result<Agent> {
        let team = format!("/teams/{}", self.team);
        let identity = self
            .send(Method::POST, &format!("{team}/identities"), &json!({ "label": label, "kind": "agent" }))
            .await?;
        let identity = string(&identity, "/id")?;
        let grant = json!({ "identity": identity, "server": server, "policy": "default" });
        self.send(Method::POST, &format!("{team}/grants"), &grant).await?;
        let token =
            self.send(Method::POST, &format!("{team}/identities/{identity}/tokens"), &json!({})).await?;
        let token = string(&token, "/token")?;
        Ok(Agent::new(&self.gateway_url(server), &token))
    }

    /// Registers a server, publishes a policy on it and returns an agent that may use it.
    ///
    /// # Errors
    /// When a step is refused.
    pub async fn ready(&self, server: &str, url: &str, policy: &str) -> anyhow::Result<Agent> {
        self.server(server, url).await?;
        let published = self.policy(server, policy).await?;
        ensure!(published.status < 300, "policy: {} {}", published.status, published.text());
        self.agent(&format!("{server}-agent"), server).await
    }

    /// The gateway address of a server.
    #[must_use]
    pub fn gateway_url(&self, server: &str) -> String {
        format!("{}/t/{}/{}/mcp/{server}", self.http.base, self.org, self.team)
    }

    /// Recorded events, newest first, once there are at least `count`.
    ///
    /// # Errors
    /// When they do not arrive within ten seconds.
    pub async fn events(&self, query: &str, count: usize) -> anyhow::Result<Vec<Value>> {
        let read = async {
            loop {
                let page = self.get(&format!("/events?limit=200{query}")).await?.json();
                let events = page.get("events").and_then(Value::as_array).cloned().unwrap_or_default();
                if events.len() >= count {
                    return anyhow::Ok(events);
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), read)
            .await
            .context("events did not arrive")?
    }
}

fn string(value: &Value, pointer: &str) -> anyhow::Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no {pointer} in {value}"))?.to_owned())
}
