//! Who may use whom. The tables here are the law; `ARCHITECTURE.md` explains them.
//! Read from `cargo metadata`, so normal, build and test dependencies count alike, but for the test kit.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::repo::{Repo, cargo};

/// For every crate of ours, the crates of ours that it may name.
const MAY_USE: &[(&str, &[&str])] = &[
    ("policy", &[]),
    ("mcp", &[]),
    ("egress", &[]),
    ("catalog", &["policy"]),
    ("model", &["policy"]),
    ("secrets", &["model"]),
    ("store", &["model", "policy"]),
    ("counters", &["model", "policy"]),
    ("gateway", &["counters", "egress", "mcp", "model", "policy", "secrets"]),
    ("worker", &["catalog", "egress", "mcp", "model", "policy", "store"]),
    ("api", &["catalog", "counters", "egress", "mcp", "model", "policy", "secrets", "store", "worker"]),
    ("sample", &["mcp"]),
    ("site", &["catalog", "mcp", "model", "policy", "store"]),
    ("server", EVERYTHING_SERVED),
    ("testkit", EVERYTHING_BUILT),
    ("tests", EVERYTHING),
    ("xtask", &[]),
];

const EVERYTHING_SERVED: &[&str] = &[
    "api", "catalog", "counters", "egress", "gateway", "mcp", "model", "policy", "sample", "secrets", "site",
    "store", "worker",
];
const EVERYTHING_BUILT: &[&str] = &[
    "api", "catalog", "counters", "egress", "gateway", "mcp", "model", "policy", "sample", "secrets",
    "server", "site", "store", "worker",
];
const EVERYTHING: &[&str] = &[
    "api", "catalog", "counters", "egress", "gateway", "mcp", "model", "policy", "sample", "secrets",
    "server", "site", "store", "testkit", "worker",
];

/// A library, and the only crates of ours that may name it.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("sqlx", &["store", "testkit", "tests"]),
    ("jiff-sqlx", &["store"]),
    ("redis", &["counters", "testkit", "tests"]),
    ("argon2", &["secrets"]),
    ("jsonwebtoken", &["secrets", "tests"]),
    ("chacha20poly1305", &["secrets"]),
    ("metrics-exporter-prometheus", &["server"]),
];

/// Crates that compute and do nothing else, and the libraries that would let them do more.
const PURE: &[&str] = &["policy", "mcp", "model", "catalog"];
const IMPURE: &[&str] = &["axum", "hyper", "hyper-util", "rand", "tokio", "tracing"];

/// A crate, and what it must not reach by any road.
const OUT_OF_REACH: &[(&str, &[&str])] = &[("gateway", &["store", "api", "worker"])];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

impl Dependency {
    /// The one edge that may point upwards: a crate's own tests may be built with the test kit.
    fn is_test_kit_of_tests(&self) -> bool {
        self.name == "testkit" && self.kind.as_deref() == Some("dev")
    }
}

/// Crate → everything that its manifest names.
type Edges = BTreeMap<String, BTreeSet<String>>;

/// Checks the whole workspace and names every edge that is not allowed.
pub(crate) fn run(repo: &Repo) -> anyhow::Result<()> {
    let edges = edges(repo)?;
    let mut faults = faults(&edges);
    let guide =
        std::fs::read_to_string(repo.path("ARCHITECTURE.md")).context("ARCHITECTURE.md cannot be read")?;
    faults.extend(undocumented(&edges, &guide));
    for fault in &faults {
        eprintln!("arch: {fault}");
    }
    if !faults.is_empty() {
        bail!("{} edges or crates are against the rules", faults.len());
    }
    println!("{} crates keep to their edges", edges.len());
    Ok(())
}

fn edges(repo: &Repo) -> anyhow::Result<Edges> {
    let text = repo.output(&cargo(), &["metadata", "--format-version", "1", "--no-deps", "--locked"])?;
    let metadata: Metadata =
        serde_json::from_str(&text).context("cargo metadata is not what was expected")?;
    let names = |package: Package| {
        let dependencies =
            package.dependencies.into_iter().filter(|dependency| !dependency.is_test_kit_of_tests());
        dependencies.map(|dependency| dependency.name).collect()
    };
    Ok(metadata.packages.into_iter().map(|package| (package.name.clone(), names(package))).collect())
}

fn faults(edges: &Edges) -> Vec<String> {
    let mut faults = Vec::new();
    for (from, uses) in edges {
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| name == from) else {
            faults.push(format!("{from} is not in the table of xtask/src/arch.rs; say what it may use"));
            continue;
        };
        let ours = uses.iter().filter(|to| edges.contains_key(*to));
        faults.extend(
            ours.filter(|to| !allowed.contains(&to.as_str())).map(|to| format!("{from} must not use {to}")),
        );
        for (library, homes) in KEPT_IN {
            if uses.contains(*library) && !homes.contains(&from.as_str()) {
                faults.push(format!("{from} must not use {library}; it is kept in {}", homes.join(", ")));
            }
        }
        if PURE.contains(&from.as_str()) {
            let impure = uses.iter().filter(|to| IMPURE.contains(&to.as_str()));
            faults.extend(impure.map(|to| format!("{from} only computes; it must not use {to}")));
        }
    }
    for (from, never) in OUT_OF_REACH {
        let reached = reach(edges, from);
        let broken = never.iter().filter(|to| reached.contains(**to));
        faults.extend(broken.map(|to| format!("{from} must not reach {to}, not even through another crate")));
    }
    faults
}

/// Everything of ours that a crate links, directly or through others.
fn reach<'e>(edges: &'e Edges, from: &'e str) -> BTreeSet<&'e str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        let uses = edges.get(name).into_iter().flatten().map(String::as_str);
        open.extend(uses.filter(|to| edges.contains_key(*to) && reached.insert(*to)));
    }
    reached
}

/// Every crate has its line in the guide.
fn undocumented(edges: &Edges, guide: &str) -> Vec<String> {
    let unnamed = edges.keys().filter(|name| !guide.contains(&format!("| `{name}` |")));
    unnamed.map(|name| format!("ARCHITECTURE.md has no line for {name} in its table of crates")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(edges: &[(&str, &[&str])]) -> Edges {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        edges.iter().map(|(from, to)| ((*from).to_owned(), owned(to))).collect()
    }

    #[test]
    fn allowed_edges_pass() {
        let edges =
            workspace(&[("policy", &["serde"]), ("model", &["policy"]), ("store", &["model", "sqlx"])]);
        assert_eq!(faults(&edges), Vec::<String>::new());
    }

    #[test]
    fn each_kind_of_forbidden_edge_is_named() {
        let edges = workspace(&[
            ("policy", &["tokio"]),
            ("store", &[]),
            ("gateway", &["store", "sqlx"]),
            ("newcomer", &[]),
        ]);
        assert_eq!(
            faults(&edges),
            [
                "gateway must not use store",
                "gateway must not use sqlx; it is kept in store, testkit, tests",
                "newcomer is not in the table of xtask/src/arch.rs; say what it may use",
                "policy only computes; it must not use tokio",
                "gateway must not reach store, not even through another crate",
            ]
        );
    }

    #[test]
    fn the_table_itself_keeps_the_gateway_away_from_the_database() {
        let reached =
            reach(&workspace(MAY_USE), "gateway").into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(reached, ["counters", "egress", "mcp", "model", "policy", "secrets"]);
    }
}
