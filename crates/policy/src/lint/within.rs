//! Doubts that the document alone shows: rules that hiding or an unconditional denial leaves nothing to do.

use crate::Policy;
use crate::problem::Problem;
use crate::rule::section::Section;
use crate::rule::{Action, Rule};

use super::warning;

pub(crate) fn within(policy: &Policy) -> Vec<Problem> {
    [&policy.tools, &policy.prompts, &policy.resources].into_iter().flat_map(section).collect()
}

fn section(section: &Section) -> Vec<Problem> {
    let mut problems: Vec<Problem> = section.rules().flat_map(own).collect();
    for (name, rule) in &section.exact {
        let shadow = if section.hide.covers(name) {
            Some("the name is hidden".to_owned())
        } else {
            denied_by_layers(section, name, rule)
        };
        problems.extend(shadow.map(|why| shadowed(rule, &why)));
        if rule.action == Some(Action::Deny) {
            problems.extend(idle(rule));
        }
    }
    for (glob, rule) in &section.globs {
        if section.hide.globs.iter().any(|(hidden, _)| hidden.covers(glob)) {
            problems.push(shadowed(rule, "all that it matches is hidden"));
        }
    }
    problems.extend(denied_by_all(section));
    problems
}

/// Doubts about a rule for itself.
fn own(rule: &Rule) -> Vec<Problem> {
    let mut problems = Vec::new();
    let asks_when = rule.approval.as_ref().is_some_and(|approval| !approval.conditions.is_empty());
    if asks_when && rule.action == Some(Action::RequireApproval) {
        let message = "The action asks for approval always, so the conditions of approval change nothing.";
        let pointer = format!("{}/approval", rule.pointer);
        let hint = "leave out the action to ask only when the conditions hold";
        problems.push(warning("no_effect", rule.place, pointer, message.to_owned(), hint));
    }
    let always = rule.deny_if.iter().position(|group| group.conditions.is_empty());
    if let Some(index) = always {
        let later = rule.deny_if.len() > index + 1 || rule.approval.is_some() || !rule.limits.is_empty();
        if later {
            let message = format!(
                "deny_if {index} has no conditions and refuses every call, so what comes after it never applies."
            );
            let pointer = format!("{}/deny_if/{index}", rule.pointer);
            problems.push(warning(
                "shadowed",
                rule.place,
                pointer,
                message,
                "give it a condition, or drop the rest",
            ));
        }
    }
    problems
}

/// A rule for one name that denies, and says more than that.
fn idle(rule: &Rule) -> Option<Problem> {
    let fields = [
        ("require", rule.require.is_empty()),
        ("deny_if", rule.deny_if.is_empty()),
        ("approval", rule.approval.is_none()),
        ("limits", rule.limits.is_empty()),
    ];
    let idle: Vec<&str> = fields.into_iter().filter(|(_, empty)| !empty).map(|(name, _)| name).collect();
    let message = format!("The rule denies every call, so its {} never apply.", idle.join(" and "));
    let pointer = rule.pointer.to_string();
    let hint = "drop them, or drop the action";
    (!idle.is_empty()).then(|| warning("shadowed", rule.place, pointer, message, hint))
}

/// Why a name's rule is never reached, when a more general rule denies whatever its category is.
fn denied_by_layers(section: &Section, name: &str, rule: &Rule) -> Option<String> {
    let layers = section.layers(name, None);
    let refuses = |other: &&Rule| {
        !std::ptr::eq(*other, rule) && other.deny_if.iter().any(|group| group.conditions.is_empty())
    };
    if let Some(general) = layers.iter().find(refuses) {
        return Some(format!("{}/deny_if refuses every call that it matches", general.pointer));
    }
    let (action, denier) = layers.action()?;
    let from_all = section.all.as_ref().is_some_and(|all| std::ptr::eq(all, denier));
    let category_decides = from_all && section.categories.values().any(|rule| rule.action.is_some());
    (rule.action.is_none() && action == Action::Deny && !category_decides)
        .then(|| format!("{}/action denies it, and the rule states no action of its own", denier.pointer))
}

/// Globs and categories under a rule for all tools that denies, when nothing anywhere lifts that.
fn denied_by_all(section: &Section) -> Vec<Problem> {
    let denied = section.all.as_ref().is_some_and(|all| all.action == Some(Action::Deny));
    let lifted = section.rules().any(|rule| rule.action.is_some_and(|action| action != Action::Deny));
    if !denied || lifted {
        return Vec::new();
    }
    let general = section.globs.iter().map(|(_, rule)| rule).chain(section.categories.values());
    let why = "/all_tools/action denies every tool, and no rule states another action";
    general.filter(|rule| rule.action.is_none()).map(|rule| shadowed(rule, why)).collect()
}

fn shadowed(rule: &Rule, why: &str) -> Problem {
    let message = format!("This rule never takes effect: {why}.");
    let hint = r#"drop the rule, or lift what stands before it (for a denial: "action": "allow")"#;
    warning("shadowed", rule.place, rule.pointer.to_string(), message, hint)
}
