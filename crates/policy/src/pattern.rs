//! Names and globs that rules are filed under. `*` stands for any run of characters, `?` for exactly one;
//! nothing escapes them, and all else stands for itself.
//!
//! Matching is linear in the name: without `?` a glob is a chain of plain searches, with it a `regex` automaton.

use regex::Regex;

/// A pattern with at least one `*` or `?`.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    text: Box<str>,
    literals: usize,
    matcher: Matcher,
}

#[derive(Debug, Clone)]
enum Matcher {
    /// What a name starts with, then holds in this order, then ends with.
    Chain {
        start: Box<str>,
        middle: Box<[Box<str>]>,
        end: Box<str>,
    },
    Automaton(Regex),
}

/// Whether a pattern is a glob; otherwise it is a name.
pub(crate) fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

impl Glob {
    /// `None` for a pattern that is a name, or too large for an automaton.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        if !is_glob(pattern) {
            return None;
        }
        let literals = pattern.chars().filter(|c| !matches!(c, '*' | '?')).count();
        let matcher = if pattern.contains('?') { automaton(pattern)? } else { chain(pattern)? };
        Some(Self { text: pattern.into(), literals, matcher })
    }

    /// As written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// How many characters stand for themselves: the more, the more specific.
    pub(crate) const fn literals(&self) -> usize {
        self.literals
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        match &self.matcher {
            Matcher::Automaton(regex) => regex.is_match(name),
            Matcher::Chain { start, middle, end } => {
                let inner = name.strip_prefix(&**start).and_then(|rest| rest.strip_suffix(&**end));
                let Some(mut rest) = inner else { return false };
                middle.iter().all(|part| match rest.split_once(&**part) {
                    Some((_, after)) => {
                        rest = after;
                        true
                    }
                    None => false,
                })
            }
        }
    }

    /// Whether everything that `other` matches is matched too. May say no where it is so, never the reverse.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        // A chain takes `*` and `?` in the other's text as characters, and its own `*` swallows them whatever they stand for.
        self.text == other.text
            || (matches!(self.matcher, Matcher::Chain { .. }) && self.matches(&other.text))
    }
}

fn chain(pattern: &str) -> Option<Matcher> {
    let (start, rest) = pattern.split_once('*')?;
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let middle = middle.split('*').filter(|part| !part.is_empty()).map(Box::from).collect();
    Some(Matcher::Chain { start: start.into(), middle, end: end.into() })
}

fn automaton(pattern: &str) -> Option<Matcher> {
    let mut source = String::from(r"(?s)\A");
    for character in pattern.chars() {
        match character {
            '*' => source.push_str(".*"),
            '?' => source.push('.'),
            other => source.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    source.push_str(r"\z");
    Regex::new(&source).ok().map(Matcher::Automaton)
}

/// Whether some name matches both globs. Steps taken are drawn from `budget`; once it is spent the answer is yes,
/// which for its one use, counting limits that may meet, errs on the side of refusing a document.
pub(crate) fn may_meet(a: &str, b: &str, budget: &mut usize) -> bool {
    if starts_differ(a.chars(), b.chars()) || starts_differ(a.chars().rev(), b.chars().rev()) {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let cost = (a.len() + 1) * (b.len() + 1);
    let Some(left) = budget.checked_sub(cost) else { return true };
    *budget = left;
    // row[j]: some text matches a[i..] and b[j..]; rows are filled from the last i to the first.
    let stars_only = |rest: &[char]| rest.iter().all(|c| *c == '*');
    let mut below: Vec<bool> = (0..=b.len()).map(|j| b.get(j..).is_some_and(stars_only)).collect();
    for (i, &x) in a.iter().enumerate().rev() {
        let mut row = vec![a.get(i..).is_some_and(stars_only)];
        for (j, &y) in b.iter().enumerate().rev() {
            let at = |cells: &[bool], index: usize| cells.get(index).copied().unwrap_or(false);
            // `row` grows from b's end, so its last entry is for j + 1.
            let right = row.last().copied().unwrap_or(false);
            let meets = match (x, y) {
                ('*', _) | (_, '*') => at(&below, j) || right,
                ('?', _) | (_, '?') => at(&below, j + 1),
                _ => x == y && at(&below, j + 1),
            };
            row.push(meets);
        }
        row.reverse();
        below = row;
    }
    below.first().copied().unwrap_or(false)
}

/// Whether two globs differ in a character before either has a wildcard.
fn starts_differ(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> bool {
    let literal = |c: &char| !matches!(c, '*' | '?');
    a.zip(b).take_while(|(x, y)| literal(x) && literal(y)).any(|(x, y)| x != y)
}
