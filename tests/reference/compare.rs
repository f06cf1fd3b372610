//! Cases, one after the other, until the reference and the engine disagree; then the case is made as small as it goes.

use std::collections::BTreeMap;
use std::fmt;

use counters::{Counters, Memory};
use policy::{Policy, Severity};

use super::broken;
use super::calls::calls;
use super::cut::clashes;
use super::documents::Writer;
use super::engine::{answer, disagreement};
use super::json::Json;
use super::judge::judge;
use super::limit::Spent;
use super::random::Random;
use super::situation::Situation;

/// A document and calls under it, in order.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) document: Json,
    pub(crate) calls: Vec<Situation>,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.document)?;
        self.calls.iter().try_for_each(|call| writeln!(f, "{call:?}"))
    }
}

/// What a run has seen.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Documents, calls and contexts judged by both.
    pub(crate) triples: u64,
    /// Documents that the engine took.
    pub(crate) documents: u64,
    /// Why it refused others, by code.
    pub(crate) refused: BTreeMap<&'static str, u64>,
    /// Verdicts by kind.
    pub(crate) verdicts: BTreeMap<String, u64>,
}

/// Calls in a case.
const CALLS: usize = 24;

/// The case of a seed.
pub(crate) fn case(seed: u64) -> Option<Case> {
    let mut random = Random::new(seed);
    let document = Writer::new(&mut random).document();
    Some(Case { document: Json::parse(&document)?, calls: calls(&mut random, CALLS) })
}

/// Runs cases until so many triples are judged.
///
/// # Errors
/// The first disagreement, with its case made small.
pub(crate) fn run(seed: u64, triples: u64, tally: &mut Tally) -> Result<(), String> {
    let mut seeds = Random::new(seed);
    while tally.triples < triples {
        let seed = seeds.next();
        let case = case(seed).ok_or_else(|| format!("seed {seed} makes a document that is no JSON"))?;
        let compiled = Policy::compile(case.document.to_string().as_bytes());
        let refused = compiled
            .as_ref()
            .is_err_and(|problems| problems.iter().any(|problem| problem.code == "counter_windows"));
        if refused != clashes(&case.document) {
            let whether = if refused { "refused" } else { "taken" };
            return Err(format!("seed {seed}: one counter with two windows? {whether}:\n{}", case.document));
        }
        match compiled {
            Err(problems) => {
                let errors = problems.into_iter().filter(|problem| problem.severity == Severity::Error);
                for problem in errors {
                    *tally.refused.entry(problem.code).or_default() += 1;
                }
            }
            Ok(compiled) => {
                tally.documents += 1;
                broken::check(&mut Random::new(seed), &case.document)
                    .map_err(|said| format!("seed {seed}: {said}"))?;
                if let Some(said) = difference(&case, &compiled.policy, tally) {
                    let (case, said) = smallest(case, said);
                    return Err(format!("seed {seed}: {said}\n{case}"));
                }
                // Order plays no part, so half of the documents are judged again with theirs turned round.
                if let (0, Ok(turned)) = (seed % 2, Policy::compile(turned(&case.document).as_bytes()))
                    && let Some(said) = difference(&case, &turned.policy, tally)
                {
                    return Err(format!("seed {seed}, turned round: {said}\n{case}"));
                }
            }
        }
    }
    Ok(())
}

/// The document with the members of every object in the other order.
fn turned(document: &Json) -> String {
    broken::reversed(document).to_string()
}

/// The first thing on which the two disagree in a case.
fn difference(case: &Case, policy: &Policy, tally: &mut Tally) -> Option<String> {
    let counters = Counters::Memory(Memory::new());
    let mut history: Vec<Spent> = Vec::new();
    // A value's text here, and its digest there: each has exactly one of the other.
    let mut keys: Vec<(String, String)> = Vec::new();
    for (index, call) in case.calls.iter().enumerate() {
        let expected = judge(&case.document, call, &history);
        let found = answer(policy, call, &counters);
        tally.triples += 1;
        let step = expected.rule.rsplit('/').find(|step| step.parse::<u64>().is_err());
        *tally.verdicts.entry(step.unwrap_or_default().to_owned()).or_default() += 1;
        if let Some(said) = disagreement(&expected, &found, policy, &case.document, call) {
            return Some(format!("call {index}: {said}"));
        }
        for (here, there) in expected.charges.iter().zip(&found.charges) {
            if let (Some(text), Some(digest)) = (&here.counter.key, &there.counter.key) {
                let clash = keys.iter().find(|(known, sum)| (known == text) != (**sum == **digest));
                if let Some((known, _)) = clash {
                    return Some(format!("call {index}: digests of {known} and {text}"));
                }
                keys.push((text.clone(), digest.to_string()));
            }
        }
        history.extend(expected.charges.into_iter().map(|charge| Spent { time: call.time, charge }));
    }
    None
}

/// Leaves out calls and parts of the document as long as some disagreement is left.
fn smallest(mut case: Case, mut said: String) -> (Case, String) {
    let fails = |case: &Case| {
        let compiled = Policy::compile(case.document.to_string().as_bytes()).ok()?;
        difference(case, &compiled.policy, &mut Tally::default())
    };
    loop {
        let without_call = (0..case.calls.len()).map(|index| {
            let mut calls = case.calls.clone();
            calls.remove(index);
            Case { calls, ..case.clone() }
        });
        let mut documents = Vec::new();
        smaller(&case.document, &mut |document| documents.push(document));
        let without_part = documents.into_iter().map(|document| Case { document, ..case.clone() });
        let mut arguments = Vec::new();
        for (index, call) in case.calls.iter().enumerate() {
            let value = call.arguments.as_deref().and_then(Json::parse).unwrap_or(Json::Null);
            smaller(&value, &mut |value| arguments.push((index, value.to_string())));
        }
        let without_argument = arguments.into_iter().map(|(index, value)| {
            let mut case = case.clone();
            if let Some(call) = case.calls.get_mut(index) {
                call.arguments = Some(value);
            }
            case
        });
        let mut candidates = without_call.chain(without_part).chain(without_argument);
        let Some(next) = candidates.find_map(|case| fails(&case).map(|said| (case, said))) else {
            drop(candidates);
            return (case, said);
        };
        drop(candidates);
        (case, said) = next;
    }
}

/// Every tree that lacks one member or element of this one.
fn smaller(tree: &Json, give: &mut dyn FnMut(Json)) {
    match tree {
        Json::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let mut rest = elements.clone();
                rest.remove(index);
                give(Json::List(rest));
                smaller(element, &mut |part| {
                    let mut changed = elements.clone();
                    if let Some(place) = changed.get_mut(index) {
                        *place = part;
                    }
                    give(Json::List(changed));
                });
            }
        }
        Json::Object(members) => {
            for (index, (_, value)) in members.iter().enumerate() {
                let mut rest = members.clone();
                rest.remove(index);
                give(Json::Object(rest));
                smaller(value, &mut |part| {
                    let mut changed = members.clone();
                    if let Some((_, place)) = changed.get_mut(index) {
                        *place = part;
                    }
                    give(Json::Object(changed));
                });
            }
        }
        _ => {}
    }
}
