//! Whether a document cuts one counter into two sorts of window: every limit with every other, and names that both
//! may count under.

use super::json::Json;
use super::limit::prefix;
use super::situation::Kind;
use super::time::Window;

/// One limit's counters.
struct Cut {
    /// One letter after the other; a rate limit of many names leaves some open.
    name: Vec<Letter>,
    scope: String,
    window: Option<Window>,
    rolling: bool,
    /// What a rate limit of many names is for: prompts are told apart from tools.
    many: Option<Kind>,
    /// Whether the rule is filed under a category. No tool has two.
    category: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Letter {
    This(char),
    Any,
    /// So many as one likes.
    Run,
}

/// Whether two limits count the same counter by different windows.
pub(crate) fn clashes(document: &Json) -> bool {
    let mut cuts = Vec::new();
    if let Some(rule) = document.get("all_tools") {
        cuts_of(rule, Kind::Tool, "*", false, &mut cuts);
    }
    for (_, rule) in document.get("categories").map_or(&[][..], Json::members) {
        cuts_of(rule, Kind::Tool, "*", true, &mut cuts);
    }
    for (pattern, rule) in document.get("tools").map_or(&[][..], Json::members) {
        cuts_of(rule, Kind::Tool, pattern, false, &mut cuts);
    }
    for (section, kind) in [("prompts", Kind::Prompt), ("resources", Kind::Resource)] {
        let rules = document.get(section).and_then(|section| section.get("rules"));
        for (pattern, rule) in rules.map_or(&[][..], Json::members) {
            cuts_of(rule, kind, pattern, false, &mut cuts);
        }
    }
    cuts.iter().enumerate().any(|(index, one)| cuts.iter().skip(index + 1).any(|two| clash(one, two)))
}

fn clash(one: &Cut, two: &Cut) -> bool {
    one.scope == two.scope
        && (one.window, one.rolling) != (two.window, two.rolling)
        && !(one.category && two.category)
        && one.many.zip(two.many).is_none_or(|(one, two)| one == two)
        && meet(&one.name, &two.name)
}

fn cuts_of(rule: &Json, kind: Kind, pattern: &str, category: bool, cuts: &mut Vec<Cut>) {
    let window = |limit: &Json| match limit.get("window") {
        Some(Json::Text(name)) => Window::named(name),
        Some(Json::Number(seconds)) => seconds.parse().ok().map(Window::Seconds),
        _ => None,
    };
    for limit in rule.list("limits") {
        cuts.push(Cut {
            name: limit.text("counter").unwrap_or_default().chars().map(Letter::This).collect(),
            scope: limit.text("scope").unwrap_or_default().to_owned(),
            window: window(limit),
            rolling: limit.get("rolling") == Some(&Json::Bool(true)),
            many: None,
            // Its counter has a name, which rules of another category may have too.
            category: false,
        });
    }
    if let Some(rate) = rule.get("rate_limit") {
        let letters = pattern.chars().map(|letter| match letter {
            '*' => Letter::Run,
            '?' => Letter::Any,
            other => Letter::This(other),
        });
        let (before, after) = (prefix(kind).chars().map(Letter::This), "_rate".chars().map(Letter::This));
        cuts.push(Cut {
            name: before.chain(letters).chain(after).collect(),
            scope: "session".to_owned(),
            window: window(rate),
            rolling: false,
            many: pattern.contains(['*', '?']).then_some(kind),
            category,
        });
    }
}

/// Whether some name is both.
fn meet(one: &[Letter], two: &[Letter]) -> bool {
    match (one, two) {
        ([], []) => true,
        ([Letter::Run, rest @ ..], _) if meet(rest, two) => true,
        (_, [Letter::Run, rest @ ..]) if meet(one, rest) => true,
        ([Letter::Run, ..], [Letter::Run, ..]) => false,
        ([Letter::Run, ..], [_, rest @ ..]) => meet(one, rest),
        ([_, rest @ ..], [Letter::Run, ..]) => meet(rest, two),
        ([Letter::This(a), one @ ..], [Letter::This(b), two @ ..]) => a == b && meet(one, two),
        ([_, one @ ..], [_, two @ ..]) => meet(one, two),
        _ => false,
    }
}
