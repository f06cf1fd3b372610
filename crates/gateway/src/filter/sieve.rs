//! Decides which entries of a list are shown: the same decision that lets a call through.

use std::sync::Arc;

use mcp::Era;
use mcp::list::{self, Item, ListError, ListKind};

use crate::bundles::Live;
use crate::exchange::Intake;

/// Reduces lists to what one identity may see on one server.
pub(crate) struct Sieve {
    live: Arc<Live>,
    server: String,
    era: Era,
    /// The list that was asked for; none on a stream where any earlier answer may arrive.
    kind: Option<ListKind>,
    /// The id of the request, as sent.
    rpc_id: Option<String>,
}

impl Sieve {
    pub(crate) fn new(intake: &Intake<'_>, kind: Option<ListKind>) -> Self {
        Self {
            live: intake.exchange.caller.live.clone(),
            server: intake.exchange.grant.entry.server.slug.as_str().to_owned(),
            era: intake.era,
            kind,
            rpc_id: intake.rpc_id().map(str::to_owned),
        }
    }

    /// The message with its list reduced; none when it needs no change.
    pub(crate) fn pass(&self, message: &[u8]) -> Result<Option<Vec<u8>>, ListError> {
        let grant = self.live.grant(&self.server);
        let shown = |item: &Item<'_>| {
            let Some((grant, policy)) = grant.and_then(|grant| Some((grant, grant.policy.as_deref()?)))
            else {
                return false;
            };
            if item.kind == ListKind::Tools && grant.refuses_definition(&item.subject, item.raw) {
                return false;
            }
            let (category, _) = grant.class(&item.subject);
            policy.lists(subject(item.kind), &item.subject, category)
        };
        match self.kind {
            Some(kind) => list::filter(message, kind, self.era, shown),
            None => list::filter_any(message, self.era, shown),
        }
    }

    /// What the client gets in place of a list that cannot be read.
    pub(crate) fn unreadable(&self, error: &ListError) -> Vec<u8> {
        let text = error.to_string();
        mcp::reply::error(self.rpc_id.as_deref(), crate::respond::REFUSED, &text, None)
    }
}

fn subject(kind: ListKind) -> policy::Subject {
    match kind {
        ListKind::Tools => policy::Subject::Tool,
        ListKind::Prompts => policy::Subject::Prompt,
        ListKind::Resources | ListKind::ResourceTemplates => policy::Subject::Resource,
    }
}
