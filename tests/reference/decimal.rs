//! Numbers by their digits: exact, of any size, never expanded.

use std::cmp::Ordering;

/// `±0.digits × 10^place`, without zeros at either end; zero has no digits and no sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    place: i128,
}

/// An exponent with more digits than this is not read.
const EXPONENT_DIGITS: usize = 36;
/// Amounts stay below 2^53.
const AMOUNT_END: u128 = (1 << 53) * 1_000_000_000;

impl Decimal {
    /// Reads sign, digits, fraction and exponent; `None` for anything else, and for an exponent beyond bounds.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        let bare = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        for part in [whole, fraction, bare] {
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
        }
        let all = format!("{whole}{fraction}");
        let leading = all.len() - all.trim_start_matches('0').len();
        let digits = all.trim_matches('0').as_bytes().to_vec();
        if digits.is_empty() {
            return Some(Self { negative: false, digits, place: 0 });
        }
        let bare = bare.trim_start_matches('0');
        if bare.len() > EXPONENT_DIGITS {
            return None;
        }
        let size: i128 = if bare.is_empty() { 0 } else { bare.parse().ok()? };
        let exponent = if exponent.starts_with('-') { -size } else { size };
        let place = whole.len() as i128 - leading as i128 + exponent;
        Some(Self { negative, digits, place })
    }

    /// In billionths, where it is an amount: not negative, nine digits after the point, below 2^53.
    pub(crate) fn amount(&self) -> Option<u128> {
        if self.digits.is_empty() {
            return Some(0);
        }
        let length = self.digits.len() as i128;
        if self.negative || self.place > 16 || length - self.place > 9 {
            return None;
        }
        let mut nanos: u128 = 0;
        for digit in &self.digits {
            nanos = nanos * 10 + u128::from(digit - b'0');
        }
        for _ in 0..9 + self.place - length {
            nanos *= 10;
        }
        (nanos < AMOUNT_END).then_some(nanos)
    }

    /// The same text for the same number.
    pub(crate) fn canonical(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}0.{}e{}", String::from_utf8_lossy(&self.digits), self.place)
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let by_size = || self.place.cmp(&other.place).then_with(|| self.digits.cmp(&other.digits));
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => by_size(),
            _ => by_size().reverse(),
        })
    }
}

/// Whether a text is a number exactly as JSON writes one.
pub(crate) fn is_json(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let padded =
        unsigned.starts_with('0') && unsigned.chars().nth(1).is_some_and(|next| next.is_ascii_digit());
    !padded && !unsigned.starts_with('+') && Decimal::parse(text).is_some()
}

/// The number that a text spells to a forgiving reader: blanks around it, a plus sign and leading zeros do not matter.
pub(crate) fn spelled(text: &str) -> Option<Decimal> {
    Decimal::parse(text.trim())
}
