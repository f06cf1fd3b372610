//! Text as the rules read it: without characters that do not show, bounded, in lower case, cut into words.

use std::borrow::Cow;

/// What is read of a description, in bytes. The longest in real use are a third of it.
const READ_BYTES: usize = 32 * 1024;
/// The longest quote, in bytes.
const QUOTE_BYTES: usize = 160;

/// A text to read.
pub(crate) struct Text<'a> {
    /// What shows of it, at most [`READ_BYTES`].
    shown: Cow<'a, str>,
    /// The same in lower case (ASCII), byte for byte at the same places.
    lower: String,
    /// Whether there were characters that do not show.
    pub(crate) hidden: bool,
    /// Whether there is more than was read.
    pub(crate) cut: bool,
    /// Whether a word mixes Latin letters with others that look like them.
    pub(crate) mixed: bool,
}

/// A word, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl<'a> Text<'a> {
    pub(crate) fn new(raw: &'a str) -> Self {
        let end = raw.floor_char_boundary(READ_BYTES);
        let read = raw.get(..end).unwrap_or_default();
        let hidden = read.chars().any(does_not_show);
        let shown = if hidden {
            Cow::Owned(read.chars().filter(|letter| !does_not_show(*letter)).collect())
        } else {
            Cow::Borrowed(read)
        };
        let (lower, mixed) = (shown.to_ascii_lowercase(), mixes_alphabets(&shown));
        Self { lower, hidden, mixed, cut: end < raw.len(), shown }
    }

    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }

    pub(crate) fn lower(&self) -> &str {
        &self.lower
    }

    /// A word in lower case.
    pub(crate) fn word(&self, word: Word) -> &str {
        self.lower.get(word.start..word.end).unwrap_or_default()
    }

    /// The first word that stands in the table exactly as it is written.
    pub(crate) fn as_written(&self, table: &[&str]) -> Option<&str> {
        self.shown.split(|letter: char| !letter.is_alphanumeric()).find(|word| table.contains(word))
    }

    /// The words as they were written from one to another, cut to what a quote may hold.
    pub(crate) fn quote(&self, start: usize, end: usize) -> String {
        let end = self.shown.floor_char_boundary(end.min(start.saturating_add(QUOTE_BYTES)));
        self.shown.get(start..end).unwrap_or_default().trim().to_owned()
    }
}

/// The first bytes of a text, for a quote.
pub(crate) fn excerpt(text: &str) -> String {
    let shown: String = text.chars().filter(|letter| !does_not_show(*letter)).take(QUOTE_BYTES).collect();
    let end = shown.floor_char_boundary(QUOTE_BYTES);
    shown.get(..end).unwrap_or_default().to_owned()
}

/// Zero-width and direction-turning characters, tags, soft hyphens, and controls other than white space.
#[must_use]
pub const fn does_not_show(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}' | '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
    )
}

/// Whether a Latin letter touches a Greek, Cyrillic or Armenian one, a full-width one or a mathematical one.
fn mixes_alphabets(text: &str) -> bool {
    let alike = |letter: char| {
        matches!(letter, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{530}'..='\u{58f}'
            | '\u{ff21}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}')
    };
    if text.is_ascii() {
        return false;
    }
    text.chars()
        .zip(text.chars().skip(1))
        .any(|(a, b)| (a.is_ascii_alphabetic() && alike(b)) || (alike(a) && b.is_ascii_alphabetic()))
}

/// The words of a name: split at everything that is no letter or digit and where small letters meet capitals.
pub(crate) fn name_words(name: &str) -> Vec<Word> {
    let bytes = name.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
    let mut words = Vec::new();
    let mut start = None;
    for index in 0..=bytes.len() {
        let letter = at(index);
        let part = letter.is_ascii_alphanumeric() || !letter.is_ascii();
        let before = if index == 0 { b' ' } else { at(index - 1) };
        let humps = (letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()))
            || (letter.is_ascii_uppercase()
                && before.is_ascii_uppercase()
                && at(index + 1).is_ascii_lowercase());
        if let Some(begun) = start
            && (!part || humps || index == bytes.len())
        {
            words.push(Word { start: begun, end: index });
            start = None;
        }
        if start.is_none() && part && index < bytes.len() {
            start = Some(index);
        }
    }
    words
}

/// The words of a sentence between two places: letters, with hyphens and apostrophes inside.
pub(crate) fn words(text: &str, from: usize, to: usize) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (offset, letter) in text.get(from..to).unwrap_or_default().char_indices() {
        let start = from + offset;
        let end = start + letter.len_utf8();
        let inner = letter == '\'' || letter == '’';
        if letter.is_alphanumeric() || inner {
            match words.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ if !inner => words.push(Word { start, end }),
                _ => {}
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &[&str]) {
        let text = Text::new(name);
        let words: Vec<&str> = name_words(text.shown()).into_iter().map(|word| text.word(word)).collect();
        assert_eq!(words, expected, "{name}");
    }

    #[test]
    fn names_are_split_in_every_common_style() {
        check("BinanceDeliveryCloseListenKey", &["binance", "delivery", "close", "listen", "key"]);
        check("cleanup_all_streams", &["cleanup", "all", "streams"]);
        check("k8s__scale-deployment", &["k8s", "scale", "deployment"]);
        check("policies.create", &["policies", "create"]);
        check("getHTTPErrors2xx", &["get", "http", "errors2xx"]);
        check("CreatePR", &["create", "pr"]);
        check("", &[]);
        check("删除", &["删除"]);
    }

    #[test]
    fn what_does_not_show_is_left_out_and_told() {
        let text = Text::new("de\u{200b}lete\u{202e}_file");
        assert_eq!((text.shown(), text.hidden), ("delete_file", true));
        assert!(Text::new("d\u{435}lete").mixed);
        assert!(!Text::new("Удалить файл").mixed);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let long = "é".repeat(READ_BYTES);
        let text = Text::new(&long);
        assert!(text.cut && text.shown().len() <= READ_BYTES);
    }
}
