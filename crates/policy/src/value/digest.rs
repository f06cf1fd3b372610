//! The digest of the value that a limit is kept apart by.
//!
//! Values that a server would take for the same share a counter: a number and a string that is exactly a JSON
//! number (`5`, `"5"`, `5.0`), and objects whatever the order of their keys. Otherwise quoting a number
//! would open a fresh counter.

use sha2::{Digest, Sha256};

use super::decimal::Decimal;
use super::json::Members;
use super::{Unreadable, Value, json};

const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
/// Deepest value digested; whoever decodes calls allows less.
const DEPTH: usize = 128;

/// SHA-256 in hexadecimal of a value in one canonical form; `None` for a missing one.
pub(crate) fn of(value: &Value<'_>) -> Result<Option<String>, Unreadable> {
    if matches!(value, Value::Missing) {
        return Ok(None);
    }
    let mut hash = Sha256::new();
    feed(value, DEPTH, &mut hash)?;
    let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
    Ok(Some(hash.finalize().iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()))
}

/// Every part begins with a letter for its type, and what has no fixed length says how long it is.
fn feed(value: &Value<'_>, depth: usize, hash: &mut Sha256) -> Result<(), Unreadable> {
    let below = depth.checked_sub(1).ok_or(Unreadable)?;
    match value {
        Value::Missing => hash.update(b"z"),
        Value::Bool(value) => hash.update(if *value { b"t" } else { b"f" }),
        Value::Number(number) => feed_number(&Decimal::parse(number).ok_or(Unreadable)?, hash),
        Value::Text(text) => match Decimal::parse(text) {
            Some(number) => feed_number(&number, hash),
            None => feed_text(text, hash),
        },
        Value::Array(text) => {
            let elements = json::elements(text).ok_or(Unreadable)?;
            feed_head(b'a', elements.len(), hash);
            for element in elements {
                feed(&Value::read(element)?, below, hash)?;
            }
        }
        Value::Object(text) => {
            let members = Members::of(text).map(Members::sorted).ok_or(Unreadable)?;
            feed_head(b'o', members.len(), hash);
            for (key, value) in members {
                feed_text(&key, hash);
                feed(&Value::read(value)?, below, hash)?;
            }
        }
    }
    Ok(())
}

fn feed_number(number: &Decimal<'_>, hash: &mut Sha256) {
    let digits: Vec<u8> = number.digits().collect();
    feed_head(if number.is_negative() { b'm' } else { b'n' }, digits.len(), hash);
    hash.update(digits);
    hash.update(number.magnitude().to_be_bytes());
}

fn feed_text(text: &str, hash: &mut Sha256) {
    feed_head(b's', text.len(), hash);
    hash.update(text);
}

fn feed_head(kind: u8, length: usize, hash: &mut Sha256) {
    hash.update([kind]);
    hash.update(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
}
