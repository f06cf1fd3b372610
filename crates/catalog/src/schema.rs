//! What a tool's arguments say: which actions they offer to choose from, and what sort of thing they carry.

use policy::Category;
use serde_json::{Map, Value};

use crate::class::{Evidence, Finding, Signal};
use crate::lexicon::{self, Force};
use crate::text::{Text, excerpt, name_words};

/// A schema of more bytes is not read.
const READ_BYTES: usize = 256 * 1024;
/// Arguments that are looked at.
const READ_ARGUMENTS: usize = 200;
/// More arguments than this are many.
const MANY: usize = 10;

const URL: &[&str] = &["url", "urls", "uri", "href", "webhook", "endpoint"];
const PATH: &[&str] =
    &["path", "paths", "filepath", "filename", "file", "files", "directory", "dir", "folder"];
const CODE: &[&str] = &[
    "code",
    "script",
    "command",
    "commands",
    "cmd",
    "sql",
    "cypher",
    "javascript",
    "python",
    "shell",
    "expression",
    "statement",
    "statements",
    "jql",
    "cql",
    "promql",
    "logql",
    "graphql",
    "program",
];
const SECRET: &[&str] =
    &["password", "passwd", "secret", "credential", "credentials", "mnemonic", "passphrase", "apikey"];
const SECRETS: &[[&str; 2]] = &[
    ["api", "key"],
    ["private", "key"],
    ["access", "token"],
    ["auth", "token"],
    ["api", "token"],
    ["seed", "phrase"],
];
const TO_OTHERS: &[&str] = &["recipient", "recipients", "email", "emails", "phone", "cc", "bcc"];
/// Arguments that choose what the tool does.
const CHOICES: &[&str] =
    &["action", "actions", "operation", "operations", "op", "method", "command", "mode", "verb"];
/// Query languages; a `query` in one of them is code.
const LANGUAGES: &[&str] =
    &["sql", "cypher", "graphql", "promql", "logql", "kql", "sparql", "gremlin", "mongodb query"];

/// What the arguments say.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// The worst action that can be chosen.
    pub(crate) offered: Option<(Category, Evidence)>,
    /// In order.
    pub(crate) signals: Vec<Signal>,
    /// The first argument that takes code.
    pub(crate) code: Option<Evidence>,
}

/// Reads a schema; `about` is the tool's description in lower case.
pub(crate) fn read(schema: Option<&str>, about: &str) -> Arguments {
    let mut arguments = Arguments::default();
    let Some(schema) = schema.filter(|schema| schema.len() <= READ_BYTES) else { return arguments };
    let Ok(Value::Object(schema)) = serde_json::from_str(schema) else { return arguments };
    let Some(Value::Object(properties)) = schema.get("properties") else { return arguments };
    let foreign = LANGUAGES.iter().any(|language| about.contains(language));
    for (name, property) in properties.iter().take(READ_ARGUMENTS) {
        argument(name, property.as_object(), foreign, &mut arguments);
    }
    if properties.len() > MANY {
        arguments.signals.push(Signal::ManyParameters);
    }
    arguments.signals.sort_unstable();
    arguments.signals.dedup();
    arguments
}

fn argument(name: &str, property: Option<&Map<String, Value>>, foreign: bool, arguments: &mut Arguments) {
    let text = Text::new(name);
    let words: Vec<&str> = name_words(text.shown()).into_iter().map(|word| text.word(word)).collect();
    let has = |table: &[&str]| words.iter().any(|word| table.contains(word));
    let field = |key: &str| property.and_then(|property| property.get(key));
    let is_text = field("type").is_none_or(|kind| kind != "integer" && kind != "number" && kind != "boolean");
    let format = field("format").and_then(Value::as_str).unwrap_or_default();
    let choices = field("enum").and_then(Value::as_array);
    if is_text && (has(URL) || matches!(format, "uri" | "url" | "uri-reference")) {
        arguments.signals.push(Signal::TakesUrl);
    }
    if is_text && has(PATH) {
        arguments.signals.push(Signal::TakesPath);
    }
    let query = foreign && words.contains(&"query");
    if is_text && choices.is_none() && (has(CODE) || query) {
        arguments.signals.push(Signal::TakesCode);
        arguments.code.get_or_insert_with(|| place(name, "", name, Finding::Executes));
    }
    let pair = |pair: &[&str; 2]| words.windows(2).any(|words| words == pair);
    if has(SECRET) || SECRETS.iter().any(pair) || format == "password" {
        arguments.signals.push(Signal::TakesCredentials);
    }
    if is_text && (has(TO_OTHERS) || words == ["to"]) {
        arguments.signals.push(Signal::SendsOut);
    }
    if words.last().is_some_and(|word| CHOICES.contains(word)) {
        let values = || choices.into_iter().flatten().filter_map(Value::as_str);
        let events = values().any(is_participle);
        let offered = values().filter(|value| !(events && value.ends_with("ed")));
        for (category, value) in offered.filter_map(action) {
            if arguments.offered.as_ref().is_none_or(|(worst, _)| rank(category) > rank(*worst)) {
                arguments.offered = Some((category, place(name, "/enum", value, Finding::OffersAction)));
            }
        }
    }
}

/// Whether a choice is nothing but a participle. Among `assigned` and `mentioned`, `review_request_removed` is an event to look for, while
/// `remove_expired` is an action among others.
fn is_participle(value: &str) -> bool {
    value.ends_with("ed") && value.bytes().all(|letter| letter.is_ascii_alphabetic())
}

/// What choosing this value does.
fn action(value: &str) -> Option<(Category, &str)> {
    let text = Text::new(value.get(..value.floor_char_boundary(64)).unwrap_or_default());
    let words = name_words(text.shown());
    let verbs = words.iter().filter_map(|word| lexicon::verb(text.word(*word)));
    let found = verbs.filter(|verb| verb.force == Force::Plain).map(|verb| verb.category).next();
    found.map(|category| (category, value))
}

fn place(name: &str, below: &str, quote: &str, signal: Finding) -> Evidence {
    let field = format!("inputSchema/properties/{}{below}", excerpt(name));
    Evidence { field, quote: excerpt(quote), signal }
}

/// How categories outdo each other where several fit.
pub(crate) const fn rank(category: Category) -> u8 {
    match category {
        Category::Other => 0,
        Category::Read => 1,
        Category::Write => 2,
        Category::Execute => 3,
        Category::Destructive => 4,
        Category::Financial => 5,
    }
}
