//! Weighs what the parts of a definition say.
//!
//! 1. The name's verb and the description's verb are found and, with what they act on, each gives a category.
//! 2. Where they differ: what deletes or moves money wins; otherwise the plainer verb, and between equals the name.
//! 3. Turns of phrase (*cannot be undone*), actions among the arguments and the server's hints make it worse, never better.
//! 4. Where nothing is understood, it is `execute`: what is unknown is not taken for harmless.

mod verdict;

use policy::Category;

use crate::class::{Class, Evidence, Finding, Signal};
use crate::hints::Hints;
use crate::money::{self, Scene, Setting};
use crate::name::{self, Name};
use crate::schema::{self, Arguments, rank};
use crate::sentence::{self, Sentence};
use crate::text::Text;
use crate::{Definition, Server};
use verdict::{Found, Verdict};

/// Phrases after which there is no way back.
const NO_WAY_BACK: &[&str] = &[
    "cannot be undone",
    "can't be undone",
    "can not be undone",
    "cannot be reversed",
    "irreversible",
    "irreversibly",
    "permanently delete",
    "permanently remove",
    "permanently erase",
    "permanently destroy",
    "is permanent",
    "cannot be recovered",
];
/// Phrases that tell of a change.
const CHANGES: &[&str] =
    &["invalidates", "modifies data", "tool modifies", "terminates", "overwrites", "will modify"];
/// Statements of SQL and a method of HTTP after which something is gone, in capitals as these are written.
const DELETING: &[&str] = &["DELETE", "DROP", "TRUNCATE"];
const READ_ONLY: &[&str] = &["read-only", "read only", "readonly", "does not modify", "without modifying"];

/// What a tool does, how bad a careless call would be, and why.
#[must_use]
pub fn classify(definition: &Definition<'_>, server: &Server<'_>) -> Class {
    let name_text = Text::new(definition.name);
    let text = Text::new(definition.description.unwrap_or_default());
    let server_text = Text::new(server.name.unwrap_or_default());
    let sentence = sentence::read(&text);
    let name = name::read(&name_text, &server_text, sentence.reading(&text));
    let arguments = schema::read(definition.input_schema, text.lower());
    let hints = Hints::read(definition.annotations);
    let server_words = crate::text::name_words(server_text.shown());
    let setting = Setting {
        scenes: [
            Scene { text: &name_text, words: &name.words },
            Scene { text: &text, words: &sentence.words },
            Scene { text: &server_text, words: &server_words },
        ],
    };
    let reading =
        Reading { name_text: &name_text, text: &text, name: &name, sentence: &sentence, setting: &setting };
    let mut verdict = reading.verdict(&arguments);
    reading.phrases(&mut verdict);
    reading.records(&mut verdict);
    offered(&mut verdict, &arguments);
    hinted(&mut verdict, hints);
    if text.cut && rank(verdict.category) < rank(Category::Write) {
        verdict.raise(Category::Write, 0.4, evidence("description", excerpt_of(&text), Finding::Oversized));
    }
    let signals = signals(&reading, &arguments, hints, verdict.category);
    let doubtful = signals.contains(&Signal::MixedAlphabets) || signals.contains(&Signal::HiddenCharacters);
    Class {
        category: verdict.category,
        risk: verdict.category.risk().to_owned(),
        confidence: if doubtful { verdict.confidence.min(0.4) } else { verdict.confidence },
        evidence: verdict.evidence,
        signals,
    }
}

/// The parts of a definition that are language.
struct Reading<'r> {
    name_text: &'r Text<'r>,
    text: &'r Text<'r>,
    name: &'r Name,
    sentence: &'r Sentence,
    setting: &'r Setting<'r>,
}

