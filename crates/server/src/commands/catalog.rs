//! `policylayer catalog …`: the catalogue's judgement of tools, from files and pipes, and what fills the public catalogue.

mod classify;
mod import;

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use ::catalog::{Labelled, Report};
use anyhow::Context;

/// What to do.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Read tools from standard input, one JSON object a line, and print one class a line.
    Classify,
    /// Take servers and tools into the public catalogue, from files, folders and registries.
    Import(import::Args),
    /// Classify labelled tools and print how often labels and classes agree.
    Report(ReportArgs),
}

/// What `catalog report` takes.
#[derive(clap::Args)]
pub(crate) struct ReportArgs {
    /// JSON lines of {"tool", "category", "server"?, "description"?, "page_style"?}.
    #[arg(long, value_name = "FILE")]
    labels: PathBuf,
    /// List the tools whose class is not their label.
    #[arg(long)]
    differences: bool,
}

/// Runs a command and gives the process's exit status.
pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let done = match command {
        Command::Classify => classify::run(io::stdin().lock(), io::stdout().lock()),
        Command::Import(args) => return import::run(args).await,
        Command::Report(args) => return report(&args, &mut io::stdout().lock()),
    };
    match done {
        // Whoever reads the output may have had enough; that is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        done => Ok(done.map(|()| ExitCode::SUCCESS)?),
    }
}

fn report(args: &ReportArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let name = args.labels.display();
    let file = std::fs::File::open(&args.labels).with_context(|| format!("cannot read {name}"))?;
    let mut report = Report::default();
    for (number, line) in io::BufReader::new(file).lines().enumerate() {
        let at = || format!("{name}:{}", number + 1);
        let labelled: Labelled = serde_json::from_str(&line.with_context(at)?).with_context(at)?;
        let (label, class) = report
            .add(&labelled)
            .with_context(|| format!("{}: no category {:?}", at(), labelled.category))?;
        if args.differences && label != class.category {
            let (label, found) = (label.as_str(), class.category.as_str());
            writeln!(out, "{:?}: labelled {label}, taken for {found}", labelled.tool)?;
        }
    }
    write!(out, "{report}")?;
    Ok(ExitCode::SUCCESS)
}
