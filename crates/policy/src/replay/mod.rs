//! A draft against calls that were recorded: which would be decided otherwise, and why.
//!
//! The judgement is the gateway's own. Where it asks for a value that the record does not hold, every answer is tried in
//! turn, the same question always with the same answer; answers under which the policy that was in force would
//! not have decided as it did are left out. What comes out the same for all that remain is decided, anything else is
//! undecidable: nothing is guessed. Two questions about one value count as independent, so a call may be called undecidable
//! that a closer look would decide, but never the reverse.
//!
//! Counters begin empty and hold what the draft would have let through, between a least and a most where
//! amounts or decisions are not known.

mod explain;
mod gaps;
mod supposing;
mod tally;

use serde::Serialize;

use crate::decide::judge;
use crate::{Amount, Call, Context, Counter, Denial, Outcome, Permit, Policy};
pub use explain::Explanation;
pub use gaps::Gaps;
use supposing::{Answers, Doubt, Supposing, Unwatching};
use tally::{Cost, Room, Tally};

/// Most ways to answer the questions about one call that are tried; beyond that it is undecidable.
const MOST_WAYS: usize = 128;
/// Most questions that are named of a call that is undecidable.
const MOST_NAMED: usize = 8;

/// A call that was recorded, and how it was decided.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a> {
    /// The call; without arguments when their values are not known.
    pub call: Call<'a>,
    /// Its context; what [`Gaps`] names is never looked at.
    pub context: Context<'a>,
    /// What the record does not hold.
    pub gaps: Gaps<'a>,
    /// What was decided.
    pub outcome: Outcome,
    /// The rule that refused it; empty when it passed.
    pub rule: &'a str,
    /// The policy that was in force, if it is known.
    pub policy: Option<&'a Policy>,
    /// What was taken from counters.
    pub taken: &'a [(&'a Counter, Amount)],
}

/// What a draft would make of a recorded call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The same as before.
    Same,
    /// It passed, and would be refused.
    WouldDeny,
    /// It was refused, and would pass.
    WouldAllow,
    /// That depends on what the record does not hold.
    Undecidable,
}

/// A recorded call under the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Whether anything changes.
    pub effect: Effect,
    /// Rules of the draft that refuse it, or may: in general one, empty when it would pass.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// What the agent would be told by the first of them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// What would have to be known to decide it: paths, or the names of counters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// How many calls there were of each sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// All of them.
    pub calls: u64,
    /// Decided as before.
    pub same: u64,
    /// Passed, and would be refused.
    pub would_deny: u64,
    /// Refused, and would pass.
    pub would_allow: u64,
    /// Dependent on what the record does not hold.
    pub undecidable: u64,
}

/// A replay under way: recorded calls go in, in order of time.
#[derive(Debug)]
pub struct Replay {
    draft: Policy,
    tally: Tally,
    now_ms: i64,
    summary: Summary,
}

/// What may become of a call under the draft, over all ways to answer.
#[derive(Default)]
struct Ends {
    passes: bool,
    denials: Vec<(String, String)>,
    unknown: Vec<String>,
    /// For each way what it would cost.
    costs: Vec<Vec<Cost>>,
}

impl Replay {
    /// Begins with empty counters.
    #[must_use]
    pub fn new(draft: Policy) -> Self {
        Self { draft, tally: Tally::default(), now_ms: i64::MIN, summary: Summary::default() }
    }

    /// How the calls so far came out.
    #[must_use]
    pub const fn summary(&self) -> Summary {
        self.summary
    }

    /// Judges the next call.
    pub fn call(&mut self, recorded: &Recorded<'_>) -> Replayed {
        // Counters do not run backwards; gateways' clocks may differ by a little.
        self.now_ms = self.now_ms.max(recorded.context.time_ms);
        let mut ends = Ends::default();
        let known = self.try_all(recorded, true, &mut ends);
        // What was decided cannot be repeated, so it says nothing of what is not known.
        let known = if ends.costs.is_empty() { self.try_all(recorded, false, &mut ends) } else { known };
        self.tally.take(&ends.costs, self.now_ms);
        let replayed = ends.told(recorded, known);
        self.summary.add(replayed.effect);
        replayed
    }

    /// Tries every way to answer; false when there are too many.
    fn try_all(&self, recorded: &Recorded<'_>, heeding: bool, ends: &mut Ends) -> bool {
        let mut answers = Answers::default();
        for _ in 0..MOST_WAYS {
            let known = if heeding { recorded.repeats(&mut answers) } else { Some(Vec::new()) };
            if let Some(known) = known {
                self.try_one(recorded, &known, &mut answers, ends);
            }
            if !answers.next() {
                return true;
            }
        }
        false
    }

