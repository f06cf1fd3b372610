//! Short names used in addresses: organisations, teams, servers and policies.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// A name fit for a URL segment: 1 to 40 of `a-z`, `0-9` and `-`; no hyphen at the ends and no two in a row.
/// Underscores are excluded so that `{server}__{tool}` can be split without doubt.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// Text that is no slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 40 of a-z, 0-9 and single hyphens inside, for example \"binance-mcp\"")]
pub struct SlugError;

impl Slug {
    /// Longest slug, in characters.
    pub const MAX: usize = 40;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest slug to any text: lower case, runs of other characters as one hyphen, cut to length.
    /// `None` when nothing is left.
    #[must_use]
    pub fn nearest(text: &str) -> Option<Self> {
        let mut out = String::new();
        for c in text.chars() {
            if c.is_ascii_alphanumeric() {
                out.push(c.to_ascii_lowercase());
            } else if !out.is_empty() && !out.ends_with('-') {
                out.push('-');
            }
            if out.len() == Self::MAX {
                break;
            }
        }
        let out = out.trim_matches('-');
        (!out.is_empty()).then(|| Self(out.to_owned()))
    }
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let hyphens = text.starts_with('-') || text.ends_with('-') || text.contains("--");
        if text.is_empty() || text.len() > Self::MAX || !plain || hyphens {
            return Err(SlugError);
        }
        Ok(Self(text.to_owned()))
    }
}
impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_slug_is_always_a_slug() {
        for text in
            ["Binance MCP Server", "a__b", "--x--", "Sperax Ecosystem Crypto & DeFI MCP Server, extended"]
        {
            let slug = Slug::nearest(text).unwrap_or_else(|| unreachable!());
            assert_eq!(slug.as_str().parse(), Ok(slug.clone()), "{text}");
        }
        assert_eq!(Slug::nearest("✂ ✂"), None);
    }

    #[test]
    fn doubled_hyphens_underscores_and_capitals_are_refused() {
        for text in ["", "a--b", "-a", "a-", "a_b", "A", "ä", &"a".repeat(41)] {
            assert_eq!(text.parse::<Slug>(), Err(SlugError), "{text}");
        }
    }
}
