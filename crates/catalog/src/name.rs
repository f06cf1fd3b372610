//! What a tool's name says: its verb, found by where it stands.
//!
//! The first word is the verb, unless it is as often a noun and a plainer verb follows (`pods_delete`, `order_get`). Words of the
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

pub(crate) fn read(text: &Text<'_>, server: &Text<'_>) -> Name {
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
    let to = all.len() - all.iter().rev().take_while(|word| is_own(word)).count();
    // A name of nothing but the server's words is read as it stands.
    let words = all.get(from..to).filter(|words| !words.is_empty()).unwrap_or(&all).to_vec();
    let head = head(text, &words);
    let joined = head.map(|head| joined(text, &words, head)).unwrap_or_default();
    Name { words, head, joined }
}

fn head(text: &Text<'_>, words: &[Word]) -> Option<Head> {
    let at = |index: usize| {
        let word = *words.get(index)?;
        let second = words.get(index + 1).map(|word| text.word(*word)).unwrap_or_default();
        let verb = lexicon::pair(text.word(word), second).or_else(|| lexicon::verb(text.word(word)))?;
        Some(Head { verb, word, index })
    };
    let last = words.len().checked_sub(1)?;
    let plain = |from: usize| (from..words.len()).filter_map(at).find(|head| head.verb.force == Force::Plain);
    let first = at(0);
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
        .or_else(|| (0..words.len()).filter_map(at).next())
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
