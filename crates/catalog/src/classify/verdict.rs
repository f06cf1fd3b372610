//! From verbs to categories, and from two opinions to one.

use policy::Category;

use super::{READ_ONLY, finding};
use crate::class::{Evidence, Finding};
use crate::lexicon::{Force, han};
use crate::money::{self, Scene, Setting};
use crate::name::Name;
use crate::schema::rank;
use crate::sentence::{Sentence, Spoken};
use crate::text::{Text, Word};

/// What is only held open while one talks to a server; letting go of it loses nothing.
const HELD_OPEN: &[&str] =
    &["stream", "streams", "connection", "connections", "websocket", "websockets", "socket", "sockets"];
/// What is opened and closed while one works, and is not the work.
const AT_HAND: &[&str] = &[
    "stream",
    "streams",
    "connection",
    "connections",
    "websocket",
    "socket",
    "key",
    "session",
    "sessions",
    "browser",
    "tab",
    "tabs",
    "page",
    "pages",
    "window",
    "terminal",
    "file",
    "files",
    "document",
    "nodes",
    "database",
    "db",
    "server",
    "instance",
    "app",
    "application",
    "url",
    "editor",
    "buffer",
    "panel",
    "device",
    "mcp",
    "simulator",
    "project",
    "viewport",
    "cluster",
];
/// What cannot be had back once it is called off.
const CALLED_OFF: &[&str] = &[
    "subscription",
    "subscriptions",
    "order",
    "orders",
    "payment",
    "payments",
    "booking",
    "account",
    "membership",
];
/// What is settled by saying so, where a name is resolved by looking it up.
const SETTLED: &[&str] = &[
    "thread",
    "threads",
    "issue",
    "issues",
    "comment",
    "comments",
    "discussion",
    "discussions",
    "conversation",
    "incident",
    "incidents",
    "alert",
    "alerts",
    "conflict",
    "conflicts",
    "ticket",
    "tickets",
    "finding",
    "findings",
    "annotation",
    "dispute",
];
/// Languages in which a question can just as well change something.
const STATEMENTS: &[&str] = &["sql", "cypher", "statement", "statements"];
/// Questions that are put by running them.
const QUESTIONS: &[&str] = &[
    "query", "queries", "search", "searches", "promql", "logql", "lookup", "check", "checks", "analysis",
    "jql", "soql", "select",
];
/// Code that makes evaluating it an execution.
const CODE: &[&str] = &["js", "javascript", "script", "code", "expression", "python", "command"];

/// One opinion.
pub(super) struct Found {
    pub(super) category: Category,
    pub(super) force: Force,
    pub(super) field: &'static str,
    pub(super) quote: String,
    pub(super) finding: Finding,
    /// It only puts a question, though by executing it.
    pub(super) asks: bool,
}

/// What is concluded.
pub(super) struct Verdict {
    pub(super) category: Category,
    pub(super) confidence: f64,
    pub(super) evidence: Vec<Evidence>,
    /// A plain verb in the name says so.
    pub(super) plain: bool,
}

impl Verdict {
    /// Makes it worse, if this is worse; the new reason comes first.
    pub(super) fn raise(&mut self, category: Category, confidence: f64, reason: Evidence) {
        if rank(category) > rank(self.category) {
            self.category = category;
            self.confidence = confidence;
            self.evidence.insert(0, reason);
        }
    }
}

/// What the name says.
pub(super) fn of_name(text: &Text<'_>, name: &Name, setting: &Setting<'_>) -> Option<Found> {
    let heads = name.head.iter().chain(&name.joined);
    let found = heads.map(|head| {
        let after = name.words.get(head.index + 1..).unwrap_or_default();
        // `tokens_transfer`: the object may come first.
        let object = if after.is_empty() { name.words.get(..head.index).unwrap_or_default() } else { after };
        let verb = text.word(head.word);
        let scene = Scene { text, words: object };
        let (category, force, worth) = meaning(verb, (head.verb.category, head.verb.force), scene, setting);
        let (start, end) = span(head.word, worth);
        let finding = finding_of(verb, category);
        Found { category, force, field: "name", quote: text.quote(start, end), finding, asks: false }
    });
    strongest(found)
}

