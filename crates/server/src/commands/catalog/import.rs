//! `policylayer catalog import`: files, folders and registries into the public catalogue.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use store::Store;
use store::cluster::Cluster;
use url::Url;
use worker::import::{ImportError, Importer, Outcome, Report, Source};

use crate::settings::{Upstreams, http_address};
use crate::{clock, private, say};

/// Connections that an import needs.
const POOL: u32 = 4;
/// How deep a folder is searched.
const DEEPEST: usize = 16;
/// How often the bar is drawn.
const DRAWN: Duration = Duration::from_millis(100);

/// What `catalog import` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Lists of servers (`.jsonl`), `tools/list` answers, `server.json` files and saved registry pages (`.json`), folders of
    /// them, or the address of a registry.
    #[arg(required = true, value_name = "FILE|DIR|URL")]
    sources: Vec<String>,
    /// Read what has been read before and is the same, too.
    #[arg(long)]
    again: bool,
    /// Postgres of the installation; without it the private one in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Folder of the private database.
    #[arg(long, env = "POLICYLAYER_DATA_DIR", default_value = ".policylayer")]
    data_dir: PathBuf,
    /// Folder of Postgres programs, when they are not found by themselves.
    #[arg(long, env = "POLICYLAYER_PG_BIN")]
    pg_bin: Option<PathBuf>,
    #[command(flatten)]
    upstreams: Upstreams,
}

/// Imports every source in turn.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut sources = Vec::new();
    for given in &args.sources {
        sources.append(&mut find(given)?);
    }
    let (cluster, url) = database(&args).await?;
    store::migrate(&url).await?;
    let store = Store::connect(&url, POOL).await?;
    let rules = args.upstreams.rules(false);
    let client = egress::Client::new(rules.clone(), egress::Options::default())?;
    let importer =
        Importer { store: &store, client: &client, rules: &rules, again: args.again, now: clock::now };
    let mut total = Total::default();
    let done = import(&importer, &sources, &mut total).await;
    store.close().await;
    if let Some(cluster) = cluster {
        cluster.stop().await;
    }
    done?;
    say(&total.told());
    Ok(if total.sum.bad == 0 && total.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A source, and whether it was found in a folder, where other files may lie too.
struct Found {
    source: Source,
    in_folder: bool,
}

/// What came of all sources.
#[derive(Default)]
struct Total {
    sum: Outcome,
    sources: u64,
    unchanged: u64,
    passed_over: u64,
    refused: u64,
}

impl Total {
    fn told(&self) -> String {
        let Outcome { servers, tools, bad, changed, .. } = self.sum;
        let mut text = format!(
            "{} sources: {} servers, {} tools read\n  servers: {} added, {} changed\n  tools:   {} added, {} changed, {} gone\n",
            self.sources,
            HumanCount(servers),
            HumanCount(tools),
            HumanCount(changed.servers_added),
            HumanCount(changed.servers_changed),
            HumanCount(changed.tools_added),
            HumanCount(changed.tools_changed),
            HumanCount(changed.tools_gone),
        );
        let more = [
            (self.unchanged, "sources were the same as at the last import and were not read again"),
            (self.passed_over, "files hold nothing for the catalogue"),
            (self.refused, "sources could not be imported"),
            (bad, "records or tools could not be taken"),
        ];
        for (count, what) in more.iter().filter(|(count, _)| *count > 0) {
            text.push_str(&format!("  {count} {what}\n"));
        }
        text
    }
}

async fn import(importer: &Importer<'_>, sources: &[Found], total: &mut Total) -> anyhow::Result<()> {
    let bar = ProgressBar::new(0).with_style(style());
    bar.enable_steady_tick(DRAWN);
    for Found { source, in_folder } in sources {
        let name = source.name();
        bar.set_message(name.clone());
        bar.set_prefix(String::new());
        bar.set_length(0);
        let mut watch = |report: Report| match report {
            Report::Bad { line, reason } => bar.suspend(|| say(&format!("{name}:{line}: {reason}\n"))),
            Report::Progress { servers, tools, done, total } => {
                bar.set_length(total.max(done));
                bar.set_position(done);
                bar.set_prefix(format!("{} servers, {} tools", HumanCount(servers), HumanCount(tools)));
            }
        };
        match importer.import(source, &mut watch).await {
            Ok(outcome) => {
                total.sources += 1;
                total.unchanged += u64::from(outcome.unchanged);
                if outcome.resumed {
                    bar.suspend(|| say(&format!("{name}: taken up again where it was cut off\n")));
                }
                let sum = &mut total.sum;
                sum.servers += outcome.servers;
                sum.tools += outcome.tools;
                sum.bad += outcome.bad;
                sum.changed.add(outcome.changed);
            }
            Err(ImportError::Store(error)) => return Err(error).context(name),
            Err(ImportError::Unknown(reason)) if *in_folder => {
                total.passed_over += 1;
                bar.suspend(|| say(&format!("{name}: passed over: {reason}\n")));
            }
            Err(error) => {
                total.refused += 1;
                bar.suspend(|| say(&format!("{name}: {error}\n")));
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn style() -> ProgressStyle {
    let template = "{spinner} {wide_bar} {percent:>3}% {elapsed} {prefix} {msg}";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// The sources that an argument stands for.
fn find(given: &str) -> anyhow::Result<Vec<Found>> {
    if given.starts_with("http://") || given.starts_with("https://") {
        let url = http_address(given).map_err(anyhow::Error::msg).with_context(|| given.to_owned())?;
        return Ok(vec![address(url)]);
    }
    let path = Path::new(given);
    let kind = std::fs::metadata(path)
        .with_context(|| format!("{given} is neither a file, a folder nor an address"))?;
    if kind.is_dir() {
        let mut files = Vec::new();
        walk(path, path, 0, &mut files)?;
        if files.is_empty() {
            bail!("{given} holds no .json, .jsonl or .ndjson file");
        }
        return Ok(files);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(vec![Found { source: Source::File { path: path.to_owned(), name }, in_folder: false }])
}

const fn address(url: Url) -> Found {
    Found { source: Source::Address(url), in_folder: false }
}

/// The files below a folder, in the order of their names and files before folders, so that every import comes to them in the same order. Links to
/// folders are not followed: they may lead in circles.
fn walk(top: &Path, folder: &Path, depth: usize, files: &mut Vec<Found>) -> anyhow::Result<()> {
    let named = || folder.display().to_string();
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).with_context(named)?.collect::<Result<_, _>>().with_context(named)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    let mut folders = Vec::new();
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type().with_context(named)?);
        if kind.is_dir() {
            folders.push(path);
            continue;
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if matches!(ending, "json" | "jsonl" | "ndjson") && path.is_file() {
            let name = path.strip_prefix(top).unwrap_or(&path).to_string_lossy().into_owned();
            files.push(Found { source: Source::File { path, name }, in_folder: true });
        }
    }
    if depth < DEEPEST {
        folders.iter().try_for_each(|path| walk(top, path, depth + 1, files))?;
    }
    Ok(())
}

/// The database to fill: the one given, or the private one, whether it is running or not.
async fn database(args: &Args) -> anyhow::Result<(Option<Cluster>, String)> {
    if let Some(url) = &args.database_url {
        return Ok((None, url.clone()));
    }
    let options = private::options(&args.data_dir, args.pg_bin.as_deref());
    if let Some(url) = Cluster::running_at(&options.dir) {
        return Ok((None, url));
    }
    let cluster = Cluster::start(options).await?;
    let url = cluster.url().to_owned();
    Ok((Some(cluster), url))
}
