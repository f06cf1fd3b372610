//! What the targets share: a bound on the processor time that an input may take.

use rustix::time::{ClockId, clock_gettime};

/// Most processor time for one input, in milliseconds. An input is at most some kilobytes; instrumented code is several
/// times slower than the product's.
const MOST_MS: i64 = 1_000;

/// Does something, and panics when it took long: an expression or a glob that explodes is a fault like any other.
/// Other programs on the machine do not count.
pub fn bounded<T>(what: impl FnOnce() -> T) -> T {
    let before = spent_ms();
    let done = what();
    let took = spent_ms() - before;
    assert!(took <= MOST_MS, "this input took {took} ms, and at most {MOST_MS} ms may be");
    done
}

fn spent_ms() -> i64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec * 1_000 + spent.tv_nsec / 1_000_000
}
