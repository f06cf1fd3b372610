//! `policylayer policy …`: policies from files, judged by the engine that the gateway uses.

mod check;
mod decide;
mod diff;
mod line;
mod recommend;
mod replay;
mod test;
mod tools;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use policy::Problem;

use super::unless_reader_left;

/// The exit status for a policy that does not compile, or cannot be read.
const INVALID: u8 = 2;
/// Largest policy document or file of cases, in bytes, as the language has it.
const DOCUMENT: usize = 256 * 1024;
/// Largest list of tools, in bytes.
const TOOLS: usize = 64 * 1024 * 1024;

/// What to do with a policy.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Say everything that is wrong with a policy, and what is doubtful.
    Check(CheckArgs),
    /// Judge calls from standard input, one JSON object a line, and print one decision a line.
    Decide(DecideArgs),
    /// Run a policy's test cases: calls with the decisions that its author expects.
    Test(TestArgs),
    /// Say what a new version of a policy lets through that the old one does not, and the reverse.
    Diff(DiffArgs),
    /// Say which recorded calls of the last days a draft would decide otherwise, and why. The API judges them.
    Replay(Box<replay::Args>),
    /// Print the JSON Schema of the language, for editors.
    Schema,
    /// Write a policy for a whole server: everything denied but what suits each tool by what it does.
    Recommend(RecommendArgs),
}

/// What `policy check` takes.
#[derive(clap::Args)]
pub(crate) struct CheckArgs {
    /// The policy document.
    file: PathBuf,
    /// Its test cases, to be run as well: with a red one the policy would not be published.
    #[arg(long)]
    cases: Option<PathBuf>,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

/// What `policy decide` takes.
#[derive(clap::Args)]
pub(crate) struct DecideArgs {
    /// The policy document.
    #[arg(long)]
    policy: PathBuf,
    /// The server's answer to tools/list, for the tools' annotations and for warnings.
    #[arg(long, value_name = "TOOLS_LIST.json")]
    tools: Option<PathBuf>,
    /// Add to each decision how it came about: the rules, the conditions and the values compared.
    #[arg(long)]
    explain: bool,
}

/// What `policy test` takes.
#[derive(clap::Args)]
pub(crate) struct TestArgs {
    /// The policy document.
    file: PathBuf,
    /// Its cases; without this the file beside it that ends in .cases.json instead of .json.
    #[arg(long)]
    cases: Option<PathBuf>,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

/// What `policy diff` takes.
#[derive(clap::Args)]
pub(crate) struct DiffArgs {
    /// The policy as it was.
    old: PathBuf,
    /// The policy as it is to be.
    new: PathBuf,
    /// Print one JSON array instead of lines.
    #[arg(long)]
    json: bool,
}

/// A file and what is in it.
struct Source<'a> {
    file: &'a Path,
    text: &'a [u8],
}

/// What `policy recommend` takes.
#[derive(clap::Args)]
pub(crate) struct RecommendArgs {
    /// The server's answer to tools/list.
    #[arg(long, value_name = "TOOLS_LIST.json")]
    tools: PathBuf,
    /// Write the policy to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Say on standard error why each tool has its rule.
    #[arg(long, value_enum, value_name = "FORM")]
    reasons: Option<recommend::Form>,
}

/// Runs a command and gives the process's exit status.
pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let done = match command {
        Command::Check(args) => run_check(&args),
        Command::Decide(args) => run_decide(&args),
        Command::Test(args) => run_test(&args),
        Command::Diff(args) => run_diff(&args),
        Command::Replay(args) => run_replay(&args).await,
        Command::Schema => run_schema(),
        Command::Recommend(args) => run_recommend(&args),
    };
    // A file that cannot be read is no valid policy either.
    done.or_else(|error| {
        eprintln!("policylayer: {error:#}");
        Ok(ExitCode::from(INVALID))
    })
}

fn run_check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let policy = Source { file: &args.file, text: &read(&args.file, DOCUMENT)? };
    let text = args.cases.as_ref().map(|file| read(file, DOCUMENT)).transpose()?;
    let cases = args.cases.as_ref().zip(text.as_ref()).map(|(file, text)| Source { file, text });
    let valid = check::run(&policy, cases.as_ref(), args.json, &mut io::stdout().lock());
    unless_reader_left(valid.map(|valid| if valid { ExitCode::SUCCESS } else { ExitCode::from(INVALID) }))
}

