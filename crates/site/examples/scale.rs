//! Fills a Postgres of its own with a catalogue of made-up servers and tools and measures what its pages take, in time and in this
//! process's memory; fails when searches or the pages of tools take too long. `cargo xtask scale` builds and runs it.
#![expect(clippy::print_stdout, reason = "it prints its table")]

use std::error::Error;
use std::time::{Duration, Instant};

use axum::body::Body;
use catalog::{Definition, Server, classify};
use http::Request;
use http_body_util::BodyExt;
use store::Store;
use store::catalog::{Batch, ImportedServer, ImportedTool};
use tower::ServiceExt;

/// Tools taken in together.
const TOOLS_A_BATCH: usize = 5000;
/// How often each kind of page is asked for.
const ASKED: usize = 400;
/// The longest that 95 of 100 may take: of searches, and of the pages of tools.
const SEARCH: Duration = Duration::from_millis(50);
const TOOL: Duration = Duration::from_millis(10);

const VERBS: [&str; 16] = [
    "get", "list", "search", "create", "update", "delete", "send", "run", "pay", "close", "read", "write",
    "export", "restart", "transfer", "query",
];
const NOUNS: [&str; 40] = [
    "order",
    "invoice",
    "customer",
    "repository",
    "issue",
    "branch",
    "message",
    "channel",
    "calendar",
    "event",
    "document",
    "file",
    "folder",
    "table",
    "row",
    "index",
    "metric",
    "alert",
    "dashboard",
    "cluster",
    "pod",
    "secret",
    "token",
    "wallet",
    "balance",
    "position",
    "stream",
    "video",
    "image",
    "prompt",
    "model",
    "dataset",
    "ticket",
    "comment",
    "contact",
    "deal",
    "campaign",
    "report",
    "user",
    "team",
];

/// Numbers that look thrown, the same every time.
struct Dice(u64);

impl Dice {
    fn roll<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = usize::try_from(self.0 >> 33).unwrap_or_default() % of.len().max(1);
        of.get(at).unwrap_or_else(|| unreachable!("an index within the list"))
    }

    /// A made-up word; few of them are common.
    fn word(&mut self) -> String {
        let syllables = [
            "ka", "lo", "mi", "nu", "pe", "ra", "so", "ti", "vu", "zen", "dor", "fex", "gil", "hat", "jom",
            "quo",
        ];
        (0..3).map(|_| *self.roll(&syllables)).collect()
    }
}

