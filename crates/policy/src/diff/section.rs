//! Two sections compared: what is denied by default, what is hidden, and which rules there are.

use std::collections::BTreeSet;

use super::rule::{self, General};
use super::{Change, Findings};
use crate::pattern::{Glob, may_meet};
use crate::rule::section::{Hidden, Section};
use crate::rule::{Action, Rule};
use crate::wording::quoted;
use crate::{Category, Subject};

/// Steps that finding out whether globs meet may take; beyond that they are taken to meet.
const COMPARING: usize = 4_000_000;

/// What a rule is filed under.
#[derive(Clone, Copy)]
enum Key<'k> {
    All,
    Category(Category),
    Glob(&'k Glob),
    Exact(&'k str),
}

/// Whether the names that a rule would match have any rule without it, or need none.
enum Named {
    All,
    Some,
    None,
}

pub(super) fn compare(subject: Subject, base: &str, old: &Section, new: &Section, found: &mut Findings) {
    let word = subject.as_str();
    if old.default_allow != new.default_allow {
        let (change, verb) =
            if new.default_allow { (Change::Looser, "allowed") } else { (Change::Tighter, "denied") };
        found.add(
            change,
            format!("{base}/default"),
            format!("every {word} that no rule names is now {verb}"),
        );
    }
    hidden(word, base, &old.hide, &new.hide, found);
    let both = Both { subject, old, new };
    both.rules(Key::All, old.all.as_ref(), new.all.as_ref(), found);
    for (_, category) in Category::NAMES {
        let rules = (old.categories.get(&category), new.categories.get(&category));
        both.rules(Key::Category(category), rules.0, rules.1, found);
    }
    let globs = |section: &'_ Section| -> Vec<String> {
        section.globs.iter().map(|(glob, _)| glob.text().to_owned()).collect()
    };
    for text in globs(old).into_iter().chain(globs(new)).collect::<BTreeSet<_>>() {
        let (before, after) = (glob_rule(old, &text), glob_rule(new, &text));
        if let Some((glob, _)) = before.or(after) {
            both.rules(Key::Glob(glob), before.map(|(_, rule)| rule), after.map(|(_, rule)| rule), found);
        }
    }
    for name in old.exact.keys().chain(new.exact.keys()).collect::<BTreeSet<_>>() {
        both.rules(Key::Exact(name), old.exact.get(name), new.exact.get(name), found);
    }
}

fn glob_rule<'s>(section: &'s Section, text: &str) -> Option<(&'s Glob, &'s Rule)> {
    section.globs.iter().find(|(glob, _)| glob.text() == text).map(|(glob, rule)| (glob, rule))
}

fn hidden(word: &str, base: &str, old: &Hidden, new: &Hidden, found: &mut Findings) {
    let patterns = |hidden: &Hidden| -> Vec<(String, usize)> {
        let exact = hidden.exact.iter().map(|(name, entry)| (name.to_string(), entry.index));
        exact.chain(hidden.globs.iter().map(|(glob, entry)| (glob.text().to_owned(), entry.index))).collect()
    };
    let (old, new) = (patterns(old), patterns(new));
    let has = |list: &[(String, usize)], pattern: &str| list.iter().any(|(known, _)| known == pattern);
    for (pattern, index) in new.iter().filter(|(pattern, _)| !has(&old, pattern)) {
        let what = format!("every {word} that matches {} is now hidden", quoted(pattern));
        found.add(Change::Tighter, format!("{base}/hide/{index}"), what);
    }
    for (pattern, index) in old.iter().filter(|(pattern, _)| !has(&new, pattern)) {
        let what = format!("{} no longer hides a {word}", quoted(pattern));
        found.add(Change::Looser, format!("{base}/hide/{index}"), what);
    }
}

/// Two sections, for rules that are compared in their light.
struct Both<'s> {
    subject: Subject,
    old: &'s Section,
    new: &'s Section,
}

