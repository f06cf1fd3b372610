//! Who calls, from where: what a case says of it, and fixed values for what it leaves out.

use std::collections::BTreeMap;

use crate::{Category, Client, Context, Identity};

/// A call's context without its time, owned.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Who calls.
    pub identity: Who,
    /// The organisation's id.
    pub org: String,
    /// The team's slug, which stands for its id too.
    pub team: String,
    /// The server's id.
    pub server: String,
    /// The grant's id.
    pub grant: String,
    /// The session's id.
    pub session: String,
    /// What the client says it is: name and version.
    pub client: Option<(String, String)>,
    /// The tool's class.
    pub category: Option<Category>,
    /// The tool's risk.
    pub risk: Option<String>,
    /// The tool's annotations: the text of a JSON object.
    pub annotations: Option<String>,
}

/// Who calls.
#[derive(Debug, Clone)]
pub struct Who {
    /// The identity's id.
    pub id: String,
    /// `person`, `agent` or `service`.
    pub kind: String,
    /// Its name.
    pub label: String,
    /// The person's address.
    pub email: Option<String>,
    /// Its free labels.
    pub labels: BTreeMap<String, String>,
}

/// The values that `policy decide` too takes for what is missing.
impl Default for Setting {
    fn default() -> Self {
        Self {
            identity: Who::default(),
            org: "org".to_owned(),
            team: "team".to_owned(),
            server: "server".to_owned(),
            grant: "grant".to_owned(),
            session: "session".to_owned(),
            client: None,
            category: None,
            risk: None,
            annotations: None,
        }
    }
}

impl Default for Who {
    fn default() -> Self {
        Self {
            id: "identity".to_owned(),
            kind: "agent".to_owned(),
            label: "identity".to_owned(),
            email: None,
            labels: BTreeMap::new(),
        }
    }
}

impl Setting {
    /// The context of a call at this time.
    #[must_use]
    pub fn context(&self, time_ms: i64) -> Context<'_> {
        let Who { id, kind, label, email, labels } = &self.identity;
        Context {
            time_ms,
            enabled: true,
            definition_changed: false,
            org: &self.org,
            team: &self.team,
            team_id: &self.team,
            server: &self.server,
            grant: &self.grant,
            session: &self.session,
            identity: Identity { id, kind, label, email: email.as_deref(), labels },
            client: self.client.as_ref().map(|(name, version)| Client { name, version }),
            category: self.category,
            risk: self.risk.as_deref(),
            annotations: self.annotations.as_deref(),
            approved: false,
        }
    }
}
