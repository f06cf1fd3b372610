//! One spelling for all JSON texts that mean the same, so that a hash changes only when a meaning does.
//!
//! After RFC 8785 (JCS), with two differences: keys are sorted by code point, and numbers keep all their digits
//! instead of passing through doubles. Key order, whitespace, the escapes in strings and the way a number is
//! written make no difference; everything else does, the order of arrays and every invisible character included.

use crate::json::number::Decimal;
use crate::json::{Fault, Reader, quote};

/// Appends the canonical form of the next value to `out`. Duplicate keys are a fault at any depth.
pub(crate) fn write(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    match reader.peek() {
        Some(b'{') => write_object(reader, out, |_| true),
        Some(b'[') => write_array(reader, out),
        Some(b'"') => {
            let raw = reader.value()?.text;
            out.extend_from_slice(&text(raw));
            Ok(())
        }
        Some(b'-' | b'0'..=b'9') => {
            let raw = reader.value()?.text;
            match Decimal::parse(raw) {
                Some(number) => number.write(out),
                None => out.extend_from_slice(raw.as_bytes()),
            }
            Ok(())
        }
        _ => {
            out.extend_from_slice(reader.value()?.text.as_bytes());
            Ok(())
        }
    }
}

/// The same for an object, of which only the members that are wanted are written.
pub(crate) fn write_object(
    reader: &mut Reader<'_>,
    out: &mut Vec<u8>,
    wanted: impl Fn(&str) -> bool,
) -> Result<(), Fault> {
    let mut members = Vec::new();
    reader.object(|reader, key| {
        let mut value = Vec::new();
        write(reader, &mut value)?;
        if wanted(&key) {
            members.push((key, value));
        }
        Ok(())
    })?;
    members.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
    out.push(b'{');
    for (index, (key, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(quote(key).as_bytes());
        out.push(b':');
        out.extend_from_slice(value);
    }
    out.push(b'}');
    Ok(())
}

fn write_array(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
    let mut first = true;
    out.push(b'[');
    reader.array(|reader| {
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        write(reader, out)
    })?;
    out.push(b']');
    Ok(())
}

/// A string's canonical spelling. Half a surrogate pair, which servers do send in cut descriptions, has none other
/// than its own.
fn text(raw: &str) -> Vec<u8> {
    let plain = !raw.contains('\\');
    let unescaped = if plain { None } else { serde_json::from_str::<String>(raw).ok() };
    unescaped.map_or_else(|| raw.as_bytes().to_vec(), |text| quote(&text).into_bytes())
}
