//! Words to be found by, from names in any spelling.

use crate::text::{Text, name_words};

/// The longest word that anybody types, in bytes; longer ones are no words.
const LONGEST_WORD: usize = 40;
/// How many words of one text are kept.
const MOST_WORDS: usize = 400;

/// The words of a text in lower case, in order: `getUserID`, `get_user_id` and `get user id` give the same. Characters that do not
/// show are left out.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let text = Text::new(text);
    let shown = text.shown();
    let found = name_words(shown).into_iter().filter_map(|word| shown.get(word.start..word.end));
    // A name in another script is one word to the rules, and is cut where letters end.
    let parts = found.flat_map(|word| word.split(|letter: char| !letter.is_alphanumeric()));
    parts
        .filter(|word| !word.is_empty() && word.len() <= LONGEST_WORD)
        .take(MOST_WORDS)
        .map(str::to_lowercase)
        .collect()
}

/// The beginning of a text on one line, without characters that do not show, of at most so many characters; an ellipsis says
/// that there is more.
#[must_use]
pub fn summary(text: &str, most: usize) -> String {
    let text = Text::new(text);
    let mut line = String::new();
    let mut words = text.shown().split_whitespace();
    let mut count = 0;
    for word in words.by_ref() {
        let length = word.chars().count();
        if count + length + 1 > most {
            let room = most.saturating_sub(count);
            line.extend(word.chars().take(if count == 0 { room } else { 0 }));
            return format!("{}…", line.trim_end());
        }
        if count > 0 {
            line.push(' ');
        }
        line.push_str(word);
        count += length + 1;
    }
    if text.cut { format!("{line}…") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_give_the_same_words() {
        for name in ["getUserIDs2", "get_user_IDs2", "get-user.IDs2"] {
            assert_eq!(words(name)[..2], ["get", "user"], "{name}");
        }
        assert_eq!(words("se\u{200b}nd\u{202e}Mail"), ["send", "mail"]);
        assert!(words("***").is_empty());
    }

    #[test]
    fn a_summary_is_one_bounded_line_of_what_shows() {
        assert_eq!(summary("a\n b\u{202e}c", 100), "a bc");
        assert_eq!(summary("alpha beta gamma", 11), "alpha beta…");
        assert_eq!(summary(&"x".repeat(50), 10), format!("{}…", "x".repeat(10)));
        assert_eq!(summary("", 10), "");
    }
}
