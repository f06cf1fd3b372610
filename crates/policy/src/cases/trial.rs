//! A call tried under a policy, with the calls that came before it: what a case holds, and what the simulator takes.

use serde::Serialize;

use super::Setting;
use crate::ledger::{Ledger, Remaining};
use crate::{
    Call, Context, Decision, Denial, Judgement, Outcome, Policy, Problem, Subject, decide, explain, read,
};

/// A call with its context and what was called before.
#[derive(Debug, Clone)]
pub struct Trial {
    pub(crate) call: CaseCall,
    pub(crate) time_ms: i64,
    pub(crate) setting: Setting,
    /// Calls made before, in order of time.
    pub(crate) prior: Vec<PriorCall>,
}

/// A call as a case writes it.
#[derive(Debug, Clone)]
pub(crate) struct CaseCall {
    pub(crate) tool: String,
    /// The text of a JSON object.
    pub(crate) arguments: Option<String>,
}

/// A call that was made before.
#[derive(Debug, Clone)]
pub(crate) struct PriorCall {
    pub(crate) call: CaseCall,
    pub(crate) time_ms: i64,
    /// How many times in a row.
    pub(crate) repeat: u32,
}

/// What came of a trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// The decision.
    #[serde(flatten)]
    pub judgement: Judgement,
    /// Prior calls that did not take place as the author may have meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prior_denied: Vec<PriorDenial>,
}

impl Tried {
    /// What a gateway makes of it that does not know the tool's class, where the policy asks for classes.
    #[must_use]
    pub fn unclassified(self, tool: &str) -> Self {
        if self.judgement.outcome == Outcome::Deny {
            return self;
        }
        let denial = Denial::unclassified(&Call { subject: Subject::Tool, name: tool, arguments: None });
        Self { judgement: Judgement::deny(denial).explained(self.judgement.trace), ..self }
    }
}

/// A prior call that was itself denied, and so took nothing from any counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PriorDenial {
    /// Which one, from 0, as the case lists them.
    pub index: usize,
    /// The rule that refused it.
    pub rule: String,
}

impl Trial {
    /// Reads a trial, `{"call": {tool, arguments}, "context"?: {…}}`, as strictly as a case.
    ///
    /// # Errors
    /// Everything that is wrong with it, in document order; never empty.
    pub fn read(source: &[u8]) -> Result<Self, Vec<Problem>> {
        read::trial(source)
    }

    /// The tool that is called.
    #[must_use]
    pub fn tool(&self) -> &str {
        &self.call.tool
    }

    /// What is known of the caller and the tool; what the author left out may be filled in.
    pub const fn setting(&mut self) -> &mut Setting {
        &mut self.setting
    }

    /// Makes the prior calls and then this one, with counters that start empty; `explained` adds how it came about.
    #[must_use]
    pub fn run(&self, policy: &Policy, explained: bool) -> Tried {
        let mut ledger = Ledger::default();
        let mut prior_denied = Vec::new();
        for (index, prior) in self.prior.iter().enumerate() {
            let context = self.setting.context(prior.time_ms);
            let mut calls = (0..prior.repeat).map(|_| attempt(&prior.call, &context, policy, &mut ledger));
            // Once refused, the same call at the same time is refused again.
            if let Some(denial) = calls.find_map(Result::err) {
                prior_denied.push(PriorDenial { index, rule: denial.rule });
            }
        }
        let context = self.setting.context(self.time_ms);
        let trace = explained.then(|| explain(Some(policy), &self.call.as_call(), &context));
        let judgement = match attempt(&self.call, &context, policy, &mut ledger) {
            Ok(remaining) => Judgement::allow(remaining),
            Err(denial) => Judgement::deny(*denial),
        };
        Tried { judgement: judgement.explained(trace), prior_denied }
    }
}

impl CaseCall {
    fn as_call(&self) -> Call<'_> {
        Call { subject: Subject::Tool, name: &self.tool, arguments: self.arguments.as_deref() }
    }
}

/// Makes a call: what its counters have left, or the denial.
fn attempt(
    call: &CaseCall,
    context: &Context<'_>,
    policy: &Policy,
    ledger: &mut Ledger,
) -> Result<Remaining, Box<Denial>> {
    match decide(Some(policy), &call.as_call(), context) {
        Decision::Permit(permit) => ledger.take(&permit, context.time_ms),
        Decision::Deny(denial) => Err(Box::new(denial)),
    }
}
