//! Numbers as exact decimals, and which of them every parser reads alike.
//!
//! A rule compares exact decimals while a server may hold an integer, a double or a big number. A request may
//! therefore only carry numbers for which these agree: an integer within ±2^53, or a decimal that is the shortest
//! spelling of its own double (any with at most 15 significant digits is). `99.999999999999999999` is refused: it
//! is below 100 as a decimal and 100 as a double, so a rule and a server would judge two different amounts.

/// The largest integer of which every smaller one is a double too.
const EXACT_INTEGER: u64 = 1 << 53;

/// The length of the number `bytes` start with, or where it stops being one.
pub(super) fn scan(bytes: &[u8]) -> Result<usize, usize> {
    let digits = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        match rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len()) {
            0 => Err(at),
            count => Ok(count),
        }
    };
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(at)?;
    if whole > 1 && bytes.get(at) == Some(&b'0') {
        return Err(at);
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        at += 1 + digits(at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at += digits(at)?;
    }
    Ok(at)
}

/// An exact decimal: `digits × 10^exponent`, with neither leading nor trailing zeros; zero has no digits.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Of a number in JSON's grammar; `None` where the exponent is beyond 64 bits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let kept = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
        if kept == 0 {
            return Some(Self { negative: false, digits: Vec::new(), exponent: 0 });
        }
        let dropped = digits.len() - kept;
        digits.truncate(kept);
        digits.drain(..digits.iter().take_while(|digit| **digit == b'0').count());
        let exponent: i64 = exponent.parse().ok()?;
        let exponent = exponent
            .checked_sub(i64::try_from(fraction.len()).ok()?)?
            .checked_add(i64::try_from(dropped).ok()?)?;
        Some(Self { negative, digits, exponent })
    }

    /// The one spelling all equal numbers share: `-12e3`, `0e0`.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        if self.negative {
            out.push(b'-');
        }
        out.extend_from_slice(if self.digits.is_empty() { b"0" } else { &self.digits });
        out.push(b'e');
        out.extend_from_slice(self.exponent.to_string().as_bytes());
    }
}

/// Whether every parser reads `text`, a number in JSON's grammar, as the same value.
pub(crate) fn unambiguous(text: &str) -> Result<(), &'static str> {
    let short = text.len() <= 15;
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        let fits =
            short || text.trim_start_matches('-').parse().is_ok_and(|value: u64| value <= EXACT_INTEGER);
        return if fits { Ok(()) } else { Err("an integer is beyond ±2^53; send it as a string") };
    }
    if short && !text.contains(['e', 'E']) {
        return Ok(());
    }
    let value: f64 = text.parse().unwrap_or(f64::INFINITY);
    if !value.is_finite() {
        return Err("a number is larger than a double holds");
    }
    let same = Decimal::parse(text).is_some_and(|own| Decimal::parse(&format!("{value:e}")) == Some(own));
    if same {
        Ok(())
    } else {
        Err("a number has more digits than a double keeps; round it or send it as a string")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_all_parsers_agree_on_are_accepted() {
        for text in [
            "0",
            "-0",
            "1",
            "-1",
            "9007199254740992",
            "-9007199254740992",
            "0.1",
            "0.30000000000000004",
            "1e2",
            "1E+2",
            "1e-7",
            "123456789012345.0",
            "1e30",
            "5e-324",
            "1.7976931348623157e308",
            "0e99999999999999999999",
            "0.0000001",
            "100.00",
            "1.10",
            "2.5e0",
        ] {
            assert_eq!(unambiguous(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn numbers_that_parsers_could_read_differently_are_refused() {
        for text in [
            "9007199254740993",
            "-9007199254740993",
            "123456789012345678901234567890",
            "1e400",
            "-1e400",
            "1e-400",
            "1e99999999999999999999",
            "99.999999999999999999",
            "9007199254740993.0",
            "0.1000000000000000055",
            "9007199254740993e0",
        ] {
            assert!(unambiguous(text).is_err(), "{text}");
        }
    }

    #[test]
    fn equal_numbers_have_one_spelling_and_unequal_ones_do_not() {
        let spelled = |text: &str| {
            let mut out = Vec::new();
            Decimal::parse(text).unwrap().write(&mut out);
            String::from_utf8(out).unwrap()
        };
        for (left, right) in
            [("1", "1.0"), ("100", "1e2"), ("-0", "0.00"), ("12.50", "125E-1"), ("0.001", "1e-3")]
        {
            assert_eq!(spelled(left), spelled(right), "{left} {right}");
        }
        for (left, right) in [("1", "-1"), ("1", "10"), ("9007199254740993", "9007199254740992"), ("0", "1")]
        {
            assert_ne!(spelled(left), spelled(right), "{left} {right}");
        }
    }
}
