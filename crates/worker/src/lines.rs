//! Lines of bounded length from a stream that may hold anything.

use std::io::{self, BufRead, Read};

/// The longest line that is read, in bytes; longer ones are skipped to their end.
pub const LONGEST: usize = 4 * 1024 * 1024;

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// It is in the buffer, without its end.
    Whole,
    /// It was too long, and is gone.
    TooLong,
}

/// Reads the next line into the buffer; `None` at the end.
///
/// # Errors
/// When the stream fails.
pub fn next(input: &mut impl BufRead, buffer: &mut Vec<u8>) -> io::Result<Option<Line>> {
    buffer.clear();
    let limit = LONGEST as u64 + 1;
    if Read::take(&mut *input, limit).read_until(b'\n', buffer)? == 0 {
        return Ok(None);
    }
    if buffer.pop_if(|last| *last == b'\n').is_some() || buffer.len() <= LONGEST {
        return Ok(Some(Line::Whole));
    }
    buffer.clear();
    loop {
        let available = input.fill_buf()?;
        let (used, ended) = match available.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (available.len(), available.is_empty()),
        };
        input.consume(used);
        if ended {
            return Ok(Some(Line::TooLong));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_skipped_and_the_next_one_is_whole() {
        let long = "x".repeat(LONGEST + 5);
        let text = format!("a\n{long}\nb\n\nc");
        let (mut input, mut buffer, mut found) = (text.as_bytes(), Vec::new(), Vec::new());
        while let Some(line) = next(&mut input, &mut buffer).unwrap() {
            found.push((line, String::from_utf8(buffer.clone()).unwrap()));
        }
        let whole = |text: &str| (Line::Whole, text.to_owned());
        assert_eq!(found, [whole("a"), (Line::TooLong, String::new()), whole("b"), whole(""), whole("c")]);
    }
}