/// What the description's first sentence says.
///
/// What a plain read does besides, further on in the sentence, is taken for part of its object.
pub(super) fn of_sentence(
    text: &Text<'_>,
    sentence: &Sentence,
    setting: &Setting<'_>,
    by_name: Option<&Found>,
) -> Option<Found> {
    let plainly_reads =
        by_name.is_some_and(|name| name.category == Category::Read && name.force == Force::Plain);
    let open = |spoken: &Spoken| {
        let after = sentence.words.get(spoken.index + 1..).unwrap_or_default();
        let near = after.get(..after.len().min(9)).unwrap_or_default();
        let scene = Scene { text, words: near };
        let word = text.word(spoken.word);
        let verb = base(word);
        let (category, force, worth) =
            meaning(verb, (spoken.verb.category, spoken.verb.force), scene, setting);
        let (start, end) = span(spoken.word, worth);
        let question = |word: &Word| QUESTIONS.contains(&text.word(*word));
        let statement = |word: &Word| STATEMENTS.contains(&text.word(*word));
        let may_write = near.iter().any(statement) && !reads_only(text) && !plainly_reads;
        let asks =
            category == Category::Execute && near.iter().any(question) && !writes(text.lower()) && !may_write;
        let quote = text.quote(start, end.max(near.get(2).map_or(end, |word| word.end)));
        Found { category, force, field: "description", quote, finding: finding_of(verb, category), asks }
    };
    // *Search, group and count*: what is as often a noun is no second thing that is done.
    let Some((first, joined)) = sentence.verbs.split_first() else { return of_han(text) };
    let joined = joined.iter().filter(|spoken| spoken.verb.force == Force::Plain);
    let said = strongest(std::iter::once(first).chain(joined).map(open))?;
    if plainly_reads {
        return Some(said);
    }
    let weak = said.force == Force::Weak && said.category != Category::Read;
    let worse = sentence.later.iter().map(open).filter(|later| {
        (weak || rank(later.category) > rank(said.category)) && later.category != Category::Execute
    });
    Some(strongest(worse).unwrap_or(said))
}

/// What a description in Chinese or Japanese says.
fn of_han(text: &Text<'_>) -> Option<Found> {
    let (category, start, end) = han::verb(text.shown())?;
    let quote = text.quote(start, end);
    let finding = finding(category);
    Some(Found { category, force: Force::Noun, field: "description", quote, finding, asks: false })
}

/// Whether a text about queries speaks of ones that change data.
fn writes(text: &str) -> bool {
    ["insert", "update", "delete", "modif", "ddl", "write", "raw sql", "arbitrary"]
        .iter()
        .any(|word| text.contains(word))
}

/// Whether a text about queries says that they change nothing.
fn reads_only(text: &Text<'_>) -> bool {
    READ_ONLY.iter().any(|phrase| text.lower().contains(phrase)) || text.as_written(&["SELECT"]).is_some()
}

/// The base form of an inflected verb, near enough for the tables of money.
fn base(word: &str) -> &str {
    match word {
        "processes" => "process",
        "places" | "placing" => "place",
        "issues" => "issue",
        _ => word.strip_suffix('s').unwrap_or(word),
    }
}

fn span(verb: Word, worth: Option<Word>) -> (usize, usize) {
    worth.map_or((verb.start, verb.end), |worth| (verb.start.min(worth.start), verb.end.max(worth.end)))
}

