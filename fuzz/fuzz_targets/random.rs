//! Choices drawn from the fuzzer's input, in place of the random ones that the long comparison makes.

/// The choices left.
pub(crate) struct Random(Vec<u8>);

impl Random {
    /// The choices of an input, the first of them last.
    pub(crate) fn of(input: &[u8]) -> Self {
        Self(input.iter().rev().copied().collect())
    }

    /// Below `end`, which is not zero. Without input it is one, where that is below.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.pop().unwrap_or(1)) % end
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times.min(256)) == 0
    }

    /// One of these.
    pub(crate) fn pick<T: Copy + Default>(&mut self, among: &[T]) -> T {
        among.get(self.below(among.len().max(1))).copied().unwrap_or_default()
    }

    /// Up to `most` of what `make` makes, joined by commas.
    pub(crate) fn several(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> String) -> String {
        let count = self.below(most + 1);
        (0..count).map(|_| make(self)).collect::<Vec<_>>().join(", ")
    }
}
