//! How many limits a call can meet at most. Each costs a counter in the one step that takes them all.
//!
//! For a name the count is exact but for its category, which counts as the one with most limits. For globs it is
//! those of one glob and of every other that some name matches together with it, which may count too many
//! where these have no name in common.

use crate::Policy;
use crate::pattern::{Glob, may_meet};
use crate::problem::{Place, Problem, Severity};
use crate::rule::Rule;
use crate::rule::section::Section;

/// Most limits on one call.
const MOST: usize = 16;
/// Steps that comparing globs with each other may take in all.
const GLOB_STEPS: usize = 20_000_000;

pub(crate) fn limits_of(policy: &Policy) -> Vec<Problem> {
    [&policy.tools, &policy.prompts, &policy.resources].into_iter().flat_map(section).collect()
}

fn section(section: &Section) -> Vec<Problem> {
    let count = |rule: &Rule| rule.limits.len();
    let category = section.categories.values().max_by_key(|rule| count(rule));
    let general = section.all.as_ref().map_or(0, count) + category.map_or(0, count);
    let mut problems = Vec::new();
    if general > MOST {
        problems.extend(section.all.as_ref().or(category).and_then(|rule| refuse(rule, general)));
        return problems;
    }
    let globs: Vec<(&Glob, &Rule)> =
        section.globs.iter().filter(|(_, rule)| count(rule) > 0).map(|(glob, rule)| (glob, rule)).collect();
    for (name, rule) in &section.exact {
        let matching: usize =
            globs.iter().filter(|(glob, _)| glob.matches(name)).map(|(_, rule)| count(rule)).sum();
        problems.extend(refuse(rule, general + matching + count(rule)));
    }
    if general + globs.iter().map(|(_, rule)| count(rule)).sum::<usize>() <= MOST {
        return problems;
    }
    let mut steps = GLOB_STEPS;
    for (glob, rule) in &globs {
        let meeting = globs.iter().filter(|(other, _)| may_meet(glob.text(), other.text(), &mut steps));
        problems.extend(refuse(rule, general + meeting.map(|(_, rule)| count(rule)).sum::<usize>()));
    }
    problems
}

fn refuse(rule: &Rule, count: usize) -> Option<Problem> {
    let Place { line, column } = rule.place;
    (count > MOST).then(|| Problem {
        severity: Severity::Error,
        code: "too_many_limits",
        pointer: rule.pointer.to_string(),
        line,
        column,
        message: format!(
            "A call that this rule matches can meet {count} limits, and at most {MOST} may apply to one call."
        ),
        hint: Some(
            "drop limits here, or in the rules for all tools, the category or globs that match too"
                .to_owned(),
        ),
    })
}