fn run_decide(args: &DecideArgs) -> anyhow::Result<ExitCode> {
    let mut log = io::stderr().lock();
    let compiled = match policy::Policy::compile(&read(&args.policy, DOCUMENT)?) {
        Ok(compiled) => compiled,
        Err(problems) => {
            print(&args.policy, &problems, &mut log)?;
            return Ok(ExitCode::from(INVALID));
        }
    };
    print(&args.policy, &compiled.warnings, &mut log)?;
    let tools = match &args.tools {
        Some(file) => {
            tools::read(&read(file, TOOLS)?).with_context(|| format!("cannot read {}", file.display()))?
        }
        None => Vec::new(),
    };
    if args.tools.is_some() {
        print(&args.policy, &tools::lint(&compiled.policy, &tools), &mut log)?;
    }
    drop(log);
    let done = decide::run(&compiled.policy, &tools, args.explain, io::stdin().lock(), io::stdout().lock());
    unless_reader_left(done.map(|()| ExitCode::SUCCESS))
}

fn run_test(args: &TestArgs) -> anyhow::Result<ExitCode> {
    let cases = args.cases.clone().unwrap_or_else(|| args.file.with_extension("cases.json"));
    let policy = Source { file: &args.file, text: &read(&args.file, DOCUMENT)? };
    let cases = Source { file: &cases, text: &read(&cases, DOCUMENT)? };
    let (mut out, mut log) = (io::stdout().lock(), io::stderr().lock());
    let verdict = test::run(&policy, &cases, args.json, &mut out, &mut log);
    unless_reader_left(verdict.map(|verdict| match verdict {
        test::Verdict::Green => ExitCode::SUCCESS,
        test::Verdict::Red => ExitCode::FAILURE,
        test::Verdict::Unreadable => ExitCode::from(INVALID),
    }))
}

fn run_diff(args: &DiffArgs) -> anyhow::Result<ExitCode> {
    let (old, new) = (read(&args.old, DOCUMENT)?, read(&args.new, DOCUMENT)?);
    let compile = |file: &Path, source: &[u8]| -> io::Result<Option<policy::Policy>> {
        match policy::Policy::compile(source) {
            Ok(compiled) => Ok(Some(compiled.policy)),
            Err(problems) => print(file, &problems, &mut io::stderr().lock()).map(|()| None),
        }
    };
    // Both are read before giving up, so that one look shows the faults of both.
    let compiled = (compile(&args.old, &old)?, compile(&args.new, &new)?);
    let (Some(old), Some(new)) = compiled else { return Ok(ExitCode::from(INVALID)) };
    let done = diff::run(&old, &new, args.json, &mut io::stdout().lock());
    unless_reader_left(done.map(|()| ExitCode::SUCCESS))
}

async fn run_replay(args: &replay::Args) -> anyhow::Result<ExitCode> {
    match replay::run(args, &read(args.file(), DOCUMENT)?).await {
        Ok(printed) => unless_reader_left(printed.map(|()| ExitCode::SUCCESS)),
        Err(failure) => {
            crate::say(&format!("{failure}\n"));
            Ok(ExitCode::FAILURE)
        }
    }
}

fn run_schema() -> anyhow::Result<ExitCode> {
    super::print(format!("{:#}\n", policy::Policy::schema()).as_bytes())
}

fn run_recommend(args: &RecommendArgs) -> anyhow::Result<ExitCode> {
    let source = read(&args.tools, TOOLS)?;
    let unreadable = || format!("cannot read {}", args.tools.display());
    let tools = tools::read(&source).with_context(unreadable)?;
    let server = tools::server_name(&source);
    let recommended = recommend::recommend(&tools, server.as_deref())?;
    if let Some(out) = &args.out {
        std::fs::write(out, &recommended.document)
            .with_context(|| format!("cannot write {}", out.display()))?;
    }
    let mut log = io::stderr().lock();
    if let Some(form) = args.reasons {
        recommend::tell(&recommended.reasons, form, &mut log)?;
    }
    drop(log);
    if args.out.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    let done = io::Write::write_all(&mut io::stdout().lock(), recommended.document.as_bytes());
    unless_reader_left(done.map(|()| ExitCode::SUCCESS))
}

/// Reads a file that may be endless, such as a pipe: at most `longest` bytes are taken.
fn read(file: &Path, longest: usize) -> anyhow::Result<Vec<u8>> {
    let bytes = || {
        let mut bytes = Vec::new();
        File::open(file)?.take(longest as u64 + 1).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(bytes)
    };
    let bytes = bytes().with_context(|| format!("cannot read {}", file.display()))?;
    anyhow::ensure!(
        bytes.len() <= longest,
        "{} has more than the {longest} bytes that may be",
        file.display()
    );
    Ok(bytes)
}

/// Each problem as `file:line:column: severity[code] message (hint)`.
fn print(file: &Path, problems: &[Problem], out: &mut impl io::Write) -> io::Result<()> {
    problems.iter().try_for_each(|problem| writeln!(out, "{}:{problem}", file.display()))
}
