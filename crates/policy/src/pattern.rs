//! Names and globs that rules are filed under. `*` stands for any run of characters, `?` for exactly one;
//! nothing escapes them, and all else stands for itself.
//!
//! A glob is a chain of pieces between its stars, each looked for where the one before it ended: the first place
//! that fits is always good enough, so nothing is tried twice. A piece without `?` is a plain search, linear in the
//! name; one with `?` costs at most its own length for each character. Names are bounded, see [`LONGEST_NAME`].

/// Longest name that is judged, in bytes. Beyond that nothing is looked up: nothing is called so.
pub(crate) const LONGEST_NAME: usize = 4_096;

/// A pattern with at least one `*` or `?`.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    text: Box<str>,
    literals: usize,
    /// What a name starts with.
    start: Piece,
    /// What it then holds, in this order; `None` for a glob without a star, which is all start.
    rest: Option<(Box<[Piece]>, Piece)>,
}

/// Characters and `?` between stars.
#[derive(Debug, Clone)]
struct Piece {
    text: Box<str>,
    plain: bool,
}

/// Whether a pattern is a glob; otherwise it is a name.
pub(crate) fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

impl Glob {
    /// `None` for a pattern that is a name.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        if !is_glob(pattern) {
            return None;
        }
        let literals = pattern.chars().filter(|c| !matches!(c, '*' | '?')).count();
        let (start, rest) = match pattern.split_once('*') {
            None => (pattern, None),
            Some((start, rest)) => {
                let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
                let middle = middle.split('*').filter(|part| !part.is_empty()).map(Piece::new).collect();
                (start, Some((middle, Piece::new(end))))
            }
        };
        Some(Self { text: pattern.into(), literals, start: Piece::new(start), rest })
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
        let Some(name) = self.start.after_start(name) else { return false };
        let Some((middle, end)) = &self.rest else { return name.is_empty() };
        let Some(mut name) = end.before_end(name) else { return false };
        middle.iter().all(|piece| match piece.after_first(name) {
            Some(after) => {
                name = after;
                true
            }
            None => false,
        })
    }

    /// Whether everything that `other` matches is matched too. May say no where it is so, never the reverse.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        // Without `?` a glob takes the wildcards in the other's text as characters, and its own stars swallow them
        // whatever they stand for.
        self.text == other.text || (!self.text.contains('?') && self.matches(&other.text))
    }
}

impl Piece {
    fn new(text: &str) -> Self {
        Self { text: text.into(), plain: !text.contains('?') }
    }

    /// What follows the piece at the start of a name.
    fn after_start<'n>(&self, name: &'n str) -> Option<&'n str> {
        if self.plain {
            // Most globs are told from a name by its first byte.
            let (first, own) = (name.as_bytes().first(), self.text.as_bytes().first());
            return if own.is_some() && own != first { None } else { name.strip_prefix(&*self.text) };
        }
        let mut rest = name.chars();
        self.text.chars().all(|piece| rest.next().is_some_and(|c| fits(piece, c))).then_some(rest.as_str())
    }

    /// What precedes the piece at the end of a name.
    fn before_end<'n>(&self, name: &'n str) -> Option<&'n str> {
        if self.plain {
            return name.strip_suffix(&*self.text);
        }
        let mut rest = name.chars();
        self.text
            .chars()
            .rev()
            .all(|piece| rest.next_back().is_some_and(|c| fits(piece, c)))
            .then_some(rest.as_str())
    }

    /// What follows the first place in a name where the piece fits.
    fn after_first<'n>(&self, name: &'n str) -> Option<&'n str> {
        if self.plain {
            return name.split_once(&*self.text).map(|(_, after)| after);
        }
        name.char_indices().find_map(|(at, _)| self.after_start(name.get(at..)?))
    }
}

const fn fits(piece: char, character: char) -> bool {
    piece == '?' || piece == character
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

#[cfg(test)]
mod tests {
    use super::*;

    /// All texts of up to `longest` of these characters.
    fn texts(of: &[char], longest: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..longest {
            last = last.iter().flat_map(|text| of.iter().map(move |c| format!("{text}{c}"))).collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    #[test]
    fn globs_meet_where_some_name_matches_both() {
        let names = texts(&['a', 'b'], 5);
        let globs: Vec<(Glob, Vec<bool>)> = texts(&['a', 'b', '*', '?'], 3)
            .iter()
            .filter_map(|pattern| Glob::new(pattern))
            .map(|glob| {
                let matched = names.iter().map(|name| glob.matches(name)).collect();
                (glob, matched)
            })
            .collect();
        for (one, of_one) in &globs {
            for (two, of_two) in &globs {
                let met = of_one.iter().zip(of_two).any(|(one, two)| *one && *two);
                assert_eq!(may_meet(one.text(), two.text(), &mut usize::MAX.clone()), met, "{one:?} {two:?}");
            }
        }
    }

    #[test]
    fn comparing_globs_costs_what_their_lengths_say_and_nothing_where_their_ends_differ() {
        let mut budget = 24;
        assert!(may_meet("a*", "*bcd", &mut budget));
        assert_eq!(budget, 24 - 3 * 5);
        assert!(may_meet("*a", "*b?", &mut budget), "without a budget the answer is yes");
        assert_eq!(budget, 9);
        assert!(!may_meet("a*", "b*", &mut budget) && !may_meet("*aa", "?ba", &mut budget));
        assert_eq!(budget, 9);
    }

    #[test]
    fn a_glob_is_as_specific_as_it_has_characters_of_its_own() {
        let literals = |pattern| Glob::new(pattern).map(|glob| glob.literals());
        assert_eq!(["*", "a?c*", "?ä*", "abc"].map(literals), [Some(0), Some(2), Some(1), None]);
    }
}
