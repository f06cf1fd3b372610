//! Files in git that a program writes: what is committed has to be what the program would write now.

use anyhow::bail;

use crate::repo::{Repo, cargo};
use crate::web;

/// A generated file and the arguments of the cargo command that writes it to its standard output.
struct Generated {
    file: &'static str,
    command: &'static [&'static str],
}

const FILES: &[Generated] = &[Generated {
    file: "openapi.json",
    command: &["run", "--quiet", "--locked", "--package", "server", "--bin", "policylayer", "--", "openapi"],
}];

/// Writes every generated file.
pub(crate) fn write(repo: &Repo) -> anyhow::Result<()> {
    for generated in FILES {
        std::fs::write(repo.path(generated.file), repo.output(&cargo(), generated.command)?)?;
        println!("wrote {}", generated.file);
    }
    web::generate(repo)
}

/// Fails if one of them is not up to date.
pub(crate) fn check(repo: &Repo) -> anyhow::Result<()> {
    for generated in FILES {
        let committed = std::fs::read_to_string(repo.path(generated.file)).unwrap_or_default();
        if committed != repo.output(&cargo(), generated.command)? {
            bail!("{} is not what the code says; run `cargo xtask generate` and commit it", generated.file);
        }
        println!("{} is up to date", generated.file);
    }
    Ok(())
}
