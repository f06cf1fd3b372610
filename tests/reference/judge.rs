//! The order of judgement, step by step, over the document as it is written.

use super::condition::{Answer, all};
use super::json::Json;
use super::limit::{self, Limit, Priced, Spent};
use super::situation::{Kind, Situation};

/// What comes of a call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    /// Empty when the call may go ahead.
    pub(crate) rule: String,
    /// The author's words, where the document has some for this.
    pub(crate) message: Option<String>,
    /// What to raise when the call goes ahead.
    pub(crate) charges: Vec<Priced>,
    /// Milliseconds to wait, where a single counter is what refuses.
    pub(crate) retry: Option<i64>,
}

impl Verdict {
    fn deny(rule: impl Into<String>, message: Option<&str>) -> Self {
        Self { rule: rule.into(), message: message.map(str::to_owned), charges: Vec::new(), retry: None }
    }
}

/// A rule that matches the call, and where it stands.
struct Layer<'d> {
    pointer: String,
    rule: &'d Json,
    /// Higher is more specific; equal globs are equal.
    rank: usize,
}

/// A longer name has no rule.
const LONGEST_NAME: usize = 4096;

/// Judges a call after a history of what was spent.
pub(crate) fn judge(document: &Json, call: &Situation, history: &[Spent]) -> Verdict {
    if !call.has_policy {
        return Verdict::deny("(no policy)", None);
    }
    if !call.enabled {
        return Verdict::deny("(disabled)", None);
    }
    if let Some(refused) = unlisted(document, call) {
        return Verdict::deny(refused, None);
    }
    let layers = layers(document, call);
    let arguments = call.arguments.as_deref().and_then(Json::parse).unwrap_or(Json::Object(Vec::new()));
    let in_force = in_force(&layers);
    if let Some((layer, "deny")) = in_force {
        return Verdict::deny(format!("{}/action", layer.pointer), layer.rule.text("reason"));
    }
    for (field, refusing) in [("require", Answer::No), ("deny_if", Answer::Yes)] {
        for layer in &layers {
            for (index, group) in layer.rule.list(field).iter().enumerate() {
                let answer = all(group.list("conditions"), call, &arguments);
                let pointer = || format!("{}/{field}/{index}", layer.pointer);
                if answer == Answer::Refuse {
                    return Verdict::deny(pointer(), None);
                }
                if answer == refusing {
                    return Verdict::deny(pointer(), group.text("on_deny"));
                }
            }
        }
    }
    for layer in &layers {
        if let Some(denied) = approval(layer, in_force, call, &arguments) {
            return denied;
        }
    }
    limits(&layers, call, &arguments, history)
}

/// Steps 3 and 5, which also keep a name off the list.
pub(crate) fn unlisted(document: &Json, call: &Situation) -> Option<&'static str> {
    // Such a name matches no pattern, so neither does it match a hidden one.
    if call.name.len() > LONGEST_NAME {
        return Some("(default deny)");
    }
    let (section, _) = section(document, call.kind);
    if let Some(section) = section {
        let mut hidden = section.list("hide").iter();
        if hidden.any(|pattern| matches!(pattern, Json::Text(pattern) if fits(pattern, &call.name))) {
            return Some("(hidden)");
        }
    }
    if call.definition_changed && call.kind == Kind::Tool {
        return Some("(definition changed)");
    }
    let default = section.and_then(|section| section.text("default")).or_else(|| document.text("default"));
    let none = default == Some("deny") && layers(document, call).iter().all(|layer| layer.rank == 0);
    none.then_some("(default deny)")
}

/// The part of the document for this kind, and the pointer to its rules.
fn section(document: &Json, kind: Kind) -> (Option<&Json>, &'static str) {
    match kind {
        Kind::Tool => (Some(document), "/tools"),
        Kind::Prompt => (document.get("prompts"), "/prompts/rules"),
        Kind::Resource => (document.get("resources"), "/resources/rules"),
    }
}

