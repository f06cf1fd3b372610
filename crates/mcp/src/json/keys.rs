//! The keys of the objects being read, to find the second of a pair.

use std::borrow::Cow;
use std::collections::HashSet;

/// Up to this many keys an object is searched one by one; beyond it a hash set takes over, so that an object of
/// ten thousand keys stays linear while a small one costs no allocation of its own.
const SEARCHED: usize = 16;

/// Keys of all open objects, the innermost last.
#[derive(Default)]
pub(super) struct Keys<'a> {
    open: Vec<Cow<'a, str>>,
}

/// The keys of one object.
pub(super) struct Scope<'a> {
    start: usize,
    large: Option<HashSet<Cow<'a, str>>>,
}

impl<'a> Keys<'a> {
    pub(super) fn enter(&mut self) -> Scope<'a> {
        Scope { start: self.open.len(), large: None }
    }

    /// Remembers `key`; false when the object already has it.
    pub(super) fn insert(&mut self, scope: &mut Scope<'a>, key: Cow<'a, str>) -> bool {
        if let Some(large) = &mut scope.large {
            return large.insert(key);
        }
        let own = self.open.get(scope.start..).unwrap_or_default();
        if own.contains(&key) {
            return false;
        }
        if own.len() < SEARCHED {
            if self.open.capacity() == 0 {
                self.open.reserve(2 * SEARCHED);
            }
            self.open.push(key);
            return true;
        }
        let mut large: HashSet<_> = self.open.drain(scope.start..).collect();
        let fresh = large.insert(key);
        scope.large = Some(large);
        fresh
    }

    pub(super) fn leave(&mut self, scope: &Scope<'a>) {
        self.open.truncate(scope.start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_of_a_pair_is_found_in_small_and_large_objects() {
        for size in [1, SEARCHED - 1, SEARCHED, SEARCHED + 1, 5_000] {
            let mut keys = Keys::default();
            let mut outer = keys.enter();
            assert!(keys.insert(&mut outer, Cow::Borrowed("k0")));
            let mut inner = keys.enter();
            for index in 0..size {
                assert!(keys.insert(&mut inner, Cow::Owned(format!("k{index}"))), "{index} of {size}");
            }
            assert!(!keys.insert(&mut inner, Cow::Owned(format!("k{}", size / 2))), "of {size}");
            keys.leave(&inner);
            assert!(!keys.insert(&mut outer, Cow::Borrowed("k0")), "the outer object still knows its own");
        }
    }
}
