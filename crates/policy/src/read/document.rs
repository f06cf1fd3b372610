//! The document's top level and its sections, read.

use crate::nearest::offer;
use crate::pattern::{Glob, is_glob};
use crate::rule::section::{Entry, Hidden, Section, glob_order};
use crate::wording::quoted;
use crate::{Category, Policy, Subject};

use super::Reader;
use super::fields::Fields;
use super::node::{Kind, Member, Node};
use super::rule::Matching;

pub(super) const KNOWN: [&str; 10] = [
    "$schema",
    "version",
    "default",
    "description",
    "hide",
    "all_tools",
    "categories",
    "tools",
    "prompts",
    "resources",
];
pub(super) const SECTION: [&str; 3] = ["default", "hide", "rules"];
pub(super) const DEFAULTS: [(&str, bool); 2] = [("allow", true), ("deny", false)];
/// Longest pattern, in bytes: names of tools are far shorter, addresses of resources may be long.
pub(super) const PATTERN_LONGEST: usize = 2_048;
/// Most globs in one list of rules or of hidden names, since a call is matched against each.
pub(super) const GLOBS: usize = 1_000;

impl Reader<'_> {
    /// The policy, without what is wrong in the document.
    pub(super) fn document(&mut self, root: &Node<'_>) -> Policy {
        let mut policy =
            Policy { tools: Section::default(), prompts: Section::default(), resources: Section::default() };
        let Some(fields) = self.fields(root, "a policy", &KNOWN) else { return policy };
        self.required(&fields, "version")
            .and_then(|node| self.choice(node, "version", "unknown_value", &[("1", ())]));
        for name in ["$schema", "description"] {
            fields.get(name).and_then(|node| self.text(node, name).map(drop));
        }
        let default_allow = self.default(&fields).unwrap_or(false);
        policy.tools.default_allow = default_allow;
        policy.tools.default_place =
            fields.get("default").map(|node| self.report.lines.place(node.start)).unwrap_or_default();
        policy.tools.hide = fields.get("hide").map(|node| self.hide(node)).unwrap_or_default();
        policy.tools.all = fields.get("all_tools").map(|node| {
            self.rule(node, key_start(root, "all_tools"), Subject::Tool, Matching::All, &["all_tools"])
        });
        if let Some(node) = fields.get("categories") {
            self.categories(node, &mut policy.tools);
        }
        if let Some(node) = fields.get("tools") {
            self.rules(node, Subject::Tool, &["tools"], &mut policy.tools);
        }
        policy.prompts = self.section(fields.get("prompts"), Subject::Prompt, default_allow);
        policy.resources = self.section(fields.get("resources"), Subject::Resource, default_allow);
        self.check_rates();
        policy
    }

    fn default(&mut self, fields: &Fields<'_, '_>) -> Option<bool> {
        let node = self.required(fields, "default")?;
        self.choice(node, "default", "unknown_value", &DEFAULTS)
    }

    /// `prompts` or `resources`; one that is not written takes the document's default.
    fn section(&mut self, node: Option<&Node<'_>>, subject: Subject, default_allow: bool) -> Section {
        let mut section = Section { default_allow, ..Section::default() };
        let name = if subject == Subject::Prompt { "prompts" } else { "resources" };
        let what = if subject == Subject::Prompt { "the section prompts" } else { "the section resources" };
        let fields = node.and_then(|node| self.fields(node, what, &SECTION));
        let Some(fields) = fields else { return section };
        section.default_allow = self.default(&fields).unwrap_or(false);
        section.hide = fields.get("hide").map(|node| self.hide(node)).unwrap_or_default();
        if let Some(node) = fields.get("rules") {
            self.rules(node, subject, &[name, "rules"], &mut section);
        }
        section
    }

    fn categories(&mut self, node: &Node<'_>, section: &mut Section) {
        let known: Vec<&str> = Category::NAMES.iter().map(|(name, _)| *name).collect();
        for Member { key, start, value } in self.members(node, "categories").unwrap_or_default() {
            let steps = ["categories", key];
            // Read even under a wrong key, so that its own problems show at once.
            let rule = self.rule(value, *start, Subject::Tool, Matching::Category, &steps);
            match Category::named(key) {
                Some(category) => {
                    section.categories.entry(category).or_insert(rule);
                }
                None => {
                    let message = format!("{} is no category.", quoted(key));
                    self.report.error("unknown_value", *start, message, Some(offer(key, &known)));
                }
            }
        }
    }

    fn rules(&mut self, node: &Node<'_>, subject: Subject, steps: &[&str], section: &mut Section) {
        for Member { key, start, value } in self.members(node, "a list of rules").unwrap_or_default() {
            let fine = self.check_pattern(key, *start);
            let name = if fine { &**key } else { "" };
            let matching = if is_glob(key) { Matching::Glob(name) } else { Matching::Exactly(name) };
            let steps = [steps, &[name]].concat();
            let rule = self.rule(value, *start, subject, matching, &steps);
            if !fine {
                continue;
            }
            match Glob::new(key) {
                Some(glob) => section.globs.push((glob, rule)),
                None => {
                    section.exact.entry(key.as_ref().into()).or_insert(rule);
                }
            }
        }
        section.globs.sort_by(|(a, _), (b, _)| glob_order(a, b));
        self.check_globs(section.globs.len(), node);
    }

    fn hide(&mut self, node: &Node<'_>) -> Hidden {
        let mut hidden = Hidden::default();
        for (index, node) in self.array(node, "hide").iter().enumerate() {
            let Some(pattern) = self.text(node, "a pattern") else { continue };
            if !self.check_pattern(pattern, node.start) {
                continue;
            }
            let entry = Entry { index, place: self.report.lines.place(node.start) };
            match Glob::new(pattern) {
                Some(glob) => hidden.globs.push((glob, entry)),
                None => {
                    hidden.exact.insert(pattern.into(), entry);
                }
            }
        }
        self.check_globs(hidden.globs.len(), node);
        hidden
    }

    /// Whether a pattern can match a name at all.
    fn check_pattern(&mut self, pattern: &str, at: usize) -> bool {
        let message = if pattern.is_empty() {
            "An empty pattern matches nothing.".to_owned()
        } else if pattern.chars().any(char::is_control) {
            "This pattern matches nothing: no name holds control characters.".to_owned()
        } else if pattern.len() > PATTERN_LONGEST {
            format!("This pattern is longer than {PATTERN_LONGEST} bytes.")
        } else {
            if pattern.trim() != pattern {
                let hint = Some("remove the blanks".to_owned());
                self.report.warn("never_matches", at, "Names do not begin or end with blanks.", hint);
            }
            return true;
        };
        self.report.error(
            "invalid_pattern",
            at,
            message,
            Some("write a name, or a glob with * and ?".to_owned()),
        );
        false
    }

    fn check_globs(&mut self, count: usize, node: &Node<'_>) {
        if count > GLOBS {
            let message = format!("There are {count} globs here, and at most {GLOBS} may be.");
            self.report.error(
                "too_many_globs",
                node.start,
                message,
                Some("name tools, or use broader globs".to_owned()),
            );
        }
    }
}

/// Where a key of an object is written.
fn key_start(node: &Node<'_>, key: &str) -> usize {
    match &node.kind {
        Kind::Object(members) => {
            members.iter().find(|member| member.key == key).map_or(node.start, |member| member.start)
        }
        _ => node.start,
    }
}
