//! Who calls, from where: what a case says of it, and fixed values for what it leaves out.

use std::collections::BTreeMap;

use crate::{Category, Client, Context, Identity};

/// The context of a case's calls, all but the time.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) identity: Who,
    pub(crate) org: String,
    pub(crate) team: String,
    pub(crate) server: String,
    pub(crate) grant: String,
    pub(crate) session: String,
    /// Name and version.
    pub(crate) client: Option<(String, String)>,
    pub(crate) category: Option<Category>,
    pub(crate) risk: Option<String>,
    /// The text of a JSON object.
    pub(crate) annotations: Option<String>,
}

/// The caller.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) label: String,
    pub(crate) email: Option<String>,
    pub(crate) labels: BTreeMap<String, String>,
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
    pub(crate) fn context(&self, time_ms: i64) -> Context<'_> {
        let Who { id, kind, label, email, labels } = &self.identity;
        Context {
            time_ms,
            enabled: true,
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
        }
    }
}
