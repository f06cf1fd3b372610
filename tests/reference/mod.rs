//! A second evaluator of the policy language, written from the language alone and as plainly as possible, and random
//! cases on which it is compared with the engine and its counters. The two share no code but the library of regular
//! expressions, which the language itself names by its kind.

#[cfg(test)]
mod bounds;
mod broken;
mod calls;
#[cfg(test)]
mod cli;
mod compare;
mod condition;
mod cut;
mod decimal;
mod documents;
mod engine;
mod json;
mod judge;
mod limit;
mod random;
#[cfg(test)]
mod shape;
mod situation;
mod time;
mod words;

pub(crate) use compare::{Tally, run};

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls judged in the suite; the long run judges millions.
    const TRIPLES: u64 = 20_000;

    #[test]
    fn the_engine_agrees_with_a_plain_reading_of_the_language() {
        let mut tally = Tally::default();
        if let Err(difference) = run(1, TRIPLES, &mut tally) {
            panic!("{difference}");
        }
        for step in ["", "(hidden)", "(default deny)", "action", "require", "deny_if", "approval", "limits"] {
            assert!(tally.verdicts.contains_key(step), "no case came to {step}: {tally:?}");
        }
        assert!(tally.refused.contains_key("counter_windows"), "no counter was cut in two ways: {tally:?}");
    }
}
