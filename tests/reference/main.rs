//! The long comparison of the engine with the plain reading of the language; `cargo xtask differential` runs it.
#![expect(clippy::print_stdout, reason = "a command-line tool talks on its standard output")]

#[path = "mod.rs"]
mod reference;

use std::process::ExitCode;
use std::time::Instant;

use reference::{Tally, run};

/// Triples between two lines of progress.
const STEP: u64 = 500_000;

/// Takes the number of triples and the seed.
fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Some(Ok(triples)), Some(Ok(seed))) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: differential TRIPLES SEED");
        return ExitCode::FAILURE;
    };
    let begun = Instant::now();
    let mut tally = Tally::default();
    let mut part = seed;
    while tally.triples < triples {
        let goal = triples.min(tally.triples + STEP);
        if let Err(difference) = run(part, goal, &mut tally) {
            println!("after {} triples: {difference}", tally.triples);
            return ExitCode::FAILURE;
        }
        part = part.wrapping_add(1);
        let rate = tally.triples as f64 / begun.elapsed().as_secs_f64();
        println!("{} triples, {} documents, {rate:.0} triples/s", tally.triples, tally.documents);
    }
    println!("documents refused, by code: {:?}", tally.refused);
    println!("verdicts: {:?}", tally.verdicts);
    println!("{} triples from seed {seed}: no difference", tally.triples);
    ExitCode::SUCCESS
}
