//! What verbs mean for a class, and the words that show what they act on.
//! The tables are in `verbs`; here is how a word in any of its forms finds its entry.

pub(crate) mod han;
mod verbs;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use policy::Category;

/// How a verb is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Force {
    /// Says by itself what is done.
    Plain,
    /// As often a noun; counts where a verb has to be.
    Noun,
    /// Says little; gives way to any other.
    Weak,
}

/// A verb's entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verb {
    pub(crate) category: Category,
    pub(crate) force: Force,
}

static VERBS: LazyLock<HashMap<&'static str, Verb>> = LazyLock::new(|| {
    let entries = verbs::TABLES.iter().flat_map(|(category, force, words)| {
        let verb = Verb { category: *category, force: *force };
        words.split_ascii_whitespace().map(move |word| (word, verb))
    });
    // The first entry of a word counts.
    let mut verbs = HashMap::new();
    entries.for_each(|(word, verb)| {
        verbs.entry(word).or_insert(verb);
    });
    verbs
});

static FACTS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| verbs::FACTS.split_ascii_whitespace().collect());

/// The verb of exactly this form.
pub(crate) fn verb(word: &str) -> Option<Verb> {
    VERBS.get(word).copied()
}

/// Verbs of two words: *clean up*, *turn off*.
pub(crate) fn pair(first: &str, second: &str) -> Option<Verb> {
    let one = match (first.strip_suffix('s').unwrap_or(first), second) {
        ("look" | "looking", "up") => "lookup",
        ("log" | "sign", "in") => "login",
        ("log" | "sign", "out") => "logout",
        ("shut", "down") => "stop",
        ("turn", "on" | "off") => "control",
        ("roll", "back") => "rollback",
        ("tear", "down") => "teardown",
        ("set", "up") => "configure",
        ("spin", "up") => "start",
        ("top", "up") => "topup",
        ("clean", "up") => "cleanup",
        ("keep", "alive") => "keepalive",
        _ => return None,
    };
    verb(one)
}

/// Whether a name that ends in this word is about something to be known: `status`, `history`.
pub(crate) fn is_fact(word: &str) -> bool {
    FACTS.contains(word)
}

/// The verb in any form that a description uses: `deletes`, `deleting`, `copies`.
pub(crate) fn inflected(word: &str) -> Option<Verb> {
    if let Some(found) = verb(word) {
        return Some(found);
    }
    let with = |stem: &str, ending: &str| {
        let mut form = String::with_capacity(stem.len() + ending.len());
        form.push_str(stem);
        form.push_str(ending);
        verb(&form)
    };
    if let Some(stem) = word.strip_suffix("ies") {
        return with(stem, "y");
    }
    if let Some(stem) = word.strip_suffix('s') {
        return verb(stem).or_else(|| verb(stem.strip_suffix('e')?));
    }
    let stem = word.strip_suffix("ing")?;
    verb(stem).or_else(|| with(stem, "e")).or_else(|| {
        let mut letters = stem.chars().rev();
        let doubled = letters.next() == letters.next();
        verb(stem.get(..stem.len().checked_sub(1)?)?).filter(|_| doubled)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_found_in_each_of_their_forms() {
        for word in ["delete", "deletes", "deleting", "purges", "flushes", "dropping", "empties"] {
            assert_eq!(inflected(word).map(|verb| verb.category), Some(Category::Destructive), "{word}");
        }
        for word in ["get", "gets", "getting", "queries", "fetching"] {
            assert_eq!(inflected(word).map(|verb| verb.category), Some(Category::Read), "{word}");
        }
        assert_eq!(inflected("thing"), None);
        assert_eq!(inflected("s"), None);
    }
}
