//! The counters that a document names, and the check that each is cut into one sort of window only: of one that is cut
//! in two ways nobody could say what it has left.
//!
//! A `rate_limit` counts under the name of the tool that is called. Filed under a glob, a category or all tools it
//! stands for the counters of every name that may match, so two such rules are compared as patterns. A tool may be in
//! any one category; and tools, prompts and resources keep theirs apart. Comparing is bounded; once the bound is reached two patterns are taken to meet, so that the doubt
//! goes against the document.

use std::collections::HashMap;
use std::sync::Arc;

use crate::charge::Scope;
use crate::pattern::{Glob, may_meet};
use crate::rule::limit::{RATE, rate_counter};
use crate::wording::quoted;
use crate::{Subject, Window};

use super::Reader;
use super::rule::Matching;

/// Steps that comparing all rate limits may take.
const COMPARING: usize = 20_000_000;

/// How a counter is cut, and where a limit says so.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    pub(super) window: Window,
    pub(super) rolling: bool,
    /// Where the limit is, in bytes.
    pub(super) at: usize,
}

/// The counters of a document so far.
#[derive(Default)]
pub(super) struct Counters {
    /// Those with a name, as they were first met.
    named: HashMap<(Arc<str>, Scope), Cut>,
    /// Those of rate limits for many names.
    rates: Vec<Rate>,
}

/// A rate limit whose counter is named after what is called.
struct Rate {
    subject: Subject,
    /// Its counters' names, as a glob.
    names: Glob,
    /// Whether it is filed under a category: no tool is in two.
    category: bool,
    cut: Cut,
}

impl Cut {
    fn same(self, other: Self) -> bool {
        (self.window, self.rolling) == (other.window, other.rolling)
    }

    fn describe(self) -> String {
        format!("{}{}", self.window.describe(), if self.rolling { ", rolling" } else { "" })
    }
}

impl Reader<'_> {
    /// Takes note of a counter with a name; refuses one that was cut otherwise before.
    pub(super) fn note_counter(&mut self, name: &Arc<str>, scope: Scope, cut: Cut) {
        let first = *self.counters.named.entry((Arc::clone(name), scope)).or_insert(cut);
        if !first.same(cut) {
            self.refuse_cut(&format!("The counter {} of scope {}", quoted(name), scope.as_str()), cut, first);
        }
    }

    /// Takes note of a rate limit of a rule that many names can match.
    pub(super) fn note_rate(&mut self, subject: Subject, matching: Matching<'_>, cut: Cut) {
        let pattern = match matching {
            Matching::Glob(glob) => glob,
            Matching::Category | Matching::All => "*",
            Matching::Exactly(_) => return,
        };
        let names = Glob::new(&rate_counter(subject, pattern));
        let category = matches!(matching, Matching::Category);
        self.counters.rates.extend(names.map(|names| Rate { subject, names, category, cut }));
    }

    /// Refuses rate limits for many names that cut a counter otherwise than another limit does.
    pub(super) fn check_rates(&mut self) {
        let Counters { named, rates } = std::mem::take(&mut self.counters);
        let mut steps = COMPARING;
        let mut named: Vec<(&str, Cut)> = named
            .iter()
            .filter(|((name, scope), _)| *scope == Scope::Session && name.ends_with(RATE))
            .map(|((name, _), cut)| (&**name, *cut))
            .collect();
        named.sort_by_key(|(_, cut)| cut.at);
        for (index, rate) in rates.iter().enumerate() {
            let own = named.iter().find(|(name, cut)| !cut.same(rate.cut) && rate.counts(name, &mut steps));
            let mut other = || rates.iter().take(index).find(|other| other.clashes(rate, &mut steps));
            let (what, first) = match own {
                Some((name, cut)) => (format!("The counter {} of scope session", quoted(name)), *cut),
                None => match other() {
                    Some(other) => ("The counter of a name that both rules match".to_owned(), other.cut),
                    None => continue,
                },
            };
            self.refuse_cut(&what, rate.cut, first);
        }
    }

    fn refuse_cut(&mut self, what: &str, cut: Cut, other: Cut) {
        let line = self.report.lines.place(other.at).line;
        let message =
            format!("{what} counts by {} here, but by {} in line {line}.", cut.describe(), other.describe());
        let hint = "give one of them another name, or both the same window; a rate_limit counts under the tool's name and _rate";
        self.report.error("counter_windows", cut.at, message, Some(hint.to_owned()));
    }
}

impl Rate {
    /// Whether a counter of that name is one of its own.
    fn counts(&self, name: &str, steps: &mut usize) -> bool {
        let (glob, name_len) = (self.names.text().len(), name.len());
        // Without `?` a match is linear.
        let cost =
            if self.names.text().contains('?') { (glob + 1) * (name_len + 1) } else { glob + name_len };
        let Some(left) = steps.checked_sub(cost) else { return true };
        *steps = left;
        self.names.matches(name)
    }

    /// Whether a call may meet both, which cut its counter in two ways.
    fn clashes(&self, other: &Self, steps: &mut usize) -> bool {
        self.subject == other.subject
            && !self.cut.same(other.cut)
            && !(self.category && other.category)
            && may_meet(self.names.text(), other.names.text(), steps)
    }
}
