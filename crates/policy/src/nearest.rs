//! What somebody may have meant by a name that nothing has.

use crate::wording::quoted;

/// Names this alike (0 to 1) are offered as what was meant.
const ALIKE: f64 = 0.7;

/// A hint that offers the known name most like an unknown one, and lists them all.
pub(crate) fn offer(unknown: &str, known: &[&str]) -> String {
    let list = known.join(", ");
    match nearest(unknown, known.iter().copied()) {
        Some(name) => format!("did you mean {}? Known: {list}", quoted(name)),
        None => format!("known: {list}"),
    }
}

/// The known name most like an unknown one, if any is like it.
pub(crate) fn nearest<'k>(unknown: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    // A name long beyond all known ones is compared by its beginning.
    let unknown: String = unknown.chars().take(128).flat_map(char::to_lowercase).collect();
    let likeness = |name: &str| strsim::jaro_winkler(&unknown, &name.to_lowercase());
    known
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, first), (b, second)| a.total_cmp(b).then_with(|| second.cmp(first)))
        .map(|(_, name)| name)
}
