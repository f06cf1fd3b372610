//! How many limits a call can meet at most. Each costs a counter in the one step that takes them all.
//!
//! For a name the count is exact but for its category, which counts as the one with most limits. For globs it is
//! the most that globs have of which every two can match a name together. Both searches are bounded, and once
//! a bound is reached globs are taken to meet: the doubt goes against the document.

use crate::Policy;
use crate::pattern::may_meet;
use crate::problem::{Place, Problem, Severity};
use crate::rule::Rule;
use crate::rule::section::Section;

/// Most limits on one call.
const MOST: usize = 16;
/// Steps that comparing all globs with each other may take.
const COMPARING: usize = 4_000_000;
/// Sets of globs that may be tried.
const SETS: usize = 100_000;

pub(crate) fn limits_of(policy: &Policy) -> Vec<Problem> {
    [&policy.tools, &policy.prompts, &policy.resources].into_iter().flat_map(section).collect()
}

fn section(section: &Section) -> Vec<Problem> {
    let count = |rule: &Rule| rule.limits.len();
    let category = section.categories.values().max_by_key(|rule| (count(rule), rule.place));
    let general = section.all.as_ref().map_or(0, count) + category.map_or(0, count);
    if general > MOST {
        return section.all.as_ref().or(category).map(refuse).into_iter().collect();
    }
    let globs: Vec<_> = section.globs.iter().filter(|(_, rule)| count(rule) > 0).collect();
    let names = section.exact.iter().filter(|(name, rule)| {
        let matching = globs.iter().filter(|(glob, _)| glob.matches(name)).map(|(_, rule)| count(rule));
        general + count(rule) + matching.sum::<usize>() > MOST
    });
    let mut problems: Vec<Problem> = names.map(|(_, rule)| refuse(rule)).collect();
    if general + globs.iter().map(|(_, rule)| count(rule)).sum::<usize>() > MOST {
        let patterns: Vec<(&str, usize)> =
            globs.iter().map(|(glob, rule)| (glob.text(), count(rule))).collect();
        let meetings = Meetings::new(&patterns);
        let mut sets = SETS;
        let crowded =
            globs.iter().enumerate().filter(|(index, _)| meetings.crowd(*index, general, &mut sets));
        problems.extend(crowded.map(|(_, (_, rule))| refuse(rule)));
    }
    problems
}

/// Which globs can match a name together.
struct Meetings {
    /// For each glob how many limits it has, and which globs it meets.
    globs: Vec<(usize, Vec<bool>)>,
}

impl Meetings {
    fn new(patterns: &[(&str, usize)]) -> Self {
        let mut steps = COMPARING;
        let globs = patterns.iter().map(|(pattern, limits)| {
            (*limits, patterns.iter().map(|(other, _)| may_meet(pattern, other, &mut steps)).collect())
        });
        Self { globs: globs.collect() }
    }

    fn limits(&self, glob: usize) -> usize {
        self.globs.get(glob).map_or(0, |(limits, _)| *limits)
    }

    fn meet(&self, a: usize, b: usize) -> bool {
        self.globs.get(a).and_then(|(_, meets)| meets.get(b)).is_none_or(|meets| *meets)
    }

    /// Whether a glob, with others that meet it and each other, brings a call beyond the most.
    fn crowd(&self, glob: usize, general: usize, sets: &mut usize) -> bool {
        let others: Vec<usize> =
            (0..self.globs.len()).filter(|other| *other != glob && self.meet(glob, *other)).collect();
        self.exceed(general + self.limits(glob), &others, sets)
    }

    /// Whether some of the candidates that all meet bring `limits` beyond the most.
    fn exceed(&self, limits: usize, candidates: &[usize], sets: &mut usize) -> bool {
        if limits > MOST {
            return true;
        }
        if limits + candidates.iter().map(|glob| self.limits(*glob)).sum::<usize>() <= MOST {
            return false;
        }
        let Some(left) = sets.checked_sub(1) else { return true };
        *sets = left;
        let mut rest = candidates;
        while let [glob, later @ ..] = rest {
            let meeting: Vec<usize> =
                later.iter().copied().filter(|other| self.meet(*glob, *other)).collect();
            if self.exceed(limits + self.limits(*glob), &meeting, sets) {
                return true;
            }
            rest = later;
        }
        false
    }
}

fn refuse(rule: &Rule) -> Problem {
    let Place { line, column } = rule.place;
    Problem {
        severity: Severity::Error,
        code: "too_many_limits",
        pointer: rule.pointer.to_string(),
        line,
        column,
        message: format!(
            "A call that this rule matches can meet more than {MOST} limits, the most that may apply to one call."
        ),
        hint: Some(
            "drop limits here, or in the rules for all tools, the category or globs that match too"
                .to_owned(),
        ),
    }
}
