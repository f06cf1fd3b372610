//! Mutation testing: small faults are put into a crate, one at a time, and its own tests have to notice them.

use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::{
    peers::target,
    repo::{Repo, cargo},
};

/// The crates that have to notice, which are those that decide and those that count.
const CRATES: &[&str] = &["policy", "counters"];
/// Of all faults that compile, this share has to be noticed, in percent.
const NOTICED: usize = 90;
/// Where those that nobody notices are listed, with reasons.
const SURVIVORS: &str = "docs/mutants.md";

/// Which crates, and how much at a time.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// One of the crates, instead of all.
    #[arg(long = "crate", value_parser = clap::builder::PossibleValuesParser::new(CRATES))]
    one: Option<String>,
    /// Mutants to build and test at a time.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
}

/// What cargo-mutants writes of a run.
#[derive(Deserialize)]
struct Outcomes {
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    summary: Summary,
    scenario: serde_json::Value,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
enum Summary {
    Success,
    CaughtMutant,
    MissedMutant,
    Unviable,
    Timeout,
    Failure,
}

/// One crate's result.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    caught: usize,
    missed: usize,
    timed_out: usize,
    unviable: usize,
    /// Names of the missed ones, without line and column.
    survivors: Vec<String>,
}

/// Runs cargo-mutants, prints the table, and fails where too little is noticed or a survivor is not on the list.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    if !repo.has(&cargo(), &["mutants", "--version"]) {
        bail!("cargo-mutants is needed: cargo install --locked cargo-mutants");
    }
    let listed = std::fs::read_to_string(repo.path(SURVIVORS))
        .with_context(|| format!("cannot read {SURVIVORS}"))?
        // How a table in Markdown writes a bar.
        .replace("\\|", "|");
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for name in CRATES.iter().filter(|name| args.one.as_ref().is_none_or(|one| one == *name)) {
        let tally = mutate(repo, name, args)?;
        rows.push(tally.row(name));
        if !tally.is_enough() {
            faults.push(format!("{name} notices less than {NOTICED} % of its mutants"));
        }
        let unlisted = tally.survivors.iter().filter(|name| !listed.contains(&format!("`{name}`")));
        faults.extend(unlisted.map(|name| format!("{SURVIVORS} does not say why this survives: {name}")));
    }
    println!(
        "\n{:<9} {:>7} {:>7} {:>7} {:>9} {:>8} {:>9}",
        "crate", "mutants", "caught", "missed", "timed out", "unviable", "noticed"
    );
    println!("{}", rows.join("\n"));
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

fn mutate(repo: &Repo, name: &str, args: &Args) -> anyhow::Result<Tally> {
    let output = target(repo).join("mutants").join(name);
    std::fs::create_dir_all(&output)?;
    let (place, jobs) = (output.display().to_string(), args.jobs.to_string());
    let report = output.join("mutants.out/outcomes.json");
    // The report of an earlier run must not be taken for this one's.
    if report.exists() {
        std::fs::remove_file(&report)?;
    }
    // It ends with an error when a mutant is missed, too; what became of each is in its report.
    let ended = repo.run(&cargo(), &["mutants", "--package", name, "--output", &place, "--jobs", &jobs]);
    match (ended, read(&report)) {
        (Ok(()), tally) => tally,
        (Err(_), Ok(tally)) if tally.tried() > 0 => Ok(tally),
        (Err(error), _) => Err(error),
    }
}

fn read(path: &Path) -> anyhow::Result<Tally> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Tally::of(&text).with_context(|| format!("{} is not as expected", path.display()))
}

impl Tally {
    fn of(report: &str) -> anyhow::Result<Self> {
        let report: Outcomes = serde_json::from_str(report)?;
        let mut tally = Self::default();
        for outcome in report.outcomes {
            // The tests without any mutant, which come first, are no mutant.
            let Some(mutant) = outcome.scenario.get("Mutant") else { continue };
            match outcome.summary {
                Summary::CaughtMutant => tally.caught += 1,
                Summary::Timeout => tally.timed_out += 1,
                Summary::Unviable => tally.unviable += 1,
                Summary::MissedMutant => {
                    tally.missed += 1;
                    let name = mutant
                        .get("name")
                        .and_then(|name| name.as_str())
                        .context("a mutant without a name")?;
                    tally.survivors.push(without_position(name));
                }
                Summary::Success | Summary::Failure => bail!("a mutant that was neither caught nor missed"),
            }
        }
        Ok(tally)
    }

    const fn tried(&self) -> usize {
        self.caught + self.missed + self.timed_out
    }

    /// A mutant that never ends is noticed: nobody merges tests that hang.
    const fn is_enough(&self) -> bool {
        (self.caught + self.timed_out) * 100 >= self.tried() * NOTICED
    }

    fn row(&self, name: &str) -> String {
        let Self { caught, missed, timed_out, unviable, .. } = self;
        let all = self.tried() + unviable;
        let share = 100.0 * (caught + timed_out) as f64 / self.tried().max(1) as f64;
        format!("{name:<9} {all:>7} {caught:>7} {missed:>7} {timed_out:>9} {unviable:>8} {share:>7.1} %")
    }
}

/// `file.rs:12:5: replace …` as `file.rs: replace …`, which stays true when lines move.
fn without_position(name: &str) -> String {
    match name.split_once(": ") {
        Some((place, what)) => format!("{}: {what}", place.split(':').next().unwrap_or(place)),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(summaries: &[&str]) -> String {
        let baseline = r#"{"scenario": "Baseline", "summary": "Success"}"#.to_owned();
        let mutants = summaries.iter().map(|summary| {
            format!(r#"{{"scenario": {{"Mutant": {{"name": "a.rs:1:2: replace f: x"}}}}, "summary": "{summary}"}}"#)
        });
        let all: Vec<String> = std::iter::once(baseline).chain(mutants).collect();
        format!(r#"{{"outcomes": [{}]}}"#, all.join(","))
    }

    #[test]
    fn a_report_is_added_up_and_survivors_are_named_without_their_lines() {
        let text = report(&["CaughtMutant", "MissedMutant", "Timeout", "Unviable"]);
        let survivors = vec!["a.rs: replace f: x".to_owned()];
        let expected = Tally { caught: 1, missed: 1, timed_out: 1, unviable: 1, survivors };
        assert_eq!(Tally::of(&text).unwrap(), expected);
        assert!(Tally::of(&report(&["Success"])).is_err());
    }

    #[test]
    fn nine_in_ten_that_compile_have_to_be_noticed() {
        let tally = |caught, missed| Tally { caught, missed, unviable: 100, ..Tally::default() };
        assert!(tally(90, 10).is_enough());
        assert!(!tally(89, 11).is_enough());
        assert!(Tally { timed_out: 1, ..tally(89, 10) }.is_enough());
    }
}