/// What a verb means together with what it acts on.
fn meaning(
    verb: &str,
    (category, force): (Category, Force),
    object: Scene<'_>,
    setting: &Setting<'_>,
) -> (Category, Force, Option<Word>) {
    let has = |table: &[&str]| object.words.iter().any(|word| table.contains(&object.text.word(*word)));
    if let Some(worth) = money::moves(verb, object, setting) {
        return (Category::Financial, Force::Plain, Some(worth));
    }
    match (verb, category) {
        ("cleanup" | "clean" | "cleans", _) if has(HELD_OPEN) => (Category::Read, Force::Plain, None),
        ("close" | "open" | "resize" | "connect" | "disconnect", _)
            if !object.words.is_empty() && !has(AT_HAND) =>
        {
            (Category::Write, Force::Noun, None)
        }
        ("resolve" | "unresolve", _) if has(SETTLED) => (Category::Write, Force::Plain, None),
        ("cancel", _) if has(CALLED_OFF) => (Category::Destructive, Force::Plain, None),
        ("switch" | "switching", _) if has(&["on"]) && has(&["off"]) => {
            (Category::Execute, Force::Plain, None)
        }
        ("new", _) if has(&["session", "process", "terminal"]) => (Category::Execute, force, None),
        ("evaluate", _) if has(CODE) => (Category::Execute, Force::Plain, None),
        // Without anything of worth these are ordinary verbs.
        (_, Category::Financial) if force == Force::Noun => (Category::Write, Force::Noun, None),
        _ => (category, force, None),
    }
}

fn finding_of(verb: &str, category: Category) -> Finding {
    if category == Category::Read && verb.starts_with("clean") {
        Finding::Housekeeping
    } else {
        finding(category)
    }
}

/// The worst of what is said plainly; of what is said weakly, the first.
fn strongest(found: impl Iterator<Item = Found>) -> Option<Found> {
    found.reduce(|best, next| {
        let weak = |found: &Found| found.force == Force::Weak;
        match (weak(&best), weak(&next)) {
            (false, true) => best,
            (true, false) => next,
            (true, true) => best,
            (false, false) if rank(next.category) > rank(best.category) => next,
            (false, false) => best,
        }
    })
}

/// A single opinion.
pub(super) fn alone(found: Found) -> Verdict {
    let confidence = match found.force {
        Force::Plain => 0.8,
        Force::Noun => 0.65,
        Force::Weak => 0.5,
    };
    let plain = found.force == Force::Plain && found.field == "name";
    Verdict { category: found.category, confidence, evidence: vec![found.evidence()], plain }
}

/// Name and description together.
pub(super) fn settle(name: Found, text: Found) -> Verdict {
    let plain = name.force == Force::Plain;
    if name.category == text.category {
        let confidence = if plain && text.force == Force::Plain { 0.95 } else { 0.85 };
        let category = name.category;
        return Verdict { category, confidence, evidence: vec![name.evidence(), text.evidence()], plain };
    }
    let (by_name, confidence) = prefer(&name, &text);
    let category = if by_name { name.category } else { text.category };
    let (first, second) = if by_name { (name, text) } else { (text, name) };
    // What contradicts the conclusion is told as well: it is why the confidence is lower.
    Verdict {
        category,
        confidence,
        evidence: vec![first.evidence(), second.evidence()],
        plain: plain && by_name,
    }
}

/// Whether the name is believed rather than the description, and how sure that is.
fn prefer(name: &Found, text: &Found) -> (bool, f64) {
    use Category::{Execute, Other, Read, Write};
    let critical =
        |found: &Found| rank(found.category) >= rank(Category::Destructive) && found.force != Force::Weak;
    let worse = rank(name.category) > rank(text.category);
    match (name.force, text.force) {
        (Force::Noun, Force::Plain) if text.category == Read && !critical(name) => (false, 0.7),
        _ if critical(name) && critical(text) => (worse, 0.85),
        _ if critical(name) => (true, 0.75),
        _ if critical(text) => (false, 0.65),
        (Force::Weak, Force::Weak) => (worse, 0.5),
        (Force::Plain | Force::Noun, Force::Noun) if name.category == Read => (true, 0.75),
        (Force::Weak, _) => (false, 0.7),
        (_, Force::Weak) => (true, 0.8),
        _ => match (name.category, text.category) {
            (Read, Execute) if text.asks => (true, 0.8),
            (Write, Execute) | (Execute, Write | Read) => (true, 0.7),
            (Other, _) | (_, Other) => (worse, 0.6),
            _ => (worse, 0.55),
        },
    }
}
