//! The checkout: where it is, which files belong to it, and how a program is run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// The checkout that this program was built from.
pub(crate) struct Repo {
    root: PathBuf,
}

impl Repo {
    /// The directory above `xtask`.
    pub(crate) fn here() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent directory")?;
        Ok(Self { root: root.to_owned() })
    }

    /// The path of a file, given from the top of the checkout.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Every file that is in git or about to be: ignored files and files deleted from the disk are left out.
    pub(crate) fn files(&self) -> anyhow::Result<Vec<String>> {
        let listing =
            self.output("git", &["ls-files", "--cached", "--others", "--exclude-standard", "-z"])?;
        let mut files: Vec<String> =
            listing.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        files.retain(|name| self.path(name).is_file());
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// Runs a program with its output shown; an exit code other than 0 is an error.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let status =
            self.command(program, arguments).status().with_context(|| format!("cannot run {program}"))?;
        if !status.success() {
            bail!("`{program} {}` failed: {status}", arguments.join(" "));
        }
        Ok(())
    }

    /// Runs a program and returns what it wrote on its standard output.
    pub(crate) fn output(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self
            .command(program, arguments)
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot run {program}"))?;
        if !output.status.success() {
            bail!("`{program} {}` failed: {}", arguments.join(" "), output.status);
        }
        String::from_utf8(output.stdout).with_context(|| format!("{program} did not write UTF-8"))
    }

    /// Whether a program of that name can be started at all.
    pub(crate) fn has(&self, program: &str, probe: &[&str]) -> bool {
        let quiet = self.command(program, probe).stdout(Stdio::null()).stderr(Stdio::null()).status();
        quiet.is_ok_and(|status| status.success())
    }

    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        command
    }
}

/// The cargo that runs this program, so that a check never uses another one.
pub(crate) fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}
