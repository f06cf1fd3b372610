//! From classes to a policy: one tool's document, and one for a whole server.
//!
//! | class | rule |
//! |---|---|
//! | read | allowed |
//! | other | 60 calls a minute for each grant |
//! | write | 30 |
//! | execute | 10 |
//! | destructive | hidden |
//! | financial | a person approves each call |
//!
//! A name that a policy would take for a pattern, or cannot hold, gets no rule, so that the default denies it: a tool
//! named `*` must not become the rule for all the others.

use std::collections::HashSet;
use std::fmt::Write as _;

use policy::Category;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::{Class, Evidence};

/// The longest name that policies match, in bytes.
const LONGEST_NAME: usize = 4096;
/// How much of a tool's name goes into its counter's, in characters; the rest is for the ending.
const COUNTER_LETTERS: usize = 100;
/// The largest document that policies may have, in bytes.
const LARGEST: usize = 256 * 1024;

/// A policy document that suits some tools. As text by [`Recommendation::text`], or serialised as it stands.
#[derive(Debug, Clone, Default)]
pub struct Recommendation {
    description: Option<String>,
    hide: Vec<String>,
    rules: Vec<(String, Rule)>,
    /// Why each tool has the rule that it has, in the order of the tools.
    pub reasons: Vec<Reason>,
}

/// Why a tool has its rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// The tool's name.
    pub tool: String,
    /// Its class.
    pub category: Category,
    /// Its risk.
    pub risk: String,
    /// How sure that is, from 0 to 1.
    pub confidence: f64,
    /// What the policy does with it, in words.
    pub effect: &'static str,
    /// What in the definition led there.
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Open,
    /// At most so many calls a minute for each grant.
    Limited(u32),
    Approved,
}

/// What is done about a tool of this class; `None` hides it.
const fn rule(category: Category) -> (Option<Rule>, &'static str) {
    match category {
        Category::Read => (Some(Rule::Open), "allowed"),
        Category::Other => (Some(Rule::Limited(60)), "allowed 60 times a minute"),
        Category::Write => (Some(Rule::Limited(30)), "allowed 30 times a minute"),
        Category::Execute => (Some(Rule::Limited(10)), "allowed 10 times a minute"),
        Category::Destructive => (None, "hidden"),
        Category::Financial => (Some(Rule::Approved), "asks a person each time"),
    }
}

/// The policy for a server of which only this tool is wanted.
#[must_use]
pub fn recommend(tool: &str, class: &Class) -> Recommendation {
    let mut recommendation = Recommendation::default();
    recommendation.add(tool, class);
    recommendation
}

/// One policy for all tools of a server. Of several with one name the first counts.
#[must_use]
pub fn recommend_server<'a>(tools: impl IntoIterator<Item = (&'a str, &'a Class)>) -> Recommendation {
    let mut recommendation = Recommendation::default();
    let mut known = HashSet::new();
    for (tool, class) in tools {
        if known.insert(tool) {
            recommendation.add(tool, class);
        }
    }
    let count = |category| recommendation.reasons.iter().filter(|reason| reason.category == category).count();
    let counts = [
        (Category::Read, "allowed"),
        (Category::Other, "limited"),
        (Category::Write, "limited"),
        (Category::Execute, "limited"),
        (Category::Destructive, "hidden"),
        (Category::Financial, "approved one by one"),
    ];
    let told = counts.iter().map(|(category, effect)| (count(*category), category.as_str(), effect));
    let told: Vec<String> = told
        .filter(|(count, ..)| *count > 0)
        .map(|(count, category, effect)| format!("{count} {category} ({effect})"))
        .collect();
    if !told.is_empty() {
        recommendation.description = Some(format!("By what each tool does: {}.", told.join(", ")));
    }
    recommendation
}

