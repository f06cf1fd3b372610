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
    /// The digits before the point and after it, from the first to the last that is not zero. Both empty for zero.
    whole: &'a [u8],
    fraction: &'a [u8],
    /// The first digit's place: 1 for units, 2 for tens, 0 for tenths.
    magnitude: i128,
}

/// A number taken apart: `whole.fraction e exponent`.
struct Parts<'a> {
    whole: &'a str,
    /// `None` without a point.
    fraction: Option<&'a str>,
    /// Digits with a sign at most; empty when none is written.
    exponent: &'a str,
}

impl<'a> Decimal<'a> {
    /// Reads a JSON number; `None` when the text is none.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let parts = Parts::of(rest)?;
        let leading_zero = parts.whole.len() > 1 && parts.whole.starts_with('0');
        if parts.whole.is_empty() || leading_zero || parts.fraction == Some("") {
            return None;
        }
        Self::from_parts(negative, &parts)
    }

    /// Reads a number as a lenient reader might take it from a string: blanks around it, a plus sign,
    /// leading zeros, a bare point on either side.
    pub(crate) fn spelled(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let parts = Parts::of(rest)?;
        if parts.whole.is_empty() && parts.fraction.is_none_or(str::is_empty) {
            return None;
        }
        Self::from_parts(negative, &parts)
    }

    fn from_parts(negative: bool, parts: &Parts<'a>) -> Option<Self> {
        let written = parts.fraction.unwrap_or("").as_bytes();
        let mut whole = without_leading_zeros(parts.whole.as_bytes());
        let mut fraction = without_trailing_zeros(written);
        let places = if whole.is_empty() {
            fraction = without_leading_zeros(fraction);
            0 - count(written.len() - without_leading_zeros(written).len())
        } else {
            count(whole.len())
        };
        if fraction.is_empty() {
            whole = without_trailing_zeros(whole);
        }
        if whole.is_empty() && fraction.is_empty() {
            // Zero, whatever its exponent: `0e999…` needs no range.
            return Some(Self { negative: false, whole, fraction, magnitude: 0 });
        }
        Some(Self { negative, whole, fraction, magnitude: places + read_exponent(parts.exponent)? })
    }

    pub(crate) const fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }

    pub(crate) const fn is_negative(&self) -> bool {
        self.negative
    }

    /// How many digits stand before the point; zero or less when the first is after it.
    pub(crate) const fn magnitude(&self) -> i128 {
        self.magnitude
    }

    /// The power of ten of the last digit that is not zero.
    pub(crate) fn last_place(&self) -> i128 {
        self.magnitude - count(self.whole.len() + self.fraction.len())
    }

    /// The digits without the point, first that is not zero to last that is not.
    pub(crate) fn digits(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.whole.iter().chain(self.fraction).map(|byte| byte - b'0')
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

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (whole, rest) = leading_digits(text);
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let (fraction, rest) = leading_digits(rest);
                (Some(fraction), rest)
            }
            None => (None, rest),
        };
        if rest.is_empty() {
            return Some(Self { whole, fraction, exponent: "" });
        }
        let exponent = rest.strip_prefix(['e', 'E'])?;
        let (digits, rest) = leading_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
        (!digits.is_empty() && rest.is_empty()).then_some(Self { whole, fraction, exponent })
    }
}

/// The digits that a text begins with, and what follows.
fn leading_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

fn without_leading_zeros(mut digits: &[u8]) -> &[u8] {
    while let [b'0', rest @ ..] = digits {
        digits = rest;
    }
    digits
}

fn without_trailing_zeros(mut digits: &[u8]) -> &[u8] {
    while let [rest @ .., b'0'] = digits {
        digits = rest;
    }
    digits
}

fn read_exponent(text: &str) -> Option<i128> {
    if text.is_empty() {
        return Some(0);
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The number as an integer: sign and digits, scaled by `10^SCALE` and written out.
    fn written_out(negative: bool, whole: &str, fraction: &str, exponent: i32) -> (i8, String) {
        const SCALE: usize = 80;
        let digits = format!("{whole}{fraction}");
        let zeros = SCALE.wrapping_add_signed(exponent as isize) - fraction.len();
        let digits = format!("{digits}{}", "0".repeat(zeros));
        let digits = digits.trim_start_matches('0').to_owned();
        let sign = if digits.is_empty() {
            0
        } else if negative {
            -1
        } else {
            1
        };
        (sign, digits)
    }

    fn reference(a: &(i8, String), b: &(i8, String)) -> Ordering {
        let size = a.1.len().cmp(&b.1.len()).then_with(|| a.1.cmp(&b.1));
        a.0.cmp(&b.0).then(if a.0 < 0 { size.reverse() } else { size })
    }

    prop_compose! {
        fn number()(
            negative in any::<bool>(),
            whole in "0|[1-9][0-9]{0,6}",
            fraction in prop::option::of("[0-9]{1,6}"),
            exponent in prop::option::of(-40_i32..40),
            sign in prop::sample::select(vec!["", "+"]),
        ) -> (String, (i8, String)) {
            let mut text = format!("{}{whole}", if negative { "-" } else { "" });
            if let Some(fraction) = &fraction {
                text = format!("{text}.{fraction}");
            }
            if let Some(exponent) = exponent {
                text = format!("{text}e{}{exponent}", if exponent < 0 { "" } else { sign });
            }
            let written = written_out(negative, &whole, fraction.as_deref().unwrap_or(""), exponent.unwrap_or(0));
            (text, written)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn numbers_compare_as_integers_written_out_do((a, x) in number(), (b, y) in number()) {
            let (p, q) = (Decimal::parse(&a).unwrap(), Decimal::parse(&b).unwrap());
            prop_assert_eq!(p.cmp(&q), reference(&x, &y), "{} and {}", a, b);
            prop_assert_eq!(Decimal::spelled(&a), Some(p));
        }

        #[test]
        fn shifting_the_point_and_the_exponent_changes_nothing((a, _) in number(), zeros in 0_usize..30) {
            let p = Decimal::parse(&a).unwrap();
            let (mantissa, exponent) = a.split_once('e').unwrap_or((&a, "0"));
            let point = if mantissa.contains('.') { "" } else { "." };
            let padded = format!("{mantissa}{point}{}0e{exponent}", "0".repeat(zeros));
            prop_assert_eq!(Decimal::parse(&padded), Some(p));
        }
    }

    #[test]
    fn only_json_numbers_are_read() {
        for text in [
            "", "-", "+1", "01", ".5", "5.", "1e", "1e+", "1.e5", "0x1", "1_0", "NaN", "Infinity", " 1",
            "1 ", "١", "--1", "1e5e5", "1.2.3",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        for text in ["5", " 5\n", "+5", "005", "5.", "5.00", "0.5e1", "50E-1"] {
            assert_eq!(Decimal::spelled(text), Decimal::parse("5"), "{text}");
        }
        for text in ["", ".", "five", "5 5", "0x5", "+-5", "٥"] {
            assert_eq!(Decimal::spelled(text), None, "{text}");
        }
    }

    #[test]
    fn an_exponent_is_read_up_to_its_longest() {
        let with = |digits: usize| format!("1e{}", "9".repeat(digits));
        assert!(Decimal::parse(&with(EXPONENT_DIGITS)).is_some());
        assert!(Decimal::parse(&with(EXPONENT_DIGITS + 1)).is_none());
        assert!(Decimal::parse("1") < Decimal::parse("1.5"));
    }
}
