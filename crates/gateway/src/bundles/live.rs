//! A bundle made ready for use: policies compiled, upstream addresses parsed, sealed headers opened.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use http::{HeaderName, HeaderValue};
use mcp::facts::DefinitionHash;
use model::{Bundle, GrantEntry, OrgId, PolicyId, SealedHeaders, ServerEntry};
use parking_lot::Mutex;
use policy::{Category, Policy};
use secrets::sealed::Sealer;

use crate::epochs::Epoch;

/// A bundle in use.
pub struct Live {
    /// What the control plane sent.
    pub bundle: Bundle,
    /// Grants by the server's name in addresses.
    grants: HashMap<String, Grant>,
    /// Ids in text form, as policies and counters see them.
    pub texts: Texts,
    /// The epoch of the organisation's counters.
    pub(crate) epoch: Arc<Epoch>,
    pub(super) versions: Versions,
}

/// What decides whether a bundle may still be used.
pub(super) struct Versions {
    pub(super) org_floor: Arc<AtomicU64>,
    pub(super) identity_floor: Arc<AtomicU64>,
    pub(super) generation: u64,
    pub(super) fetched_ms: i64,
}

/// Ids in text form.
pub struct Texts {
    /// The organisation's.
    pub org: String,
    /// The team's.
    pub team: String,
    /// The identity's.
    pub identity: String,
}

/// One server under one policy, ready for use.
pub struct Grant {
    /// What the control plane sent.
    pub entry: GrantEntry,
    /// The grant's id as text.
    pub id: String,
    /// The server's id as text.
    pub server_id: String,
    /// The compiled policy; `None` refuses every call.
    pub policy: Option<Arc<Policy>>,
    /// Where calls go; an error text when the address is refused.
    pub target: Result<egress::Target, String>,
    /// Headers sent upstream.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the policy tells tools apart by class.
    by_class: bool,
    classes: HashMap<String, (Category, Option<String>)>,
    /// Digests of accepted definitions by tool; none where definitions are not pinned.
    accepted: Option<HashMap<String, DefinitionHash>>,
}

impl Grant {
    /// The class of a tool and its annotations, as far as the policy needs them.
    #[must_use]
    pub fn class(&self, tool: &str) -> (Option<Category>, Option<&str>) {
        match self.classes.get(tool) {
            Some((category, annotations)) => (Some(*category), annotations.as_deref()),
            None => (None, None),
        }
    }

    /// Whether definitions are pinned and the tool, when it was last listed, had none that was accepted.
    #[must_use]
    pub fn definition_changed(&self, tool: &str) -> bool {
        self.accepted.as_ref().is_some_and(|accepted| !accepted.contains_key(tool))
    }

    /// Whether definitions are pinned and this one, which the server gives the tool now, was not accepted.
    #[must_use]
    pub fn refuses_definition(&self, tool: &str, definition: &str) -> bool {
        let Some(accepted) = &self.accepted else { return false };
        let hash = mcp::facts::definition_hash(definition).ok();
        hash.is_none() || accepted.get(tool) != hash.as_ref()
    }

    /// Whether the policy needs the class of this tool and nobody knows it. Such a call cannot be permitted.
    #[must_use]
    pub fn lacks_class(&self, subject: policy::Subject, tool: &str) -> bool {
        self.by_class && subject == policy::Subject::Tool && !self.classes.contains_key(tool)
    }
}

impl Live {
    /// The grant for a server of that name.
    #[must_use]
    pub fn grant(&self, server: &str) -> Option<&Grant> {
        self.grants.get(server)
    }

    /// Whether organisation, team, identity, grant and server are all switched on and the grant has not expired.
    #[must_use]
    pub fn enabled(&self, grant: &Grant, now_ms: i64) -> bool {
        self.bundle.org.enabled
            && self.bundle.team.enabled
            && self.bundle.identity.enabled
            && grant.entry.server.enabled
            && grant.entry.expires_at_ms.is_none_or(|expires_at| now_ms < expires_at)
    }

    pub(super) fn above_floor(&self) -> bool {
        let (version, versions) = (self.bundle.version, &self.versions);
        version >= versions.org_floor.load(Ordering::Acquire)
            && version >= versions.identity_floor.load(Ordering::Acquire)
    }

