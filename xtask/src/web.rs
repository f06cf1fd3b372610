//! The console: formatting, types, tests, build and size, and in a real browser against the real program.

use std::path::PathBuf;

use anyhow::Context;

use crate::repo::{Repo, cargo};

/// The oldest Node that builds it.
const NODE: (u32, u32) = (20, 19);
/// What has to pass, each a script of `web/package.json`, the quick ones first.
const SCRIPTS: &[&str] = &["lint", "client:check", "types", "test", "build", "size"];
/// Where systems put the browser.
const BROWSERS: &[&str] =
    &["/usr/bin/chromium", "/usr/bin/chromium-headless-shell", "/usr/bin/google-chrome"];

/// Runs all of it; without Node or a browser says what was left out and how to get it.
pub(crate) fn run(repo: &Repo) -> anyhow::Result<()> {
    if !has_node(repo) {
        let (major, minor) = NODE;
        println!("the console was NOT checked: it needs npm and Node.js {major}.{minor} or newer");
        return Ok(());
    }
    install(repo)?;
    for script in SCRIPTS {
        npm(repo, script)?;
    }
    if browser().is_none() {
        println!(
            "the console was NOT tried in a browser: there is no Chromium (Debian: apt-get install chromium)"
        );
        return Ok(());
    }
    repo.run(
        &cargo(),
        &["build", "--quiet", "--locked", "--package", "server", "--package", "testkit", "--bins"],
    )?;
    npm(repo, "browser")
}

/// Writes the console's client anew, where there is Node.
pub(crate) fn generate(repo: &Repo) -> anyhow::Result<()> {
    if !has_node(repo) {
        println!("web/src/api/schema.d.ts was NOT written: that needs npm and Node.js");
        return Ok(());
    }
    install(repo)?;
    npm(repo, "client")
}

fn npm(repo: &Repo, script: &str) -> anyhow::Result<()> {
    println!("web: {script}");
    repo.run("npm", &["--prefix", "web", "run", "--silent", script])
}

fn has_node(repo: &Repo) -> bool {
    let Ok(version) = repo.output("node", &["--version"]) else { return false };
    repo.has("npm", &["--version"]) && version_of(&version).is_some_and(|version| version >= NODE)
}

/// `v20.20.2` as `(20, 20)`.
fn version_of(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

/// Installs the locked packages, without running any of their scripts, unless that lock is installed already.
fn install(repo: &Repo) -> anyhow::Result<()> {
    let lock = std::fs::read(repo.path("web/package-lock.json")).context("web/package-lock.json")?;
    let stamp = repo.path("web/node_modules/.installed");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    repo.run("npm", &["--prefix", "web", "ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
    std::fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}

fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    named.into_iter().chain(BROWSERS.iter().map(PathBuf::from)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(version_of("v20.9.0\n") < Some(NODE));
        assert!(version_of("v22.1.0") > Some(NODE));
        assert_eq!(version_of("something else"), None);
    }
}
