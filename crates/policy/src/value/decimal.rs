//! Numbers as they are written, compared exactly and without ever being expanded.
//!
//! A JSON number is `±digits × 10^exponent` of any size, and `1e400000000` is ten bytes. So nothing here makes the
//! digits that an exponent stands for: two numbers compare by sign, then by the place of their first digit, then
//! digit by digit. Time is linear in the texts.
//!
//! One bound is ours: an exponent of more than [`EXPONENT_DIGITS`] digits (leading zeros aside) is not read as a
//! number at all, and whatever asked for the number refuses the call.

use std::cmp::Ordering;

/// Largest exponent read, in digits; keeps every place within `i128` with room for the digits' own count.
const EXPONENT_DIGITS: usize = 36;

/// A number, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decimal<'a> {
    negative: bool,
    /// From the first to the last digit that is not zero; may hold one point. Empty for zero.
    digits: &'a [u8],
    /// The first digit's place: 1 for units, 2 for tens, 0 for tenths.
    magnitude: i128,
    /// The last digit's place counted as a power of ten: 0 for units, -1 for tenths.
    last: i128,
}

impl<'a> Decimal<'a> {
    /// Reads a JSON number; `None` when the text is none.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = split_exponent(rest)?;
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || leading_zero {
            return None;
        }
        Self::from_parts(negative, mantissa, whole, fraction, exponent)
    }

    /// Reads a number as a lenient reader might take it from a string: blanks around it, a plus sign,
    /// leading zeros, a bare point on either side.
    pub(crate) fn spelled(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = split_exponent(rest)?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        Self::from_parts(negative, mantissa, whole, fraction, exponent)
    }

    fn from_parts(
        negative: bool,
        mantissa: &'a str,
        whole: &str,
        fraction: &str,
        exponent: &str,
    ) -> Option<Self> {
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let digits = mantissa.trim_matches(['0', '.']).as_bytes();
        if digits.is_empty() {
            // Zero, whatever its exponent: `0e999…` needs no range.
            return Some(Self { negative: false, digits, magnitude: 0, last: 0 });
        }
        let exponent = read_exponent(exponent)?;
        let whole_digits = whole.trim_start_matches('0');
        let magnitude = if whole_digits.is_empty() {
            0 - count(fraction.len() - fraction.trim_start_matches('0').len())
        } else {
            count(whole_digits.len())
        };
        let points = usize::from(digits.contains(&b'.'));
        let magnitude = magnitude + exponent;
        Some(Self { negative, digits, magnitude, last: magnitude - count(digits.len() - points) })
    }

    pub(crate) const fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    pub(crate) const fn is_negative(&self) -> bool {
        self.negative
    }

    /// How many digits stand before the point; zero or less when the first is after it.
    pub(crate) const fn magnitude(&self) -> i128 {
        self.magnitude
    }

    /// The power of ten of the last digit that is not zero.
    pub(crate) const fn last_place(&self) -> i128 {
        self.last
    }

    /// The digits without the point, first that is not zero to last that is not.
    pub(crate) fn digits(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.digits.iter().filter(|byte| **byte != b'.').map(|byte| byte - b'0')
    }

    /// Digits from the first down to the place `10^last`, filled up with zeros.
    pub(crate) fn digits_from(&self, magnitude: i128, last: i128) -> impl Iterator<Item = u8> + use<'a> {
        let wanted = usize::try_from(magnitude - last).unwrap_or(0);
        self.digits().chain(std::iter::repeat(0)).take(wanted)
    }

    fn compare_size(&self, other: &Self) -> Ordering {
        self.magnitude.cmp(&other.magnitude).then_with(|| self.digits().cmp(other.digits()))
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.sign(), other.sign()) {
            (1, 1) => self.compare_size(other),
            (-1, -1) => other.compare_size(self),
            (mine, theirs) => mine.cmp(&theirs),
        }
    }
}

impl Decimal<'_> {
    fn sign(&self) -> i8 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Decimal<'_> {}

/// Mantissa and exponent; the exponent is empty when none is written.
fn split_exponent(text: &str) -> Option<(&str, &str)> {
    match text.split_once(['e', 'E']) {
        Some((_, "")) => None,
        Some(parts) => Some(parts),
        None => Some((text, "")),
    }
    .filter(|(_, exponent)| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        exponent.is_empty() || (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

fn read_exponent(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(0);
    }
    if digits.len() > EXPONENT_DIGITS {
        return None;
    }
    digits.parse::<i128>().ok().map(|value| sign * value)
}

fn count(length: usize) -> i128 {
    // A length in bytes is far below i128's range on every platform.
    i128::try_from(length).unwrap_or(i128::MAX)
}
