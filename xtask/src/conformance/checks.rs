//! The checks of one pass, read from the suite's reports.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;

/// Every check of a pass.
#[derive(Default)]
pub(super) struct Checks(BTreeMap<Key, Check>);

/// Scenario, check id, and which of the checks with this id it is.
type Key = (String, String, usize);

/// One entry of a `checks.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Check {
    id: String,
    status: String,
    error_message: Option<String>,
    details: Option<Value>,
}

impl Checks {
    /// Reads the reports below a directory, one directory a scenario.
    pub(super) fn read(out: &Path) -> anyhow::Result<Self> {
        let mut all = Self::default();
        for entry in std::fs::read_dir(out)? {
            let directory = entry?.path();
            let report = directory.join("checks.json");
            if !report.is_file() {
                continue;
            }
            let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let checks: Vec<Check> = serde_json::from_slice(&std::fs::read(&report)?)
                .with_context(|| format!("{} is not a list of checks", report.display()))?;
            all.add(scenario(&name), checks);
        }
        anyhow::ensure!(!all.0.is_empty(), "the suite wrote no checks");
        Ok(all)
    }

    fn add(&mut self, scenario: &str, checks: Vec<Check>) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for check in checks {
            let nth = seen.entry(check.id.clone()).or_default();
            *nth += 1;
            self.0.insert((scenario.to_owned(), check.id.clone(), *nth), check);
        }
    }

    pub(super) fn passed(&self) -> usize {
        self.count("SUCCESS")
    }

    pub(super) fn failed(&self) -> usize {
        self.count("FAILURE")
    }

    fn count(&self, status: &str) -> usize {
        self.0.values().filter(|check| check.status == status).count()
    }

    /// Passed, failed.
    pub(super) fn totals(&self) -> String {
        format!("{}, {}", self.passed(), self.failed())
    }

    /// The checks that failed.
    pub(super) fn failures(&self) -> impl Iterator<Item = String> {
        self.0
            .iter()
            .filter(|(_, check)| check.status == "FAILURE")
            .map(|(key, check)| describe(key, Some(check)))
    }

    /// Every check that ends differently, or exists only on one side.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let changed = self
            .0
            .iter()
            .filter(|(key, check)| other.0.get(*key).is_none_or(|new| new.status != check.status));
        let added = other.0.iter().filter(|(key, _)| !self.0.contains_key(*key));
        let changed = changed
            .map(|(key, check)| format!("was {}, is now {}", check.status, describe(key, other.0.get(key))));
        changed
            .chain(added.map(|(key, check)| format!("was absent, is now {}", describe(key, Some(check)))))
            .collect()
    }
}

/// A report's directory is called after role, scenario and time: `server-ping-2026-11-20T22-02-32-330Z`.
fn scenario(directory: &str) -> &str {
    let time = "-2026-11-20T22-02-32-330Z".len();
    let name = directory.len().checked_sub(time).and_then(|end| directory.get(..end)).unwrap_or(directory);
    name.strip_prefix("server-").unwrap_or(name)
}

fn describe((scenario, id, nth): &Key, check: Option<&Check>) -> String {
    let Some(check) = check else { return format!("absent: {scenario} / {id} #{nth}") };
    let why = check.error_message.as_deref().unwrap_or_default();
    let details = check.details.as_ref().map(Value::to_string).unwrap_or_default();
    format!("{}: {scenario} / {id} #{nth}: {why} {details}", check.status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks(entries: &[(&str, &str)]) -> Checks {
        let entry = |(id, status): &(&str, &str)| Check {
            id: (*id).to_owned(),
            status: (*status).to_owned(),
            error_message: None,
            details: None,
        };
        let mut all = Checks::default();
        all.add("ping", entries.iter().map(entry).collect());
        all
    }

    #[test]
    fn a_scenario_is_named_without_role_and_time() {
        assert_eq!(scenario("server-tools-call-error-2026-11-20T22-02-32-330Z"), "tools-call-error");
        assert_eq!(scenario("odd"), "odd");
    }

    #[test]
    fn equal_totals_do_not_hide_checks_that_changed_places() {
        let direct = checks(&[("a", "SUCCESS"), ("b", "WARNING")]);
        let through = checks(&[("a", "WARNING"), ("b", "SUCCESS")]);
        assert_eq!(direct.totals(), through.totals());
        assert_eq!(direct.differences(&through).len(), 2);
    }

    #[test]
    fn a_check_on_one_side_only_is_a_difference() {
        let (one, two) = (checks(&[("a", "SUCCESS")]), checks(&[("a", "SUCCESS"), ("a", "SUCCESS")]));
        assert_eq!((one.differences(&two).len(), two.differences(&one).len()), (1, 1));
        assert!(one.differences(&one).is_empty());
    }
}
