//! Rules filed by what they match: everything, a category, a glob, a name.
//!
//! Finding the rules for a call costs one look-up by name plus one match for each glob, however many names have
//! rules. Document order plays no part: globs are sorted when the section is made.

use hashbrown::HashMap;

use crate::Category;
use crate::pattern::{Glob, LONGEST_NAME};
use crate::problem::Place;

use super::{Action, Rule};

/// The rules for tools, prompts or resources.
#[derive(Debug, Clone, Default)]
pub(crate) struct Section {
    /// Whether what no rule names is allowed.
    pub(crate) default_allow: bool,
    pub(crate) default_place: Place,
    pub(crate) hide: Hidden,
    pub(crate) all: Option<Rule>,
    pub(crate) categories: HashMap<Category, Rule>,
    /// Sorted by [`glob_order`]: from general to specific.
    pub(crate) globs: Vec<(Glob, Rule)>,
    pub(crate) exact: HashMap<Box<str>, Rule>,
}

/// What must look as if it did not exist.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hidden {
    pub(crate) exact: HashMap<Box<str>, Entry>,
    pub(crate) globs: Vec<(Glob, Entry)>,
}

/// Where a pattern stands in a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) index: usize,
    pub(crate) place: Place,
}

impl Hidden {
    pub(crate) fn covers(&self, name: &str) -> bool {
        self.exact.contains_key(name) || self.globs.iter().any(|(glob, _)| glob.matches(name))
    }
}

/// Fewer literal characters come first; among equals, which all apply, the text decides.
pub(crate) fn glob_order(a: &Glob, b: &Glob) -> std::cmp::Ordering {
    a.literals().cmp(&b.literals()).then_with(|| a.text().cmp(b.text()))
}

/// The rules that match one call, from general to specific.
pub(crate) struct Layers<'p> {
    all: Option<&'p Rule>,
    category: Option<&'p Rule>,
    globs: Vec<(usize, &'p Rule)>,
    exact: Option<&'p Rule>,
}

impl Section {
    pub(crate) fn layers(&self, name: &str, category: Option<Category>) -> Layers<'_> {
        let globs = self.globs.iter().filter(|(glob, _)| glob.matches(name));
        Layers {
            all: self.all.as_ref(),
            category: category.and_then(|category| self.categories.get(&category)),
            globs: globs.map(|(glob, rule)| (glob.literals(), rule)).collect(),
            exact: self.exact.get(name),
        }
    }

    /// Whether a list shows this name: it is not hidden, and not refused for want of a rule.
    pub(crate) fn lists(&self, name: &str, category: Option<Category>) -> bool {
        name.len() <= LONGEST_NAME
            && !self.hide.covers(name)
            && (self.default_allow || self.has_rule(name, category))
    }

    /// Whether a rule names it, by name, glob or category.
    pub(crate) fn has_rule(&self, name: &str, category: Option<Category>) -> bool {
        self.exact.contains_key(name)
            || category.is_some_and(|category| self.categories.contains_key(&category))
            || self.globs.iter().any(|(glob, _)| glob.matches(name))
    }

    /// Every rule, in no particular order.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rule> {
        let globs = self.globs.iter().map(|(_, rule)| rule);
        self.all.iter().chain(self.categories.values()).chain(globs).chain(self.exact.values())
    }
}

impl<'p> Layers<'p> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'p Rule> {
        let globs = self.globs.iter().map(|(_, rule)| *rule);
        self.all.into_iter().chain(self.category).chain(globs).chain(self.exact)
    }

    /// What each matches by, and its pointer.
    pub(crate) fn described(&self) -> impl Iterator<Item = (&'static str, &'p str)> {
        let all = self.all.map(|rule| ("all_tools", rule));
        let category = self.category.map(|rule| ("category", rule));
        let globs = self.globs.iter().map(|(_, rule)| ("glob", *rule));
        let exact = self.exact.map(|rule| ("name", rule));
        let layers = all.into_iter().chain(category).chain(globs).chain(exact);
        layers.map(|(matched, rule)| (matched, &*rule.pointer))
    }

    /// Whether anything but the rule for all tools matches.
    pub(crate) const fn is_named(&self) -> bool {
        self.category.is_some() || self.exact.is_some() || !self.globs.is_empty()
    }

    /// What the most specific rule that says so does with the call; of equally specific globs, the strictest.
    pub(crate) fn action(&self) -> Option<(Action, &'p Rule)> {
        let stated = |rule: &'p Rule| rule.action.map(|action| (action, rule));
        self.exact
            .and_then(stated)
            .or_else(|| self.glob_action())
            .or_else(|| self.category.and_then(stated))
            .or_else(|| self.all.and_then(stated))
    }

    fn glob_action(&self) -> Option<(Action, &'p Rule)> {
        let mut best: Option<(usize, Action, &'p Rule)> = None;
        for (literals, rule) in self.globs.iter().rev() {
            let Some(action) = rule.action else { continue };
            best = match best {
                Some((most, _, _)) if *literals < most => break,
                Some((_, strictest, _)) if action < strictest => best,
                _ => Some((*literals, action, rule)),
            };
        }
        best.map(|(_, action, rule)| (action, rule))
    }
}
