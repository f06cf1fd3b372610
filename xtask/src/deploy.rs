//! Syntax of what is shipped but not compiled: shell scripts, systemd units, the compose file.
//! A tool that the machine lacks is named and skipped; `bash -n` is always there.

use anyhow::Context;

use crate::repo::Repo;

const COMPOSE: &str = "deploy/compose.yaml";

/// Checks all of them; the first fault of each kind is reported by the tool that found it.
pub(crate) fn run(repo: &Repo) -> anyhow::Result<()> {
    let files = repo.files()?;
    shell(repo, &scripts(repo, &files))?;
    units(repo, &files)?;
    compose(repo)
}

/// Shell scripts by their first line, whatever their name.
fn scripts<'f>(repo: &Repo, files: &'f [String]) -> Vec<&'f str> {
    let opens_as_shell = |name: &&String| {
        std::fs::read(repo.path(name)).is_ok_and(|bytes| {
            let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
            line.starts_with(b"#!") && (line.ends_with(b"bash") || line.ends_with(b"/sh"))
        })
    };
    files.iter().filter(opens_as_shell).map(String::as_str).collect()
}

fn shell(repo: &Repo, scripts: &[&str]) -> anyhow::Result<()> {
    for script in scripts {
        repo.run("bash", &["-n", script])?;
    }
    if repo.has("shellcheck", &["--version"]) {
        let arguments: Vec<&str> = ["--external-sources"].iter().chain(scripts).copied().collect();
        repo.run("shellcheck", &arguments)?;
        println!("{} shell scripts pass shellcheck", scripts.len());
    } else {
        println!("skipped: shellcheck is not installed; {} shell scripts parse", scripts.len());
    }
    Ok(())
}

fn units(repo: &Repo, files: &[String]) -> anyhow::Result<()> {
    let units: Vec<_> = files.iter().filter(|name| name.ends_with(".service")).map(String::as_str).collect();
    if !repo.has("systemd-analyze", &["--version"]) {
        println!("skipped: systemd-analyze is not installed; {} units not checked", units.len());
        return Ok(());
    }
    // The binary is not installed where the check runs, so the units are verified as copies that start `true`.
    let copies = repo.path("target/xtask/units");
    std::fs::create_dir_all(&copies)?;
    for unit in &units {
        let text = std::fs::read_to_string(repo.path(unit))?.replace("/usr/bin/policylayer", "/bin/true");
        let name = unit.rsplit('/').next().unwrap_or(unit);
        let copy = copies.join(name);
        std::fs::write(&copy, text)?;
        let copy = copy.to_str().context("the checkout's path is not UTF-8")?;
        repo.run("systemd-analyze", &["verify", "--man=no", copy])?;
    }
    println!("{} systemd units verify", units.len());
    Ok(())
}

fn compose(repo: &Repo) -> anyhow::Result<()> {
    if !repo.has("docker", &["compose", "version"]) {
        println!("skipped: docker compose is not installed; {COMPOSE} not checked");
        return Ok(());
    }
    repo.run("docker", &["compose", "--file", COMPOSE, "config", "--quiet"])?;
    println!("{COMPOSE} is valid");
    Ok(())
}
