//! From the rows of a run to the few ratios that say whether the gateway is fast enough.

use std::fmt::Write as _;

use anyhow::Context;
use serde_json::Value;

use super::{is_ours, targets::Target};

/// A measured row: which target, in which round, and the numbers.
struct Rows(Vec<Value>);

/// The table of ratios, for every target of ours.
pub(super) fn table(lines: &str, targets: &[Target]) -> anyhow::Result<String> {
    let rows = Rows::parse(lines)?;
    let mut text = "\n## ratios (medians of rounds)\n\n| target | CPU us/call | ÷ floor-full | ÷ floor-http | req/s at 64 ÷ nginx | ÷ direct \
                    | added p50 us | ÷ floor-full's | RSS idle MB | start s |\n|---|---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for name in targets.iter().filter(|target| is_ours(target)).map(|target| target.name.as_str()) {
        let cells = [
            shown(rows.median(name, "sat", CPU), 1),
            shown(rows.ratio(name, "floor-full", "sat", CPU), 2),
            shown(rows.ratio(name, "floor-http", "sat", CPU), 2),
            shown(rows.ratio(name, "nginx", "sat", RATE), 2),
            shown(rows.ratio(name, "direct", "sat", RATE), 3),
            shown(rows.added(name), 0),
            shown(rows.added(name).zip(rows.added("floor-full")).map(|(ours, floor)| ours / floor), 2),
            shown(rows.median(name, "start", "/rss_idle_mb"), 1),
            shown(rows.median(name, "start", "/start_s"), 3),
        ];
        writeln!(text, "| {name} | {} |", cells.join(" | "))?;
    }
    let bad = rows.bad();
    anyhow::ensure!(bad == 0, "{text}\n{bad} calls were answered wrongly: this is no result");
    Ok(text)
}

const CPU: &str = "/procs/gw/cpu_us_per_req";
const RATE: &str = "/rps";
const P50: &str = "/us/p50";

impl Rows {
    fn parse(lines: &str) -> anyhow::Result<Self> {
        let parsed = lines
            .lines()
            .map(|line| serde_json::from_str(line).with_context(|| format!("not a row: {line}")));
        Ok(Self(parsed.collect::<anyhow::Result<_>>()?))
    }

    /// Round and number, for every row of a target.
    fn numbers<'a>(
        &'a self,
        name: &'a str,
        leg: &'a str,
        path: &'a str,
    ) -> impl Iterator<Item = (u64, f64)> + 'a {
        let wanted = move |row: &&Value| {
            row.get("target").and_then(Value::as_str) == Some(name)
                && row.get("leg").and_then(Value::as_str) == Some(leg)
        };
        self.0.iter().filter(wanted).filter_map(move |row| {
            Some((row.get("round").and_then(Value::as_u64).unwrap_or(0), row.pointer(path)?.as_f64()?))
        })
    }

    fn median(&self, name: &str, leg: &str, path: &str) -> Option<f64> {
        median(self.numbers(name, leg, path).map(|(_, number)| number).collect())
    }

    /// Median of the quotients within each round, so that a slow stretch of the machine falls on both sides.
    fn ratio(&self, name: &str, base: &str, leg: &str, path: &str) -> Option<f64> {
        self.paired(name, base, leg, path, |ours, theirs| ours / theirs)
    }

    /// Median latency at one connection on top of a direct call's.
    fn added(&self, name: &str) -> Option<f64> {
        self.paired(name, "direct", "lat", P50, |ours, direct| ours - direct)
    }

    fn paired(&self, name: &str, base: &str, leg: &str, path: &str, of: fn(f64, f64) -> f64) -> Option<f64> {
        let pairs = self.numbers(name, leg, path).filter_map(|(round, ours)| {
            let (_, theirs) = self.numbers(base, leg, path).find(|(other, _)| *other == round)?;
            Some(of(ours, theirs))
        });
        median(pairs.collect())
    }

    /// Answers that were not the expected ones, and rows that are no measurement.
    fn bad(&self) -> u64 {
        let of = |row: &Value| match row.get("bad").and_then(Value::as_object) {
            Some(kinds) => kinds.values().filter_map(Value::as_u64).sum(),
            None => u64::from(row.get("error").is_some()),
        };
        self.0.iter().map(of).sum()
    }
}

fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    let lower = if numbers.len().is_multiple_of(2) { *numbers.get(middle.checked_sub(1)?)? } else { upper };
    Some((upper + lower) / 2.0)
}

fn shown(number: Option<f64>, digits: usize) -> String {
    number.map_or("-".to_owned(), |number| format!("{number:.digits$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = r#"{"target":"floor-full","leg":"sat","round":0,"rps":100,"bad":{},"procs":{"gw":{"cpu_us_per_req":10}}}
{"target":"a","leg":"sat","round":0,"rps":50,"bad":{},"procs":{"gw":{"cpu_us_per_req":12}}}
{"target":"floor-full","leg":"sat","round":1,"rps":100,"bad":{},"procs":{"gw":{"cpu_us_per_req":20}}}
{"target":"a","leg":"sat","round":1,"rps":50,"bad":{"closed":2},"procs":{"gw":{"cpu_us_per_req":24}}}
{"target":"direct","leg":"lat","round":0,"us":{"p50":50},"bad":{}}
{"target":"a","leg":"lat","round":0,"us":{"p50":80},"bad":{}}"#;

    #[test]
    fn ratios_are_taken_within_a_round() {
        let rows = Rows::parse(ROWS).unwrap();
        assert_eq!(rows.ratio("a", "floor-full", "sat", CPU), Some(1.2));
        assert_eq!(rows.added("a"), Some(30.0));
        assert_eq!(rows.ratio("a", "nginx", "sat", RATE), None);
    }

    #[test]
    fn wrong_answers_are_counted() {
        assert_eq!(Rows::parse(ROWS).unwrap().bad(), 2);
        assert_eq!(Rows::parse(r#"{"target":"a","leg":"sat","error":"no output"}"#).unwrap().bad(), 1);
    }

    #[test]
    fn an_even_number_of_rounds_has_its_median_in_between() {
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(vec![]), None);
    }
}