    /// About how much memory it takes, in bytes. A compiled policy is charged at four times its source.
    pub(super) fn weight(&self) -> usize {
        let grants = self.bundle.grants.iter().map(|grant| {
            let document = grant.policy.as_ref().map_or(0, |policy| policy.document.len());
            let accepted = grant.accepted.as_ref().map_or(0, Vec::len);
            1024 + document * 5 + (grant.tools.len() + accepted) * 128
        });
        1024 + self.bundle.tokens.len() * 64 + grants.sum::<usize>()
    }
}

/// Makes bundles usable. Equal policies of different identities share one compiled value.
pub(super) struct Workshop {
    sealer: Arc<Sealer>,
    rules: egress::Rules,
    policies: Mutex<HashMap<(PolicyId, u32), Weak<Policy>>>,
}

impl Workshop {
    pub(super) fn new(sealer: Arc<Sealer>, rules: egress::Rules) -> Self {
        Self { sealer, rules, policies: Mutex::default() }
    }

    pub(super) fn build(&self, bundle: Bundle, versions: Versions, epoch: Arc<Epoch>) -> Live {
        let texts = Texts {
            org: bundle.org.id.to_string(),
            team: bundle.team.id.to_string(),
            identity: bundle.identity.id.to_string(),
        };
        let grants = bundle
            .grants
            .iter()
            .map(|entry| (entry.server.slug.as_str().to_owned(), self.grant(bundle.org.id, entry)))
            .collect();
        Live { bundle, grants, texts, epoch, versions }
    }

    fn grant(&self, org: OrgId, entry: &GrantEntry) -> Grant {
        let target =
            egress::Target::parse(&entry.server.url, &self.rules).map_err(|blocked| blocked.to_string());
        // Headers that do not open would make an unauthenticated call of an authenticated one: refuse instead.
        let (target, headers) = match self.open(org, &entry.server) {
            Ok(headers) => (target, headers),
            Err(reason) => (Err(reason), Vec::new()),
        };
        let classes = entry.tools.iter();
        let policy = self.compile(entry);
        let accepted = entry.accepted.as_ref().map(|accepted| {
            // A digest that cannot be read stands for no definition, and so for a tool that may not be called.
            let known = accepted.iter();
            known.filter_map(|tool| Some((tool.name.clone(), tool.hash.parse().ok()?))).collect()
        });
        Grant {
            accepted,
            id: entry.id.to_string(),
            server_id: entry.server.id.to_string(),
            by_class: policy.as_ref().is_some_and(|policy| policy.uses_classes()),
            policy,
            target,
            headers,
            classes: classes
                .map(|tool| (tool.name.clone(), (tool.category, tool.annotations.clone())))
                .collect(),
            entry: entry.clone(),
        }
    }

    fn compile(&self, entry: &GrantEntry) -> Option<Arc<Policy>> {
        let source = entry.policy.as_ref()?;
        let key = (source.id, source.version);
        if let Some(policy) = self.policies.lock().get(&key).and_then(Weak::upgrade) {
            return Some(policy);
        }
        let policy = match Policy::compile(source.document.as_bytes()) {
            Ok(compiled) => Arc::new(compiled.policy),
            Err(problems) => {
                let first = problems.first().map(|problem| problem.message.clone());
                tracing::error!(policy = %source.id, version = source.version, problem = first, "policy does not compile; its grants refuse every call");
                return None;
            }
        };
        let mut shared = self.policies.lock();
        if shared.len() >= shared.capacity() {
            shared.retain(|_, policy| policy.strong_count() > 0);
        }
        shared.insert(key, Arc::downgrade(&policy));
        Some(policy)
    }

    fn open(&self, org: OrgId, server: &ServerEntry) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
        let Some(SealedHeaders(sealed)) = &server.headers else { return Ok(Vec::new()) };
        let wrong = || "the server's stored credentials cannot be opened by this gateway".to_owned();
        let opened = self
            .sealer
            .open(sealed, SealedHeaders::context(org, server.id).as_bytes())
            .map_err(|_| wrong())?;
        let named: HashMap<String, String> = serde_json::from_slice(&opened).map_err(|_| wrong())?;
        let header = |(name, value): (&String, &String)| {
            let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
            value.set_sensitive(true);
            Ok((HeaderName::from_str(name).map_err(|_| wrong())?, value))
        };
        named.iter().map(header).collect()
    }
}
