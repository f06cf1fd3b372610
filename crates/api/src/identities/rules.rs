//! What an identity's labels may be; for `garde`.

use std::collections::BTreeMap;

/// Most labels of one identity. They travel in every bundle.
const MAX_LABELS: usize = 32;
/// Most characters of a label's name.
const MAX_KEY: usize = 64;
/// Most characters of a label's value.
const MAX_VALUE: usize = 200;

/// Checks free labels.
pub(super) fn labels(labels: &BTreeMap<String, String>, _: &()) -> garde::Result {
    if labels.len() > MAX_LABELS {
        return Err(garde::Error::new(format!("an identity has at most {MAX_LABELS} labels")));
    }
    for (name, value) in labels {
        let plain =
            !name.is_empty() && name.chars().count() <= MAX_KEY && !name.chars().any(char::is_control);
        if !plain {
            return Err(garde::Error::new(format!(
                "a label's name has 1 to {MAX_KEY} characters and no control characters"
            )));
        }
        if value.chars().count() > MAX_VALUE || value.contains('\0') {
            return Err(garde::Error::new(format!("a label's value has at most {MAX_VALUE} characters")));
        }
    }
    Ok(())
}
