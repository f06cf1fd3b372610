//! From columns to the model's types. A column that does not fit is reported, never guessed at.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use model::TeamId;
use uuid::Uuid;

use crate::Error;

/// Reads text as a type that parses; `table` is named in the error.
pub(crate) fn parsed<T>(table: &'static str, text: &str) -> Result<T, Error>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error: T::Err| Error::Inconsistent { table, what: format!("{text:?}: {error}") })
}

/// Reads text as one of a closed list of names.
pub(crate) fn named<T>(table: &'static str, text: &str, of: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
    of(text).ok_or_else(|| Error::Inconsistent { table, what: format!("{text:?} is no known name") })
}

/// Reads a number as a narrower or unsigned one.
pub(crate) fn number<T, N>(table: &'static str, value: N) -> Result<T, Error>
where
    T: TryFrom<N>,
    N: Display + Copy,
{
    T::try_from(value)
        .map_err(|_| Error::Inconsistent { table, what: format!("the number {value} is out of range") })
}

/// Reads 32 bytes.
pub(crate) fn digest(table: &'static str, bytes: &[u8]) -> Result<[u8; 32], Error> {
    bytes
        .try_into()
        .map_err(|_| Error::Inconsistent { table, what: format!("a digest of {} bytes", bytes.len()) })
}

/// Teams as a parameter; `None` is all of them.
pub(crate) fn team_ids(teams: Option<&[TeamId]>) -> Option<Vec<Uuid>> {
    teams.map(|teams| teams.iter().map(|team| team.uuid()).collect())
}

/// A time as a parameter.
pub(crate) fn at(time: Timestamp) -> jiff_sqlx::Timestamp {
    time.to_sqlx()
}

/// A time that may be absent, as a parameter.
pub(crate) fn at_opt(time: Option<Timestamp>) -> Option<jiff_sqlx::Timestamp> {
    time.map(ToSqlx::to_sqlx)
}

/// A time that may be absent, from a column.
pub(crate) fn time_opt(time: Option<jiff_sqlx::Timestamp>) -> Option<Timestamp> {
    time.map(jiff_sqlx::Timestamp::to_jiff)
}
