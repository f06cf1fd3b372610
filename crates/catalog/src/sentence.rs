//! What a description says: the verbs of its first sentence, and turns of phrase in the rest that change everything.
//!
//! A verb counts where a verb stands: at the start, after the words that lead into a sentence (`Use this tool to`,
//! `A tool that`), or joined to such a verb by a comma, `and` or `or`. A verb inside an object does not count: *Get the
//! history of deleted files* only gets.

use policy::Category;

use crate::lexicon::{self, Force, Verb};
use crate::text::{Text, Word, words};

/// How far into the text the first sentence may reach, in bytes.
const SENTENCE_BYTES: usize = 400;
/// How many words may stand in front of the verb.
const LEAD_WORDS: usize = 14;

/// Words after which a verb stands.
const BEFORE_VERB: &[&str] = &[
    "to",
    "that",
    "which",
    "will",
    "can",
    "tool",
    "for",
    "you",
    "lets",
    "by",
    "endpoint",
    "api",
    "function",
    "operation",
    "must",
    "safely",
    "permanently",
    "quickly",
    "automatically",
    "directly",
    "easily",
    "recursively",
    "intelligently",
    "atomically",
    "manually",
    "immediately",
    "irreversibly",
    "method",
    "command",
];
/// Words that lead in and say nothing.
const LEADS: &[&str] = &[
    "allow", "allows", "enable", "enables", "let", "lets", "use", "used", "uses", "useful", "provides",
    "provide", "helps", "help", "tool", "purpose", "required", "requires", "ability",
];

/// A verb in a sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spoken {
    pub(crate) verb: Verb,
    pub(crate) word: Word,
    /// Its number among the sentence's words.
    pub(crate) index: usize,
}

/// A description that was read.
pub(crate) struct Sentence {
    /// The words of the first sentence.
    pub(crate) words: Vec<Word>,
    /// Its verb, and those joined to it.
    pub(crate) verbs: Vec<Spoken>,
    /// Verbs later in it, behind `and` or `then`.
    pub(crate) later: Vec<Spoken>,
}

impl Sentence {
    /// The word of its verb, where reading is all that is said to be done.
    pub(crate) fn reading<'t>(&self, text: &'t Text<'_>) -> Option<&'t str> {
        let mut verbs = self.verbs.iter().chain(&self.later);
        let first = self.verbs.first()?;
        verbs.all(|spoken| spoken.verb.category == Category::Read).then(|| text.word(first.word))
    }
}

pub(crate) fn read(text: &Text<'_>) -> Sentence {
    let (start, end) = first_sentence(text.lower());
    let words = words(text.lower(), start, end);
    let Some(first) = main_verb(text, &words) else {
        return Sentence { words, verbs: Vec::new(), later: Vec::new() };
    };
    let mut verbs = vec![first];
    let mut index = first.index;
    // Get, create, update or delete …
    while let Some(next) = joined(text, &words, index) {
        index = next.index;
        verbs.push(next);
    }
    let later = later(text, &words, index);
    Sentence { words, verbs, later }
}

/// Where the first sentence begins, past marks and brackets in front of it, and where it ends.
fn first_sentence(text: &str) -> (usize, usize) {
    let bytes = text.as_bytes();
    let mut start = text.len()
        - text.trim_start_matches(|letter: char| !letter.is_alphanumeric() && !"([{".contains(letter)).len();
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
        let rest = text.get(start..).unwrap_or_default();
        if rest.starts_with(open) {
            start += rest.find(close).map_or(0, |at| at + 1);
        }
    }
    let limit = text.floor_char_boundary(start.saturating_add(SENTENCE_BYTES));
    let end = (start..limit).find(|index| {
        let stops = matches!(bytes.get(*index), Some(b'.' | b'!' | b'?'));
        let line = bytes.get(*index) == Some(&b'\n') && index - start > 24;
        let after = bytes.get(index + 1).is_none_or(u8::is_ascii_whitespace);
        line || (stops && after && index - start > 3)
    });
    (start, end.unwrap_or(limit))
}

fn spoken(text: &Text<'_>, words: &[Word], index: usize) -> Option<Spoken> {
    let word = *words.get(index)?;
    let second = words.get(index + 1).map(|word| text.word(*word)).unwrap_or_default();
    let verb = lexicon::pair(text.word(word), second).or_else(|| lexicon::inflected(text.word(word)))?;
    Some(Spoken { verb, word, index })
}

fn main_verb(text: &Text<'_>, words: &[Word]) -> Option<Spoken> {
    let is_lead = |index: usize| words.get(index).is_some_and(|word| LEADS.contains(&text.word(*word)));
    let mut found: Option<Spoken> = None;
    // *As an analyst, compare …*
    let opens = words.first().is_some_and(|word| {
        matches!(text.word(*word), "as" | "given" | "when" | "using" | "with" | "if" | "for")
    });
    for index in 0..words.len().min(LEAD_WORDS) {
        let before = index.checked_sub(1).and_then(|before| words.get(before));
        let place = before.is_none_or(|before| {
            let marks = marks(text, *before, words.get(index));
            BEFORE_VERB.contains(&text.word(*before))
                || marks.contains([':', '|', '—'])
                || (opens && marks.contains(','))
        });
        if !place || (is_lead(index) && index + 1 < words.len()) {
            continue;
        }
        let Some(verb) = spoken(text, words, index) else { continue };
        match verb.verb.force {
            Force::Weak if index + 1 < words.len() => {
                found = found.or(Some(verb));
            }
            _ if index == 0 || found.is_none() => return Some(verb),
            // Behind a weak verb only its purpose counts: *Perform … to*.
            _ => return found,
        }
    }
    found
}

/// What stands between two words.
fn marks<'t>(text: &'t Text<'_>, before: Word, after: Option<&Word>) -> &'t str {
    after.and_then(|after| text.lower().get(before.end..after.start)).unwrap_or_default()
}

/// The verb that a comma, a stroke, `and` or `or` joins to the one at this place.
fn joined(text: &Text<'_>, words: &[Word], index: usize) -> Option<Spoken> {
    let (verb, next) = (words.get(index)?, words.get(index + 1)?);
    let between = marks(text, *verb, Some(next)).trim();
    let next = match text.word(*next) {
        "and" | "or" | "then" => index + 2,
        _ if matches!(between, "," | "/" | "&" | "+") => index + 1,
        _ => return None,
    };
    spoken(text, words, next)
}

/// Plain verbs behind `and` or `then`, further on.
fn later(text: &Text<'_>, words: &[Word], from: usize) -> Vec<Spoken> {
    let main = words.get(from).map(|word| form(text.word(*word))).unwrap_or_default();
    let follows = |index: &usize| {
        words.get(index - 1).is_some_and(|before| matches!(text.word(*before), "and" | "then"))
    };
    (from + 2..words.len())
        .filter(follows)
        .filter_map(|index| spoken(text, words, index))
        .filter(|spoken| spoken.verb.force == Force::Plain && form(text.word(spoken.word)) == main)
        .collect()
}

/// How a verb ends: two that are joined end alike, and a noun seldom does.
fn form(word: &str) -> &'static str {
    ["ing", "s"].into_iter().find(|ending| word.ends_with(ending)).unwrap_or_default()
}
