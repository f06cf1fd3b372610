//! Strings: where one ends, and whether its escapes mean the same to everyone.

use super::fault::Fault;

/// A string found in the text: the bytes between its quotes and whether any of them is an escape.
pub(super) struct Quoted {
    /// Bytes between the quotes.
    pub(super) len: usize,
    pub(super) escaped: bool,
    /// Holds `\ud8xx` without its partner (only where that is tolerated).
    pub(super) lone_surrogate: bool,
    /// Holds `\u0000`.
    pub(super) zero: bool,
}

/// Reads the string whose first byte after the opening quote is `bytes[0]`. `at` is that byte's place in the
/// message, for faults.
pub(super) fn scan(bytes: &[u8], at: usize) -> Result<Quoted, Fault> {
    let mut found = Quoted { len: 0, escaped: false, lone_surrogate: false, zero: false };
    loop {
        found.len += plain_run(bytes.get(found.len..).unwrap_or_default());
        match bytes.get(found.len) {
            Some(b'"') => return Ok(found),
            Some(b'\\') => {
                found.escaped = true;
                let rest = bytes.get(found.len..).unwrap_or_default();
                found.len += escape(rest, at + found.len, &mut found.lone_surrogate, &mut found.zero)?;
            }
            Some(_) => {
                return Err(Fault::syntax(
                    at + found.len,
                    "a control character stands unescaped in a string",
                ));
            }
            None => return Err(Fault::syntax(at + found.len, "a string does not end")),
        }
    }
}

/// How long the escape at the start of `bytes` is.
fn escape(bytes: &[u8], at: usize, lone: &mut bool, zero: &mut bool) -> Result<usize, Fault> {
    match bytes.get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') => {
            let unit =
                code_unit(bytes).ok_or_else(|| Fault::syntax(at, "\\u needs four hexadecimal digits"))?;
            *zero |= unit == 0;
            match unit {
                0xD800..=0xDBFF => {
                    let low = bytes.get(6..).and_then(code_unit);
                    if low.is_some_and(|low| (0xDC00..=0xDFFF).contains(&low)) {
                        return Ok(12);
                    }
                    *lone = true;
                }
                0xDC00..=0xDFFF => *lone = true,
                _ => {}
            }
            Ok(6)
        }
        _ => Err(Fault::syntax(at, "a backslash is not followed by an escape JSON knows")),
    }
}

/// The UTF-16 unit that `\uXXXX` at the start of `bytes` spells.
fn code_unit(bytes: &[u8]) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = bytes.first_chunk::<6>()? else { return None };
    digits.iter().try_fold(0u16, |unit, digit| {
        let value = char::from(*digit).to_digit(16)?;
        Some((unit << 4) | u16::try_from(value).ok()?)
    })
}

/// How many leading bytes are neither a quote, nor a backslash, nor a control character. Eight at a time: the
/// lowest set bit of the mask belongs to the first such byte.
fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let mut run = 0;
    let mut rest = bytes;
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let quote = word ^ (ONES * u64::from(b'"'));
        let backslash = word ^ (ONES * u64::from(b'\\'));
        let stops =
            (control | (quote.wrapping_sub(ONES) & !quote) | (backslash.wrapping_sub(ONES) & !backslash))
                & HIGH;
        if stops != 0 {
            return run + (stops.trailing_zeros() / 8) as usize;
        }
        run += 8;
        rest = tail;
    }
    run + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}
