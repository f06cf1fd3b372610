//! Where a page ended, as text that means nothing to its holder. It names the last thing of the page; what may be
//! read from there on is decided anew for every request, so it needs no signature.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use model::Id;

/// The cursor after the thing of this id.
pub(crate) fn after<K>(last: Id<K>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(last.uuid().as_bytes())
}

/// The cursor after the thing of this name, when so many things stand up to it.
pub(crate) fn after_place(place: usize, last: &str) -> String {
    of_text(&format!("{place}:{last}"))
}

/// How many things stood up to the one that such a cursor names, and that name.
pub(crate) fn read_place(text: &str) -> Option<(usize, String)> {
    let text = read_text(text)?;
    let (place, last) = text.split_once(':')?;
    Some((place.parse().ok()?, last.to_owned()))
}

/// The id that a cursor names.
pub(crate) fn read<K>(text: &str) -> Option<Id<K>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    Some(Id::from_uuid(uuid::Uuid::from_bytes(bytes.try_into().ok()?)))
}

/// A cursor of something that is no id.
pub(crate) fn of_text(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

/// The text that a cursor holds.
pub(crate) fn read_text(cursor: &str) -> Option<String> {
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use model::EventId;

    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_id_and_nothing_else_is_one() {
        let event = EventId::mint(1_767_225_600_000, [9; 10]);
        assert_eq!(read(&after(event)), Some(event));
        for text in ["", "x", "AAAA", &"A".repeat(23), "%%%%"] {
            let id: Option<EventId> = read(text);
            assert_eq!(id, None, "{text}");
        }
    }
}