fn tool(dice: &mut Dice, number: usize) -> ImportedTool {
    let (verb, noun, word) = (*dice.roll(&VERBS), *dice.roll(&NOUNS), dice.word());
    let name = format!("{verb}_{noun}_{word}_{number}");
    let description = format!(
        "Use this to {verb} a {noun} of {word}, with {} and {} where they are known.",
        dice.roll(&NOUNS),
        dice.word()
    );
    let schema = r#"{"type":"object","properties":{"id":{"type":"string"},"limit":{"type":"integer"}}}"#;
    let read = Definition {
        name: &name,
        description: Some(&description),
        input_schema: Some(schema),
        annotations: None,
    };
    let class = classify(&read, &Server::default());
    let mut hash = [0; 32];
    hash.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
    ImportedTool {
        title: None,
        summary: catalog::summary(&description, 300),
        definition: format!(r#"{{"name":"{name}","description":"{description}","inputSchema":{schema}}}"#),
        hash,
        whole: true,
        category: class.category,
        confidence: class.confidence,
        reasons: serde_json::json!({"evidence": class.evidence, "signals": class.signals}).to_string(),
        tokens: 60,
        words: catalog::words(&name),
        name,
    }
}

fn server(dice: &mut Dice, number: usize, tools: usize) -> ImportedServer {
    let name = format!("{} {} {number}", dice.word(), dice.roll(&NOUNS));
    let slug = catalog::record::slug(&name);
    ImportedServer {
        key: slug.clone(),
        description: Some(format!(
            "Works with {} and {} of {}.",
            dice.roll(&NOUNS),
            dice.roll(&NOUNS),
            dice.word()
        )),
        topic: Some(format!("field-{}", number % 60)),
        transports: vec![(*dice.roll(&["stdio", "sse", "streamable-http"])).to_owned()],
        words: catalog::words(&name),
        tools: Some((0..tools).map(|number| tool(dice, number)).collect()),
        slug,
        name,
        ..ImportedServer::default()
    }
}

async fn fill(store: &Store, servers: usize, tools: usize) -> Result<(), Box<dyn Error>> {
    let now = jiff::Timestamp::now();
    let source = store.catalog_source("scale", now).await?.id;
    let each = tools / servers.max(1);
    let (mut dice, mut waiting) = (Dice(7), Vec::new());
    let begun = Instant::now();
    for number in 0..servers {
        waiting.push(server(&mut dice, number, each));
        if waiting.len() * each >= TOOLS_A_BATCH || number + 1 == servers {
            store.import_catalog(&Batch { source, servers: &waiting, position: None }, now).await?;
            waiting.clear();
            if number % 1000 < TOOLS_A_BATCH / each.max(1) {
                println!("{} servers, {:.0} s", number + 1, begun.elapsed().as_secs_f64());
            }
        }
    }
    Ok(())
}

/// Prints what the pages took: the middle and the 95th of a hundred, and the slowest. Whether the 95th is within its bound.
async fn measure(
    pages: &axum::Router,
    what: &str,
    bound: Duration,
    paths: &[String],
) -> Result<bool, Box<dyn Error>> {
    let (mut took, mut largest) = (Vec::new(), 0);
    for path in paths {
        let begun = Instant::now();
        let answer = pages.clone().oneshot(Request::get(path).body(Body::empty())?).await?;
        if !answer.status().is_success() {
            return Err(format!("{path}: {}", answer.status()).into());
        }
        largest = answer.into_body().collect().await?.to_bytes().len().max(largest);
        took.push(begun.elapsed());
        // Keeps within what one source may ask for.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    took.sort_unstable();
    let at = |share: usize| {
        took.get((took.len() * share / 100).min(took.len().saturating_sub(1))).copied().unwrap_or_default()
    };
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!("{what:<34}{:>9.1}{:>9.1}{:>9.1}{:>9}", ms(at(50)), ms(at(95)), ms(at(100)), largest / 1024);
    Ok(at(95) <= bound)
}

/// The most memory that this process has had, in MB, where the system tells.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let servers = numbers.next().transpose()?.unwrap_or(50_000);
    let tools = numbers.next().transpose()?.unwrap_or(1_500_000);
    let database = testkit::postgres::database().await?;
    let store = Store::connect(database.url(), 4).await?;
    fill(&store, servers, tools).await?;
    println!("filled; {} MB at the most", memory());
    // As a database does by itself where autovacuum is on; here it is off.
    for table in ["server", "tool", "word"] {
        database.execute(format!("vacuum analyze catalog.{table}")).await?;
    }
    let (last_server, last_tool) = store.catalog_extent().await?;
    println!(
        "{last_server} servers, {last_tool} tools\n{:<34}{:>9}{:>9}{:>9}{:>9}",
        "page", "p50 ms", "p95 ms", "max ms", "kB"
    );
    let pages = site::router(&"http://127.0.0.1".parse()?, store.clone(), None);
    let mut dice = Dice(99);
    let mut within = true;
    let mut asked = |query: &mut dyn FnMut(&mut Dice) -> String| {
        (0..ASKED).map(|_| query(&mut dice)).collect::<Vec<String>>()
    };
    let servers = asked(&mut |dice| format!("/catalog?q={}+{}", dice.roll(&NOUNS), dice.word()));
    within &= measure(&pages, "search servers, two words", SEARCH, &servers).await?;
    let common = asked(&mut |dice| format!("/catalog?q={}", dice.roll(&NOUNS)));
    within &= measure(&pages, "search servers, a common word", SEARCH, &common).await?;
    let tools =
        asked(&mut |dice| format!("/catalog?kind=tools&q={}+{}", dice.roll(&VERBS), dice.roll(&NOUNS)));
    within &= measure(&pages, "search tools, two common words", SEARCH, &tools).await?;
    let filtered =
        asked(&mut |dice| format!("/catalog?kind=tools&category=financial&q={}", dice.roll(&NOUNS)));
    within &= measure(&pages, "search tools, a word and a class", SEARCH, &filtered).await?;
    let typos = asked(&mut |dice| format!("/catalog?kind=tools&q={}x", dice.word()));
    within &= measure(&pages, "search tools, a misspelt word", SEARCH, &typos).await?;
    let begun = asked(&mut |dice| {
        format!("/catalog-suggest.json?q={}", dice.word().chars().take(4).collect::<String>())
    });
    within &= measure(&pages, "suggestions", SEARCH, &begun).await?;
    let mut addresses = Vec::new();
    for step in 0..ASKED {
        let after = last_tool / i64::try_from(ASKED)? * i64::try_from(step)?;
        if let Some((server, tool)) = store.catalog_tool_names(after, after + 1).await?.into_iter().next() {
            addresses.push(format!("/catalog/{server}/{tool}"));
        }
    }
    within &= measure(&pages, "a tool's page", TOOL, &addresses).await?;
    let of_servers: Vec<String> = addresses
        .iter()
        .filter_map(|path| path.rsplit_once('/').map(|(server, _)| server.to_owned()))
        .collect();
    within &= measure(&pages, "a server's page", SEARCH, &of_servers).await?;
    println!("{} MB at the most", memory());
    if within { Ok(()) } else { Err("slower than it may be".into()) }
}
