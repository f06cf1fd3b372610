//! Amounts that limits count: exact, never negative, with at most nine fractional digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::value::decimal::Decimal;

/// Nanos in a whole.
const SCALE: u32 = 1_000_000_000;
/// The integer part stays below this, so that every whole survives as a double where a store (Lua in Redis) has only these.
const WHOLE_END: u64 = 1 << 53;
/// Digits after the point.
const FRACTION_DIGITS: i128 = 9;

/// An exact decimal: whole part below 2^53, nine fractional digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount {
    whole: u64,
    nanos: u32,
}

/// Why a number is no [`Amount`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountError {
    /// Not a JSON number.
    NotANumber,
    /// Below zero.
    Negative,
    /// 2^53 or more.
    TooLarge,
    /// More than nine fractional digits.
    TooFine,
}

impl AmountError {
    /// The fault in words that fit after "the number".
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotANumber => "is not a number",
            Self::Negative => "is negative",
            Self::TooLarge => "is too large: it must be below 9007199254740992",
            Self::TooFine => "has more than 9 digits after the decimal point",
        }
    }
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl std::error::Error for AmountError {}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self { whole: 0, nanos: 0 };
    /// One call.
    pub const ONE: Self = Self { whole: 1, nanos: 0 };

    /// The amount of these parts: wholes, and billionths of one. `None` when either is out of range.
    #[must_use]
    pub const fn from_parts(whole: u64, nanos: u32) -> Option<Self> {
        if whole < WHOLE_END && nanos < SCALE { Some(Self { whole, nanos }) } else { None }
    }

    /// Wholes, and billionths of one.
    #[must_use]
    pub const fn parts(self) -> (u64, u32) {
        (self.whole, self.nanos)
    }

    /// The sum; `None` when it is out of range.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let nanos = self.nanos + other.nanos;
        Self::from_parts(self.whole + other.whole + u64::from(nanos / SCALE), nanos % SCALE)
    }

    /// The difference, or zero when `other` is the larger.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        if self <= other {
            return Self::ZERO;
        }
        let (borrow, nanos) = match self.nanos.checked_sub(other.nanos) {
            Some(nanos) => (0, nanos),
            None => (1, self.nanos + SCALE - other.nanos),
        };
        Self { whole: self.whole - other.whole - borrow, nanos }
    }

    /// The amount that a JSON number's text spells, exactly. Time is linear in the text, whatever its exponent.
    ///
    /// # Errors
    /// When it is no number, negative, too large, or finer than nine digits.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let number = Decimal::parse(text).ok_or(AmountError::NotANumber)?;
        if number.is_zero() {
            return Ok(Self::ZERO);
        }
        if number.is_negative() {
            return Err(AmountError::Negative);
        }
        let (magnitude, last) = (number.magnitude(), number.last_place());
        // 2^53 has 16 digits.
        if magnitude > 16 {
            return Err(AmountError::TooLarge);
        }
        if last < -FRACTION_DIGITS {
            return Err(AmountError::TooFine);
        }
        // At most 16 digits before the point and 9 after it: within the range of either type.
        let mut digits = number.digits_from(magnitude, -FRACTION_DIGITS);
        let whole_digits = usize::try_from(magnitude).unwrap_or(0);
        let whole = digits.by_ref().take(whole_digits).fold(0_u64, |sum, digit| sum * 10 + u64::from(digit));
        let nanos = digits.fold(0_u32, |sum, digit| sum * 10 + u32::from(digit));
        Self::from_parts(whole, nanos).ok_or(AmountError::TooLarge)
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        Self::parse(text)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.whole)?;
        if self.nanos == 0 {
            return Ok(());
        }
        write!(f, ".{}", format!("{:09}", self.nanos).trim_end_matches('0'))
    }
}

/// As text, because a JSON number may be read as a double.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| serde::de::Error::custom(format!("{text:?} {error}")))
    }
}
