//! Where a page ended, as text that means nothing to its holder. It names the last event of the page; what may be
//! read from there on is decided anew for every request, so it needs no signature.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use model::EventId;

/// The cursor after an event.
pub(super) fn after(event: EventId) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(event.uuid().as_bytes())
}

/// The event that a cursor names.
pub(super) fn read(text: &str) -> Option<EventId> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    Some(EventId::from_uuid(uuid::Uuid::from_bytes(bytes.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_event_and_nothing_else_is_one() {
        let event = EventId::mint(1_767_225_600_000, [9; 10]);
        assert_eq!(read(&after(event)), Some(event));
        for text in ["", "x", "AAAA", &"A".repeat(23), "%%%%"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
