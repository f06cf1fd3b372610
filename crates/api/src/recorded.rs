//! Recorded calls as the engine takes them: with what the record holds, what can still be known of its surroundings,
//! and the rest marked as gaps.
//!
//! An identity or tool that has changed since the call is a gap, not a guess. The class of a tool that the gateway did not
//! look at, because its policy did not ask, is taken to be the present one.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use model::{
    Captured, IdentityId, Intent, OrgId, PolicyId, SealedArguments, ServerId, Slug, TeamId, Verdict,
};
use policy::{Call, Category, Client, Context, Gaps, Identity, Outcome, Policy, Recorded, Subject};
use store::{Caller, OrgTx, Tool};

use crate::{Api, Problem};

/// The rule of a call that was refused because something was switched off.
const DISABLED: &str = "(disabled)";
/// The rule of refusals of a tool whose definition nobody accepted.
const DEFINITION_CHANGED: &str = "(definition changed)";

/// What recorded calls speak of by id.
#[derive(Default, Clone)]
pub(crate) struct Surroundings {
    teams: Arc<BTreeMap<TeamId, Slug>>,
    callers: BTreeMap<IdentityId, Caller>,
    tools: Arc<HashMap<String, Tool>>,
    /// Versions that were in force; `None` for one that is not there or does not compile.
    policies: HashMap<(PolicyId, u32), Option<Arc<Policy>>>,
}

/// A recorded call and its arguments, where they were captured and may be seen.
pub(crate) struct Record {
    pub(crate) intent: Intent,
    pub(crate) captured: Option<Captured>,
}

impl Record {
    /// Opens what was captured.
    pub(crate) fn open(api: &Api, org: OrgId, intent: Intent) -> Self {
        let captured = intent.values.as_ref().and_then(|SealedArguments(sealed)| {
            let context = SealedArguments::context(org, intent.id);
            let opened = api.parts().argument_sealer.open(sealed, context.as_bytes());
            match opened {
                Ok(text) => Captured::read(&text),
                Err(error) => {
                    tracing::warn!(event = %intent.id, %error, "captured arguments cannot be opened");
                    None
                }
            }
        });
        Self { intent, captured }
    }

    /// Without looking at what was captured.
    pub(crate) const fn closed(intent: Intent) -> Self {
        Self { intent, captured: None }
    }

    fn arguments(&self) -> Option<&str> {
        match &self.captured {
            Some(Captured::Arguments(text)) => Some(text.get()),
            Some(Captured::OmittedBytes(_)) | None => None,
        }
    }
}

/// Which part of a policy judged a method; `None` when that does not show in the record.
fn subject(method: &str) -> Option<Subject> {
    match method {
        "tools/call" => Some(Subject::Tool),
        "prompts/get" => Some(Subject::Prompt),
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => Some(Subject::Resource),
        _ => None,
    }
}

impl Surroundings {
    /// What there is to know of one server's calls.
    pub(crate) async fn of(tx: &mut OrgTx, server: Option<ServerId>) -> Result<Self, Problem> {
        let teams = tx.teams().await?.into_iter().map(|team| (team.id, team.slug)).collect();
        let tools = match server {
            Some(server) => tx.tools(server).await?,
            None => Vec::new(),
        };
        Ok(Self {
            teams: Arc::new(teams),
            tools: Arc::new(tools.into_iter().map(|tool| (tool.name.clone(), tool)).collect()),
            ..Self::default()
        })
    }

    /// Looks up what these calls speak of and is not known yet.
    pub(crate) async fn look_up(&mut self, tx: &mut OrgTx, intents: &[Intent]) -> Result<(), Problem> {
        let strangers = intents.iter().map(|intent| intent.identity);
        let strangers: Vec<_> = strangers.filter(|id| !self.callers.contains_key(id)).collect();
        self.callers.extend(tx.callers(strangers).await?);
        for intent in intents {
            let Some(key) = intent.policy.zip(intent.policy_version) else { continue };
            if let Entry::Vacant(place) = self.policies.entry(key) {
                let document = match tx.policy_version(key.0, key.1).await {
                    Ok(version) => version.document,
                    Err(store::Error::Missing(_)) => None,
                    Err(error) => return Err(error.into()),
                };
                let compiled = document.and_then(|text| Policy::compile(text.as_bytes()).ok());
                place.insert(compiled.map(|compiled| Arc::new(compiled.policy)));
            }
        }
        Ok(())
    }

    /// Hands a recorded call to the engine. `None` when it is not one that a policy judges.
    pub(crate) fn ask<T>(&self, record: &Record, ask: impl FnOnce(&Recorded<'_>) -> T) -> Option<T> {
        let intent = &record.intent;
        let name = intent.subject.as_deref().unwrap_or_default();
        let (subject, time_ms) = (subject(&intent.method)?, intent.id.time_ms());
        let since = |changed: jiff::Timestamp| changed.as_millisecond() > time_ms;
        let caller = self.callers.get(&intent.identity);
        let tool = self.tools.get(name).filter(|_| subject == Subject::Tool);
        let category = intent.category.or_else(|| tool?.category);
        let nobody = BTreeMap::new();
        let org = intent.org.to_string();
        let (team_id, identity) = (intent.team.to_string(), intent.identity.to_string());
        let (server, grant) = (text(intent.server), text(intent.grant));
        let session = intent.session.clone().unwrap_or_else(|| intent.token.to_string());
        let context = Context {
            time_ms,
            enabled: intent.rule != DISABLED,
            definition_changed: intent.rule == DEFINITION_CHANGED,
            org: &org,
            team: self.teams.get(&intent.team).map_or("", Slug::as_str),
            team_id: &team_id,
            server: &server,
            grant: &grant,
            session: &session,
            identity: Identity {
                id: &identity,
                kind: caller.map_or("", |caller| caller.kind.as_str()),
                label: caller.map_or("", |caller| &caller.label),
                email: caller.and_then(|caller| caller.email.as_deref()),
                labels: caller.map_or(&nobody, |caller| &caller.labels),
            },
            client: intent
                .client
                .as_ref()
                .map(|client| Client { name: &client.name, version: &client.version }),
            category,
            risk: category.map(Category::risk),
            annotations: tool.filter(|_| category.is_some()).and_then(|tool| tool.annotations.as_deref()),
            // A request that still waits, or came to nothing, is linked by a denial that names the rule.
            approved: intent.approval.is_some() && !intent.rule.ends_with("/approval"),
        };
        let arguments = record.arguments();
        let gaps = Gaps {
            arguments: arguments.is_none().then_some(&*intent.arguments),
            identity: caller.is_none_or(|caller| caller.described_at.is_some_and(since)),
            session: intent.session.is_some(),
            annotations: subject == Subject::Tool && tool.is_none_or(|tool| since(tool.changed_at)),
        };
        let taken: Vec<_> = intent.taken.iter().map(|taken| (&taken.counter, taken.amount)).collect();
        let policy =
            intent.policy.zip(intent.policy_version).and_then(|key| self.policies.get(&key)?.as_deref());
        Some(ask(&Recorded {
            call: Call { subject, name, arguments },
            context,
            gaps,
            outcome: match intent.verdict {
                Verdict::Allow => Outcome::Allow,
                Verdict::Deny => Outcome::Deny,
            },
            rule: &intent.rule,
            policy,
            taken: &taken,
        }))
    }
}

fn text(id: Option<impl ToString>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}
