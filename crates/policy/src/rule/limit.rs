//! One limit, compiled, and the charge that it makes of a call.

use std::sync::Arc;

use crate::charge::{Charge, Counter, OnOutage, Scope};
use crate::facts::Facts;
use crate::value::{Value, digest};
use crate::{Amount, AmountError, Subject, Window};

use super::path::{Mismatch, Path};

/// What may be spent in a window.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    pub(crate) name: CounterName,
    pub(crate) window: Window,
    pub(crate) rolling: bool,
    pub(crate) max: Amount,
    pub(crate) scope: Scope,
    pub(crate) key: Option<Path>,
    pub(crate) increment: Increment,
    pub(crate) on_outage: OnOutage,
    /// The rule's JSON pointer.
    pub(crate) rule: Arc<str>,
    pub(crate) field: Field,
    /// The rule's reason.
    pub(crate) reason: Option<Arc<str>>,
}

/// What the counter is called.
#[derive(Debug, Clone)]
pub(crate) enum CounterName {
    Fixed(Arc<str>),
    /// Named after what is called, for a `rate_limit` of a rule that more than one name can match.
    OfSubject,
}

/// By how much a call raises the counter.
#[derive(Debug, Clone)]
pub(crate) enum Increment {
    Fixed(Amount),
    From(Path),
}

/// Where the limit stands in its rule.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Field {
    Limits(usize),
    RateLimit,
}

/// Why a limit cannot be charged; the call is refused.
pub(crate) enum Unchargeable<'l> {
    NoKey(&'l Path),
    NoAmount(&'l Path),
    Mismatch(Mismatch<'l>),
    Amount(&'l Path, AmountError),
}

/// What is taken for granted of a limit, in place of what a call says.
pub(crate) enum Supposed<'l> {
    /// What it needs of the call, at this path, is missing or no good.
    Refused(&'l Path),
    /// It takes this amount, under this key; `None` where the call says it.
    Charged { amount: Option<Amount>, key: Option<Arc<str>> },
}

/// How the counter of a `rate_limit` ends.
pub(crate) const RATE: &str = "_rate";

/// The counter of a `rate_limit`. Prompts and resources are told apart from a tool of the same name.
pub(crate) fn rate_counter(subject: Subject, name: &str) -> Arc<str> {
    match subject {
        Subject::Tool => format!("{name}{RATE}").into(),
        Subject::Prompt | Subject::Resource => format!("{}:{name}{RATE}", subject.as_str()).into(),
    }
}

impl Limit {
    /// The JSON pointer of the limit itself.
    pub(crate) fn pointer(&self) -> String {
        match self.field {
            Field::Limits(index) => format!("{}/limits/{index}", self.rule),
            Field::RateLimit => format!("{}/rate_limit", self.rule),
        }
    }

    /// What a call costs here; `before` are its charges so far, which may share their texts.
    pub(crate) fn charge<'l>(
        &'l self,
        facts: &Facts<'_>,
        before: &[Charge],
        supposed: Option<Supposed<'l>>,
    ) -> Result<Charge, Unchargeable<'l>> {
        let (amount, key) = match supposed {
            Some(Supposed::Refused(path)) => return Err(Unchargeable::NoAmount(path)),
            Some(Supposed::Charged { amount, key }) => (amount, key),
            None => (None, None),
        };
        let amount = match (amount, &self.increment) {
            (Some(amount), _) => amount,
            (None, Increment::Fixed(amount)) => *amount,
            (None, Increment::From(path)) => amount_at(path, facts)?,
        };
        let key = match (key, &self.key) {
            (Some(key), _) => Some(key),
            (None, path) => path.as_ref().map(|path| key_at(path, facts)).transpose()?,
        };
        let name = match &self.name {
            CounterName::Fixed(name) => Arc::clone(name),
            CounterName::OfSubject => rate_counter(facts.call.subject, facts.call.name),
        };
        let same = before.iter().map(|charge| &charge.counter).find(|counter| counter.scope == self.scope);
        let scope_id = same.map_or_else(|| self.scope_id(facts), |counter| Arc::clone(&counter.scope_id));
        let counter =
            Counter { scope: self.scope, scope_id, name, window: self.window, rolling: self.rolling, key };
        Ok(Charge { counter, amount, max: self.max, on_outage: self.on_outage })
    }

    fn scope_id(&self, facts: &Facts<'_>) -> Arc<str> {
        let context = facts.context;
        match self.scope {
            Scope::Grant => context.grant.into(),
            Scope::Session => [context.identity.id, "/", context.session].concat().into(),
            Scope::Identity => context.identity.id.into(),
            Scope::Team => context.team_id.into(),
            Scope::Server => context.server.into(),
            Scope::Org => context.org.into(),
        }
    }
}

fn amount_at<'l>(path: &'l Path, facts: &Facts<'_>) -> Result<Amount, Unchargeable<'l>> {
    match path.value(facts).map_err(Unchargeable::Mismatch)? {
        Value::Missing => Err(Unchargeable::NoAmount(path)),
        Value::Number(text) => Amount::parse(text).map_err(|error| Unchargeable::Amount(path, error)),
        other => Err(Unchargeable::Mismatch(Mismatch::new(path.text(), "a number", other.type_name()))),
    }
}

fn key_at<'l>(path: &'l Path, facts: &Facts<'_>) -> Result<Arc<str>, Unchargeable<'l>> {
    let value = path.value(facts).map_err(Unchargeable::Mismatch)?;
    match digest::of(&value) {
        Ok(Some(digest)) => Ok(digest.into()),
        Ok(None) => Err(Unchargeable::NoKey(path)),
        Err(unreadable) => Err(Unchargeable::Mismatch(Mismatch::unreadable(path.text(), unreadable))),
    }
}
