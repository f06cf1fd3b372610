//! Our own binary, started as a user would start it: `up` on a free port, then `quickstart`.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::{
    peers::target,
    repo::{Repo, cargo},
    running::{Running, free_address},
};

/// Only for accounts in a data directory that is thrown away.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// Whose account that is.
pub(crate) const EMAIL: &str = "xtask@example.com";

/// How the binary is built.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// Quickly.
    Debug,
    /// To be measured.
    Release,
}

/// A running `policylayer up` with an empty data directory.
pub(crate) struct Product {
    binary: PathBuf,
    home: PathBuf,
    address: SocketAddr,
    running: Running,
}

/// What `quickstart --json` prints, as far as it is needed here.
#[derive(Deserialize)]
pub(crate) struct Access {
    pub(crate) gateway_url: String,
    pub(crate) token: String,
}

impl Product {
    /// Starts a binary with its data below `home`, which is emptied first.
    pub(crate) fn start(binary: &Path, home: &Path, environment: &[(&str, &str)]) -> anyhow::Result<Self> {
        if home.exists() {
            std::fs::remove_dir_all(home).with_context(|| format!("cannot empty {}", home.display()))?;
        }
        std::fs::create_dir_all(home)?;
        let address = free_address()?;
        let mut up = Command::new(binary);
        up.args(["up", "--listen", &address.to_string(), "--data-dir"]).arg(home.join("data"));
        up.current_dir(home).envs(environment.iter().copied());
        let mut running = Running::start("policylayer up", &mut up, &home.join("up.log"))?;
        running.listens(address)?;
        Ok(Self { binary: binary.to_owned(), home: home.to_owned(), address, running })
    }

    /// The command line that starts it again, after it was stopped, with the data it has.
    pub(crate) fn up_again(&self) -> String {
        format!(
            "{} up --listen {} --data-dir {}",
            self.binary.display(),
            self.address,
            self.home.join("data").display()
        )
    }

    /// The command line of a gateway of its own beside it, and where that will listen.
    pub(crate) fn gateway_beside(&self, name: &str) -> anyhow::Result<(String, SocketAddr)> {
        let (address, data) = (free_address()?, self.home.join("data"));
        let command = format!(
            "{} gateway --listen {address} --control-url http://{} --keys-dir {} --data-dir {} --allow-upstream 127.0.0.1/32",
            self.binary.display(),
            self.address,
            data.join("keys").display(),
            self.home.join(name).display(),
        );
        Ok((command, address))
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Registers a server under a policy and gives an identity access to it.
    pub(crate) fn quickstart(&self, name: &str, server_url: &str, policy: &str) -> anyhow::Result<Access> {
        let file = self.home.join(format!("{name}.json"));
        std::fs::write(&file, policy)?;
        let mut command = Command::new(&self.binary);
        command.args([
            "quickstart",
            "--api",
            &format!("http://{}", self.address),
            "--email",
            EMAIL,
            "--json",
        ]);
        command
            .args(["--server-url", server_url, "--server-name", name, "--identity", name, "--policy"])
            .arg(&file);
        let output = command.env("POLICYLAYER_PASSWORD", PASSWORD).output()?;
        if !output.status.success() {
            let printed = String::from_utf8_lossy(&output.stderr);
            bail!("quickstart failed: {}\n{printed}{}", output.status, self.running.tail());
        }
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("quickstart printed {}", String::from_utf8_lossy(&output.stdout)))
    }
}

/// Builds the binary, unless it is up to date, and says where it is.
pub(crate) fn build(repo: &Repo, profile: Profile) -> anyhow::Result<PathBuf> {
    let mut arguments = vec!["build", "--quiet", "--package", "server"];
    let folder = match profile {
        Profile::Debug => "debug",
        Profile::Release => {
            arguments.push("--release");
            "release"
        }
    };
    repo.run(&cargo(), &arguments)?;
    Ok(target(repo).join(folder).join("policylayer"))
}
