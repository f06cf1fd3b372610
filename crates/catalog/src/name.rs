//! What a tool's name says: its verb, found by where it stands.
//!
//! The first word is the verb, unless it is as often a noun and a plainer verb follows (`pods_delete`, `order_get`). A description that
//! only reads tells which of the name's words are nouns: *List merge requests* makes `merge` in `list_merge_requests` one. Words of the
//! server's own name at either end say nothing.

use policy::Category;

use crate::lexicon::{self, Force, Verb};
use crate::text::{Text, Word, name_words};

/// A verb that was found, and what follows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    pub(crate) verb: Verb,
    /// Where.
    pub(crate) word: Word,
    /// Its number among the words.
    pub(crate) index: usize,
}

/// A name that was read.
pub(crate) struct Name {
    /// All words, the server's own left out at both ends.
    pub(crate) words: Vec<Word>,
    pub(crate) head: Option<Head>,
    /// Verbs joined to the head by `and` or `or`.
    pub(crate) joined: Vec<Head>,
}

/// Reads a name; `reading` is the verb of a description that does nothing but read.
pub(crate) fn read(text: &Text<'_>, server: &Text<'_>, reading: Option<&str>) -> Name {
    let all = name_words(text.shown());
    let own: Vec<&str> = name_words(server.shown())
        .into_iter()
        .map(|word| server.word(word))
        // `PayPal` is written `paypal` in names.
        .chain(server.lower().split(|letter: char| !letter.is_alphanumeric()))
        .collect();
    let is_own = |word: &Word| {
        let word = text.word(*word);
        own.contains(&word) && lexicon::verb(word).is_none_or(|verb| verb.force != Force::Plain)
    };
    let from = all.iter().take_while(|word| is_own(word)).count();
    // `brave_web_search`, of Brave Search: what is done may stand at the end.
    let asks =
        |word: &Word| lexicon::verb(text.word(*word)).is_some_and(|verb| verb.category == Category::Read);
    let ends_own = |word: &&Word| is_own(word) && !asks(word);
    let to = all.len() - all.iter().rev().take_while(ends_own).count();
    // A name of nothing but the server's words is read as it stands.
    let words = all.get(from..to).filter(|words| !words.is_empty()).unwrap_or(&all).to_vec();
    let head = head(text, &words, reading);
    let nouns = reading.is_some() && ends_in_fact(text, &words);
    let joined = head
        .filter(|head| !nouns || head.verb.category != Category::Read)
        .map(|head| joined(text, &words, head))
        .unwrap_or_default();
    Name { words, head, joined }
}

fn head(text: &Text<'_>, words: &[Word], reading: Option<&str>) -> Option<Head> {
    let at = |index: usize| {
        let word = *words.get(index)?;
        let second = words.get(index + 1).map(|word| text.word(*word)).unwrap_or_default();
        let verb = lexicon::pair(text.word(word), second).or_else(|| lexicon::verb(text.word(word)))?;
        Some(Head { verb, word, index })
    };
    let last = words.len().checked_sub(1)?;
    let plain = |from: usize| (from..words.len()).filter_map(at).find(|head| head.verb.force == Force::Plain);
    let first = at(0);
    let said = words.iter().position(|word| is_said(text.word(*word), reading));
    if let Some(said) = said
        && (0..said).filter_map(at).all(|before| before.verb.force != Force::Plain)
    {
        let verb = Verb { category: Category::Read, force: Force::Plain };
        return at(said).map(|head| Head { verb, ..head });
    }
    match first {
        Some(first) if first.verb.force == Force::Plain => return Some(first),
        Some(noun) => {
            // `order_cancel`, `query_delete`: the noun comes first, the verb at once or at the end.
            let after = plain(1).filter(|head| head.index == 1 || head.index == last);
            if let Some(after) = after.filter(|_| !joins(text, words, 1)) {
                return Some(after);
            }
            if last > 0 && noun.verb.force == Force::Noun && ends_in_fact(text, words) {
                return fact(text, words);
            }
            return first;
        }
        None => {}
    }
    // `file_watch_remove`: what is done stands at the end.
    let done = at(last).filter(|head| {
        head.verb.force == Force::Plain && !matches!(head.verb.category, Category::Read | Category::Other)
    });
    // Inside a name a verb may as well be a noun: `mark_price`, `copy_trading`.
    let inside = plain(0).map(|head| {
        let force = if head.index == last { Force::Plain } else { Force::Noun };
        Head { verb: Verb { force, ..head.verb }, ..head }
    });
    done.or(inside)
        .or_else(|| fact(text, words))
        .or_else(|| at(last))
        .or_else(|| reading.and_then(|_| (0..words.len()).find_map(|index| past(text, words, index))))
        .or_else(|| (0..words.len()).filter_map(at).next())
}

/// Whether this verb is the description's.
fn is_said(verb: &str, said: Option<&str>) -> bool {
    let Some(ending) = said.and_then(|said| said.strip_prefix(verb)) else { return false };
    matches!(ending, "" | "s" | "es")
}

/// `deposit_history_by_rule`: what was done, to be read.
fn past(text: &Text<'_>, words: &[Word], index: usize) -> Option<Head> {
    let word = *words.get(index).filter(|_| index > 0)?;
    let verb = Verb { category: Category::Read, force: Force::Noun };
    matches!(text.word(word), "history" | "records").then_some(Head { verb, word, index })
}

fn joins(text: &Text<'_>, words: &[Word], index: usize) -> bool {
    words.get(index).is_some_and(|word| matches!(text.word(*word), "and" | "or"))
}

fn ends_in_fact(text: &Text<'_>, words: &[Word]) -> bool {
    words.last().is_some_and(|word| lexicon::is_fact(text.word(*word)))
}

/// A name that only says what is to be known.
fn fact(text: &Text<'_>, words: &[Word]) -> Option<Head> {
    let word = *words.last()?;
    let verb = Verb { category: Category::Read, force: Force::Noun };
    lexicon::is_fact(text.word(word)).then_some(Head { verb, word, index: words.len() - 1 })
}

fn joined(text: &Text<'_>, words: &[Word], head: Head) -> Vec<Head> {
    let after = |index: usize| {
        let word = *words.get(index + 1)?;
        joins(text, words, index).then_some(())?;
        Some(Head { verb: lexicon::verb(text.word(word))?, word, index: index + 1 })
    };
    (head.index + 1..words.len()).filter_map(after).collect()
}
