//! Strings: where one ends, and whether its escapes mean the same to everyone.

use super::fault::Fault;

/// What a string holds beside plain characters.
#[derive(Clone, Copy, Default)]
pub(super) struct Marks {
    /// An escape.
    pub(super) escaped: bool,
    /// `\ud8xx` without its partner.
    pub(super) lone_surrogate: bool,
    /// `\u0000`.
    pub(super) zero: bool,
}

/// Reads the string whose first byte after the opening quote is `bytes[0]`; gives the length up to the closing
/// quote. `at` is the first byte's place in the message, for faults.
pub(super) fn scan(bytes: &[u8], at: usize, marks: &mut Marks) -> Result<usize, Fault> {
    let mut len = 0;
    loop {
        len += plain_run(bytes.get(len..).unwrap_or_default());
        match bytes.get(len) {
            Some(b'"') => return Ok(len),
            Some(b'\\') => {
                marks.escaped = true;
                len += escape(bytes.get(len..).unwrap_or_default(), at + len, marks)?;
            }
            Some(_) => {
                return Err(Fault::syntax(at + len, "a control character stands unescaped in a string"));
            }
            None => return Err(Fault::syntax(at + len, "a string does not end")),
        }
    }
}

/// How long the escape at the start of `bytes` is.
fn escape(bytes: &[u8], at: usize, marks: &mut Marks) -> Result<usize, Fault> {
    match bytes.get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') => {
            let unit =
                code_unit(bytes).ok_or_else(|| Fault::syntax(at, "\\u needs four hexadecimal digits"))?;
            marks.zero |= unit == 0;
            match unit {
                0xD800..=0xDBFF => {
                    let low = bytes.get(6..).and_then(code_unit);
                    if low.is_some_and(|low| (0xDC00..=0xDFFF).contains(&low)) {
                        return Ok(12);
                    }
                    marks.lone_surrogate = true;
                }
                0xDC00..=0xDFFF => marks.lone_surrogate = true,
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