    /// What the draft says under one way to answer.
    fn try_one(
        &self,
        recorded: &Recorded<'_>,
        known: &[supposing::Known],
        answers: &mut Answers,
        ends: &mut Ends,
    ) {
        let mut watch = Supposing::new(&recorded.gaps, known, answers, Unwatching);
        let judged = judge(Some(&self.draft), &recorded.call, &recorded.context, &mut watch);
        let Supposing { doubts, asked, .. } = watch;
        asked.into_iter().for_each(|path| note(&mut ends.unknown, path));
        match judged {
            Err(denial) => {
                ends.deny(*denial);
                ends.costs.push(Vec::new());
            }
            Ok(permit) => self.count(&permit, &doubts, ends),
        }
    }

    /// Whether what a permit costs can be taken.
    fn count(&self, permit: &Permit, doubts: &[Doubt], ends: &mut Ends) {
        let mut costs = Vec::with_capacity(permit.charges().len());
        let (mut certain, mut refused) = (true, None);
        for (index, charge) in permit.charges().iter().enumerate() {
            let of_charge = permit.limits().zip(doubts).filter(|((behind, _), _)| *behind == index);
            let doubt = of_charge.fold(Doubt::default(), |sum, (_, doubt)| sum.or(*doubt));
            let (room, used) = self.tally.room(charge, doubt, self.now_ms);
            if room == Room::None {
                refused = refused.or(Some((index, used)));
            } else if room == Room::Unclear {
                certain = false;
                note(&mut ends.unknown, format!("counter {}", charge.counter.name));
                ends.deny(permit.over(index, used, 0));
            }
            costs.push(Cost::new(charge, doubt));
        }
        if let Some((index, used)) = refused {
            ends.deny(permit.over(index, used, 0));
            ends.costs.push(Vec::new());
            return;
        }
        ends.passes = true;
        ends.costs.push(if certain { costs } else { costs.into_iter().map(Cost::perhaps).collect() });
    }
}

impl Recorded<'_> {
    /// Whether the policy that was in force decides as it did; then what is known of amounts from what was taken.
    fn repeats(&self, answers: &mut Answers) -> Option<Vec<supposing::Known>> {
        let Some(policy) = self.policy else { return Some(Vec::new()) };
        let mut watch = Supposing::new(&self.gaps, &[], answers, Unwatching);
        let judged = judge(Some(policy), &self.call, &self.context, &mut watch);
        let doubts = watch.doubts;
        match (judged, self.outcome) {
            (Err(denial), Outcome::Deny) => (denial.rule == self.rule).then(Vec::new),
            (Ok(permit), Outcome::Allow) => Some(supposing::known(&permit, &doubts, self.taken)),
            // Limits are judged after everything else.
            (Ok(permit), Outcome::Deny) => {
                permit.limits().any(|(_, limit)| limit.pointer() == self.rule).then(Vec::new)
            }
            (Err(_), Outcome::Allow) => None,
        }
    }
}

impl Ends {
    fn deny(&mut self, denial: Denial) {
        if !self.denials.iter().any(|(rule, _)| *rule == denial.rule) {
            self.denials.push((denial.rule, denial.message));
        }
    }

    fn told(self, recorded: &Recorded<'_>, known: bool) -> Replayed {
        let effect = match (known, self.passes, self.denials.is_empty(), recorded.outcome) {
            (true, true, true, Outcome::Allow) | (true, false, false, Outcome::Deny) => Effect::Same,
            (true, true, true, Outcome::Deny) => Effect::WouldAllow,
            (true, false, false, Outcome::Allow) => Effect::WouldDeny,
            _ => Effect::Undecidable,
        };
        let message = self.denials.first().map(|(_, message)| message.clone()).unwrap_or_default();
        let mut unknown = if effect == Effect::Undecidable { self.unknown } else { Vec::new() };
        unknown.truncate(MOST_NAMED);
        Replayed { effect, rules: self.denials.into_iter().map(|(rule, _)| rule).collect(), message, unknown }
    }
}

impl Summary {
    fn add(&mut self, effect: Effect) {
        self.calls += 1;
        match effect {
            Effect::Same => self.same += 1,
            Effect::WouldDeny => self.would_deny += 1,
            Effect::WouldAllow => self.would_allow += 1,
            Effect::Undecidable => self.undecidable += 1,
        }
    }
}

fn note(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}
