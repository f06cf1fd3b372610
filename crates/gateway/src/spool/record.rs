//! One record of a segment: length, CRC-32 and the event in `postcard` form, so that a torn tail is seen and cut off.
//! The form does not describe itself: whoever changes an event type or the record changes [`FORMAT`] with it.

use model::Event;

/// Bytes before the payload: its length and its checksum, both little-endian.
pub(super) const HEAD: usize = 8;
/// Longest payload that is believed when reading; a longer one marks a damaged record.
const MAX_PAYLOAD: usize = 1 << 20;

/// First bytes of every segment; the last of them is the version of the form.
pub(super) const FORMAT: [u8; 8] = *b"PLSPOOL\x02";

/// Appends `event` as a record to `out`.
pub(super) fn encode(event: &Event, out: &mut Vec<u8>) -> Result<(), postcard::Error> {
    let start = out.len();
    out.extend_from_slice(&[0; HEAD]);
    if let Err(error) = postcard::to_io(event, &mut *out) {
        out.truncate(start);
        return Err(error);
    }
    let (payload_len, crc) = {
        let payload = out.get(start + HEAD..).unwrap_or_default();
        (u32::try_from(payload.len()).unwrap_or(u32::MAX), crc32fast::hash(payload))
    };
    if let Some(head) = out.get_mut(start..start + HEAD) {
        let (length, checksum) = head.split_at_mut(HEAD / 2);
        length.copy_from_slice(&payload_len.to_le_bytes());
        checksum.copy_from_slice(&crc.to_le_bytes());
    }
    Ok(())
}

/// What stands at the front of some bytes.
pub(super) enum Front {
    /// An event, and how many bytes its record takes.
    Event(Box<Event>, usize),
    /// The beginning of a record whose rest has not been written (yet).
    Partial,
    /// Something that is no record, or one that does not match its checksum.
    Damaged,
}

/// Reads the record at the front of `bytes`.
pub(super) fn decode(bytes: &[u8]) -> Front {
    let Some((head, rest)) = bytes.split_first_chunk::<HEAD>() else { return Front::Partial };
    let [a, b, c, d, e, f, g, h] = *head;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    if length > MAX_PAYLOAD {
        return Front::Damaged;
    }
    let Some(payload) = rest.get(..length) else { return Front::Partial };
    if crc32fast::hash(payload) != u32::from_le_bytes([e, f, g, h]) {
        return Front::Damaged;
    }
    match postcard::from_bytes(payload) {
        Ok(event) => Front::Event(Box::new(event), HEAD + length),
        Err(_) => Front::Damaged,
    }
}