impl Recommendation {
    fn add(&mut self, tool: &str, class: &Class) {
        let (rule, effect) = rule(class.category);
        let addressable = !tool.is_empty()
            && tool.len() <= LONGEST_NAME
            && !tool.contains(|letter: char| matches!(letter, '*' | '?') || letter.is_control());
        let effect = if addressable { effect } else { "denied, because no policy can name it" };
        match rule {
            _ if !addressable => {}
            Some(rule) => self.rules.push((tool.to_owned(), rule)),
            None => self.hide.push(tool.to_owned()),
        }
        self.reasons.push(Reason {
            tool: tool.to_owned(),
            category: class.category,
            risk: class.risk.clone(),
            confidence: class.confidence,
            effect,
            evidence: class.evidence.clone(),
        });
    }

    /// The document, one tool a line; without line breaks where it would be too large otherwise. `None` when it is too
    /// large for a policy even so.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let pretty = self.pretty();
        if pretty.len() <= LARGEST {
            return Some(pretty);
        }
        serde_json::to_string(self).ok().filter(|text| text.len() <= LARGEST)
    }

    fn pretty(&self) -> String {
        // Strings and rules of our own always serialise.
        let json = |value: &dyn Fn() -> serde_json::Result<String>| value().unwrap_or_default();
        let mut text = "{\n  \"version\": \"1\",\n  \"default\": \"deny\"".to_owned();
        if let Some(description) = &self.description {
            let _ = write!(text, ",\n  \"description\": {}", json(&|| serde_json::to_string(description)));
        }
        let mut block = |name: &str, (open, close): (char, char), lines: Vec<String>| {
            if !lines.is_empty() {
                let _ = write!(text, ",\n  \"{name}\": {open}\n    {}\n  {close}", lines.join(",\n    "));
            }
        };
        let hidden = self.hide.iter().map(|tool| json(&|| serde_json::to_string(tool)));
        block("hide", ('[', ']'), hidden.collect());
        let rules = self.rules.iter().map(|(tool, rule)| {
            let (name, rule) = (
                json(&|| serde_json::to_string(tool)),
                json(&|| serde_json::to_string(&Named { tool, rule: *rule })),
            );
            format!("{name}: {rule}")
        });
        block("tools", ('{', '}'), rules.collect());
        text.push_str("\n}\n");
        text
    }
}

/// A rule of a tool: the counter is named after it.
struct Named<'a> {
    tool: &'a str,
    rule: Rule,
}

/// The counter of a tool: its name in lower case, as far as a counter's name may reach.
fn counter(tool: &str) -> String {
    let name: String =
        tool.to_lowercase().chars().filter(|letter| !letter.is_control()).take(COUNTER_LETTERS).collect();
    format!("{name}_rate")
}

#[derive(Serialize)]
struct Limit {
    counter: String,
    window: &'static str,
    max: u32,
    scope: &'static str,
}

#[derive(Serialize)]
struct Approval {
    reason: &'static str,
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.rule {
            Rule::Open => {}
            Rule::Limited(max) => {
                let counter = counter(self.tool);
                let limit = Limit { counter, window: "minute", max, scope: "grant" };
                map.serialize_entry("limits", &[limit])?;
            }
            Rule::Approved => {
                map.serialize_entry("approval", &Approval { reason: "requires human approval" })?;
            }
        }
        map.end()
    }
}

/// The rules by name, in the order of the tools.
struct Rules<'a>(&'a [(String, Rule)]);

impl Serialize for Rules<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (tool, rule) in self.0 {
            map.serialize_entry(tool, &Named { tool, rule: *rule })?;
        }
        map.end()
    }
}

impl Serialize for Recommendation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("version", "1")?;
        map.serialize_entry("default", "deny")?;
        if let Some(description) = &self.description {
            map.serialize_entry("description", description)?;
        }
        if !self.hide.is_empty() {
            map.serialize_entry("hide", &self.hide)?;
        }
        if !self.rules.is_empty() {
            map.serialize_entry("tools", &Rules(&self.rules))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests;