/// All rules that match, from general to specific.
fn layers<'d>(document: &'d Json, call: &Situation) -> Vec<Layer<'d>> {
    let mut layers = Vec::new();
    let (section, pointer) = section(document, call.kind);
    let mut rules: &[(String, Json)] = &[];
    if call.kind == Kind::Tool {
        if let Some(rule) = document.get("all_tools") {
            layers.push(Layer { pointer: "/all_tools".to_owned(), rule, rank: 0 });
        }
        let category = call.category.and_then(|category| document.get("categories")?.get(category));
        if let (Some(rule), Some(name)) = (category, call.category) {
            layers.push(Layer { pointer: format!("/categories/{name}"), rule, rank: 1 });
        }
        rules = document.get("tools").map_or(&[], Json::members);
    } else if let Some(found) = section.and_then(|section| section.get("rules")) {
        rules = found.members();
    }
    let literals = |pattern: &str| pattern.chars().filter(|&letter| letter != '*' && letter != '?').count();
    let mut matching: Vec<&(String, Json)> =
        rules.iter().filter(|(pattern, _)| is_glob(pattern) && fits(pattern, &call.name)).collect();
    matching.sort_by_key(|(pattern, _)| (literals(pattern), pattern));
    matching.extend(rules.iter().filter(|(pattern, _)| !is_glob(pattern) && *pattern == call.name));
    for (pattern, rule) in matching {
        let rank = if is_glob(pattern) { 2 + literals(pattern) } else { usize::MAX };
        let step = pattern.replace('~', "~0").replace('/', "~1");
        layers.push(Layer { pointer: format!("{pointer}/{step}"), rule, rank });
    }
    layers
}

fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

fn fits(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    glob(&pattern, &name)
}

fn glob(pattern: &[char], name: &[char]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some(('*', rest)), None) => glob(rest, name),
        (Some(('*', rest)), Some((_, shorter))) => glob(rest, name) || glob(pattern, shorter),
        (Some((letter, rest)), Some((first, shorter))) => {
            (*letter == '?' || letter == first) && glob(rest, shorter)
        }
        _ => false,
    }
}

/// The most specific action that is stated; of equal globs, the stricter.
fn in_force<'l, 'd>(layers: &'l [Layer<'d>]) -> Option<(&'l Layer<'d>, &'d str)> {
    let strictness = |action: &str| match action {
        "deny" => 2,
        "require_approval" => 1,
        _ => 0,
    };
    let mut found: Option<(&Layer<'_>, &str)> = None;
    for layer in layers {
        let Some(action) = layer.rule.text("action") else { continue };
        let stricter = found.is_none_or(|(before, other)| {
            before.rank != layer.rank || strictness(action) > strictness(other)
        });
        if stricter {
            found = Some((layer, action));
        }
    }
    found
}

/// Step 9: there is no approval here, so what needs one is refused.
fn approval(
    layer: &Layer<'_>,
    in_force: Option<(&Layer<'_>, &str)>,
    call: &Situation,
    arguments: &Json,
) -> Option<Verdict> {
    let always = in_force
        .is_some_and(|(asking, action)| action == "require_approval" && asking.pointer == layer.pointer);
    let block = layer.rule.get("approval");
    let pointer = format!("{}/approval", layer.pointer);
    let words = block.and_then(|block| block.text("reason")).or_else(|| layer.rule.text("reason"));
    let answer = match block {
        Some(block) => all(block.list("conditions"), call, arguments),
        None => Answer::No,
    };
    match answer {
        Answer::Refuse => Some(Verdict::deny(pointer, None)),
        Answer::Yes => Some(Verdict::deny(pointer, words)),
        Answer::No => always.then(|| Verdict::deny(pointer, words)),
    }
}

/// Step 10: all limits of all layers, or none.
fn limits(layers: &[Layer<'_>], call: &Situation, arguments: &Json, history: &[Spent]) -> Verdict {
    let mut limits: Vec<Limit> = Vec::new();
    for layer in layers {
        let reason = layer.rule.text("reason");
        for (pointer, written) in limit::written(layer.rule, &layer.pointer, call) {
            match limit::price(&written, call, arguments) {
                Some(priced) => limits.push(Limit { pointer, reason, priced }),
                None => return Verdict::deny(pointer, None),
            }
        }
    }
    let charges = limit::merged(&limits);
    // Counter by counter, in the order in which limits first name them; each by its limits in their order.
    for charge in &charges {
        let mut sharing = limits.iter().filter(|limit| limit.priced.counter == charge.counter);
        if let Some(limit) = sharing.find(|limit| limit::over(limit, &charges, call.time, history)) {
            let retry = limit::wait(&limits, &charges, call.time, history);
            return Verdict { retry, ..Verdict::deny(&limit.pointer, limit.reason) };
        }
    }
    Verdict { rule: String::new(), message: None, charges, retry: None }
}