impl Reading<'_> {
    fn verdict(&self, arguments: &Arguments) -> Verdict {
        let by_name = verdict::of_name(self.name_text, self.name, self.setting);
        let by_text = verdict::of_sentence(self.text, self.sentence, self.setting, by_name.as_ref());
        match (by_name, by_text) {
            (Some(name), Some(text)) => verdict::settle(name, text),
            (Some(one), None) => verdict::alone(one),
            (None, Some(one)) => verdict::alone(one),
            (None, None) => self.unclear(arguments),
        }
    }

    /// Nothing was understood but perhaps what the arguments are.
    fn unclear(&self, arguments: &Arguments) -> Verdict {
        let code = arguments.code.clone();
        let confidence = if code.is_some() { 0.5 } else { 0.3 };
        let quote = self.name_text.quote(0, self.name_text.shown().len());
        let found = code.unwrap_or_else(|| evidence("name", quote, Finding::Unclear));
        Verdict { category: Category::Execute, confidence, evidence: vec![found], plain: false }
    }

    /// Turns of phrase anywhere in the description.
    fn phrases(&self, verdict: &mut Verdict) {
        let find = |phrases: &[&str]| {
            let found =
                phrases.iter().find_map(|phrase| Some((self.text.lower().find(phrase)?, phrase.len())));
            found.map(|(at, length)| self.text.quote(at, at + length))
        };
        if matches!(verdict.category, Category::Write | Category::Execute)
            && let Some(quote) = find(NO_WAY_BACK)
        {
            verdict.raise(
                Category::Destructive,
                0.7,
                evidence("description", quote, Finding::CannotBeUndone),
            );
        }
        let open =
            verdict.category == Category::Other || (verdict.category == Category::Read && !verdict.plain);
        if open && let Some(quote) = find(CHANGES) {
            verdict.raise(Category::Write, 0.6, evidence("description", quote, Finding::Writes));
        }
        if open && let Some(word) = self.text.as_written(DELETING) {
            let category = Category::Destructive;
            verdict.raise(category, 0.5, evidence("description", word.to_owned(), finding(category)));
        }
        if verdict.category == Category::Read
            && let Some(quote) = find(READ_ONLY)
        {
            verdict.confidence = 0.95;
            verdict.evidence.push(evidence("description", quote, Finding::ReadOnly));
        }
    }

    /// What is read at a payment provider about payments is treated as they are: the index has it so, and who sees
    /// invoices and refunds is worth a question.
    fn records(&self, verdict: &mut Verdict) {
        if verdict.category != Category::Read {
            return;
        }
        let scene = Scene { text: self.name_text, words: &self.name.words };
        if let Some(word) = money::record(scene, self.setting) {
            let quote = self.name_text.quote(word.start, word.end);
            verdict.raise(Category::Financial, 0.5, evidence("name", quote, Finding::PaymentRecord));
        }
    }
}

fn offered(verdict: &mut Verdict, arguments: &Arguments) {
    if let Some((category, place)) = &arguments.offered {
        verdict.raise(*category, 0.7, place.clone());
    }
}

/// A server that says that a tool changes things is believed; one that says that it does not, is not.
fn hinted(verdict: &mut Verdict, hints: Hints) {
    if hints.destructive == Some(true) && hints.read_only != Some(true) {
        let unsure = verdict.confidence < 0.4;
        let category = if unsure { Category::Destructive } else { Category::Write };
        verdict.raise(
            category,
            0.5,
            evidence("annotations/destructiveHint", "true".to_owned(), Finding::ServerHint),
        );
    } else if hints.read_only == Some(false) {
        verdict.raise(
            Category::Write,
            0.5,
            evidence("annotations/readOnlyHint", "false".to_owned(), Finding::ServerHint),
        );
    }
}

fn signals(reading: &Reading<'_>, arguments: &Arguments, hints: Hints, category: Category) -> Vec<Signal> {
    let mut signals = arguments.signals.clone();
    let head = reading.name.head.map(|head| reading.name_text.word(head.word));
    let said = reading.sentence.verbs.first().map(|verb| reading.text.word(verb.word));
    let sends = |word: &str| {
        matches!(
            word.trim_end_matches('s'),
            "send" | "post" | "notify" | "publish" | "email" | "reply" | "broadcast" | "tweet" | "invite"
        )
    };
    let passive = matches!(category, Category::Read | Category::Other);
    if head.is_some_and(sends) || said.is_some_and(sends) {
        signals.push(Signal::SendsOut);
    } else if passive {
        signals.retain(|signal| *signal != Signal::SendsOut);
    }
    if reading.text.hidden || reading.name_text.hidden {
        signals.push(Signal::HiddenCharacters);
    }
    if reading.text.mixed || reading.name_text.mixed {
        signals.push(Signal::MixedAlphabets);
    }
    if reading.text.cut {
        signals.push(Signal::OversizedDescription);
    }
    if hints.read_only == Some(true) && !passive && category != Category::Financial {
        signals.push(Signal::UnderstatedByHints);
    }
    signals.sort_unstable();
    signals.dedup();
    signals
}

fn evidence(field: &str, quote: String, signal: Finding) -> Evidence {
    Evidence { field: field.to_owned(), quote, signal }
}

fn excerpt_of(text: &Text<'_>) -> String {
    text.quote(0, text.shown().len())
}

/// The finding that a verb of this category is.
fn finding(category: Category) -> Finding {
    match category {
        Category::Read => Finding::Reads,
        Category::Write => Finding::Writes,
        Category::Execute => Finding::Executes,
        Category::Destructive => Finding::Destroys,
        Category::Financial => Finding::MovesMoney,
        Category::Other => Finding::Housekeeping,
    }
}

impl Found {
    fn evidence(self) -> Evidence {
        evidence(self.field, self.quote, self.finding)
    }
}

#[cfg(test)]
mod tests;