impl Both<'_> {
    fn rules(&self, key: Key<'_>, old: Option<&Rule>, new: Option<&Rule>, found: &mut Findings) {
        let whose = self.whose(key);
        let (named, one, change) = match (old, new) {
            (Some(old), Some(new)) => {
                return rule::compare(&whose, Some(old), Some(new), &self.general(key), found);
            }
            (None, Some(new)) => (named(self.old, key), new, Change::Looser),
            (Some(old), None) => (named(self.new, key), old, Change::Tighter),
            (None, None) => return,
        };
        if !matches!(named, Named::All) {
            appears(&whose, one, change, matches!(named, Named::Some), found);
        }
        if !matches!(named, Named::None) {
            rule::compare(&whose, old, new, &self.general(key), found);
        }
    }

    fn whose(&self, key: Key<'_>) -> String {
        let word = self.subject.as_str();
        match key {
            Key::All => "every tool".to_owned(),
            Key::Category(category) => format!("every tool of category {}", category.as_str()),
            Key::Glob(glob) => format!("every {word} that matches {}", quoted(glob.text())),
            Key::Exact(name) => format!("the {word} {}", quoted(name)),
        }
    }

    /// The actions that rules no more specific than this one state, in either section.
    fn general(&self, key: Key<'_>) -> General {
        let mut general = General::default();
        for section in [self.old, self.new] {
            let all = section.all.iter().filter(|_| !matches!(key, Key::All));
            let categories =
                section.categories.values().filter(|_| matches!(key, Key::Glob(_) | Key::Exact(_)));
            let globs = section.globs.iter().filter(|(glob, _)| match key {
                Key::All | Key::Category(_) => false,
                Key::Glob(mine) => glob.text() != mine.text() && glob.literals() <= mine.literals(),
                Key::Exact(name) => glob.matches(name),
            });
            for rule in all.chain(categories).chain(globs.map(|(_, rule)| rule)) {
                general.asks |= rule.action == Some(Action::RequireApproval);
                general.denies |= rule.action == Some(Action::Deny);
            }
        }
        general
    }
}

/// A rule for what has none in the other section, where that is denied by default. `partly`: some of it has.
fn appears(whose: &str, rule: &Rule, change: Change, partly: bool, found: &mut Findings) {
    let refuses =
        rule.action == Some(Action::Deny) || rule.deny_if.iter().any(|group| group.conditions.is_empty());
    let unless = if partly { ", unless another rule names it" } else { "" };
    let (change, what) = match (change, refuses) {
        (Change::Looser, true) => (
            Change::Changed,
            format!("{whose} is denied by a rule of its own and no longer by default{unless}"),
        ),
        (Change::Looser, false) => {
            (Change::Looser, format!("{whose} has a rule and is no longer denied by default{unless}"))
        }
        (_, true) => (
            Change::Changed,
            format!("{whose} is denied by default and no longer by a rule of its own{unless}"),
        ),
        (_, false) => (Change::Tighter, format!("{whose} has no rule and is now denied by default{unless}")),
    };
    found.add(change, rule.pointer.to_string(), what);
}

fn named(section: &Section, key: Key<'_>) -> Named {
    if section.default_allow
        || matches!(key, Key::All)
        || section.globs.iter().any(|(glob, _)| covers(glob, key))
    {
        return Named::All;
    }
    let mut steps = COMPARING;
    let partly = match key {
        Key::Exact(_) => !section.categories.is_empty(),
        Key::All | Key::Category(_) => !section.globs.is_empty() || !section.exact.is_empty(),
        Key::Glob(mine) => {
            !section.categories.is_empty()
                || section.exact.keys().any(|name| mine.matches(name))
                || section.globs.iter().any(|(glob, _)| may_meet(glob.text(), mine.text(), &mut steps))
        }
    };
    if partly { Named::Some } else { Named::None }
}

fn covers(glob: &Glob, key: Key<'_>) -> bool {
    match key {
        Key::All => false,
        Key::Category(_) => glob.text().chars().all(|c| c == '*'),
        Key::Glob(mine) => glob.covers(mine),
        Key::Exact(name) => glob.matches(name),
    }
}
