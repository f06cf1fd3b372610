//! One call and all that surrounds it, as plain values.

use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Tool,
    Prompt,
    Resource,
}

#[derive(Debug, Clone)]
pub(crate) struct Situation {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) arguments: Option<String>,
    pub(crate) has_policy: bool,
    pub(crate) enabled: bool,
    pub(crate) definition_changed: bool,
    pub(crate) time: i64,
    pub(crate) org: &'static str,
    pub(crate) team: &'static str,
    pub(crate) team_id: &'static str,
    pub(crate) server: &'static str,
    pub(crate) grant: &'static str,
    pub(crate) session: &'static str,
    pub(crate) identity: &'static str,
    pub(crate) identity_kind: &'static str,
    pub(crate) label: &'static str,
    pub(crate) email: Option<&'static str>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) client: Option<(&'static str, &'static str)>,
    pub(crate) category: Option<&'static str>,
    pub(crate) risk: Option<&'static str>,
    pub(crate) annotations: Option<&'static str>,
}
