//! Importing into the catalogue: again, cut off anywhere, and with bad records among good ones.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use egress::Rules;
use jiff::Timestamp;
use store::Store;
use testkit::postgres::Database;
use worker::import::{ImportError, Importer, Outcome, Report, Source};

struct World {
    _database: Database,
    store: Store,
    client: egress::Client,
    rules: Rules,
    folder: tempfile::TempDir,
}

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

impl World {
    async fn new() -> Self {
        let database = testkit::postgres::database().await.unwrap();
        let store = database.store().await.unwrap();
        let loopback: ipnet::IpNet = "127.0.0.1/32".parse().unwrap();
        let rules = Rules { allow: vec![loopback.into()], ..Rules::default() };
        let client = egress::Client::new(rules.clone(), egress::Options::default()).unwrap();
        Self { _database: database, store, client, rules, folder: tempfile::tempdir().unwrap() }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    async fn import(&self, source: &Source, again: bool) -> Result<(Outcome, Vec<Report>), ImportError> {
        let importer = Importer { store: &self.store, client: &self.client, rules: &self.rules, again, now };
        let mut reports = Vec::new();
        let outcome = importer.import(source, &mut |report| reports.push(report)).await?;
        Ok((outcome, reports))
    }
}

fn file(path: &Path) -> Source {
    Source::File { path: path.to_owned(), name: path.file_name().unwrap().to_str().unwrap().to_owned() }
}

/// So many servers with three tools each.
fn list(servers: usize) -> String {
    (0..servers)
        .map(|number| {
            format!(
                r#"{{"name": "Server {number}", "slug": "server-{number}", "tools": [{{"name": "get_{number}", "description": "Gets"}},
                {{"name": "delete_{number}", "description": "Deletes for good"}}, {{"name": "pay_{number}", "description": "Transfers money"}}]}}"#
            )
            .replace('\n', "")
                + "\n"
        })
        .collect()
}

#[tokio::test]
async fn what_was_read_is_not_read_again_and_reading_it_again_changes_nothing() {
    let world = World::new().await;
    let source = file(&world.write("list.jsonl", &list(1200)));
    let (first, _) = world.import(&source, false).await.unwrap();
    assert_eq!((first.changed.servers_added, first.changed.tools_added), (1200, 3600));
    let (second, _) = world.import(&source, false).await.unwrap();
    assert!(second.unchanged && second.changed.is_nothing());
    let (third, _) = world.import(&source, true).await.unwrap();
    assert!(!third.unchanged && third.changed.is_nothing());
    assert_eq!((third.servers, third.tools), (1200, 3600));
}

#[tokio::test]
async fn an_import_cut_off_after_any_batch_goes_on_there_and_ends_the_same() {
    let world = World::new().await;
    let source = file(&world.write("list.jsonl", &list(1700)));
    let mut cut = 0;
    loop {
        let importer =
            Importer { store: &world.store, client: &world.client, rules: &world.rules, again: false, now };
        // Cut off as soon as a batch is kept: the future is dropped in the middle of the next one.
        let kept = tokio::sync::Notify::new();
        let mut watch = |report: Report| {
            if matches!(report, Report::Progress { .. }) {
                kept.notify_one();
            }
        };
        let done = tokio::select! {
            biased;
            () = kept.notified() => None,
            done = importer.import(&source, &mut watch) => Some(done.unwrap()),
        };
        match done {
            Some(outcome) if outcome.unchanged => break,
            Some(outcome) => assert!(outcome.resumed || cut == 0),
            None => cut += 1,
        }
        assert!(cut < 50, "it does not get ahead");
    }
    assert!(cut >= 2, "{cut}");
    let totals = world.store.catalog_totals().await.unwrap();
    assert_eq!(totals.servers, 1700);
    assert_eq!(totals.tools.iter().map(|(_, count)| count).sum::<u64>(), 3 * 1700);
    let (again, _) = world.import(&source, true).await.unwrap();
    assert!(again.changed.is_nothing(), "{again:?}");
}

#[tokio::test]
async fn bad_records_are_named_by_line_and_the_rest_goes_in() {
    let world = World::new().await;
    let text = "{\"name\": 5}\n{\"name\": \"A\", \"tools\": [{\"name\": \"\"}, {\"name\": \"t\", \"a\": 1, \"a\": 2}, {\"name\": \"ok\"}, \
                {\"name\": \"ok\"}]}\n\n{\n{\"name\": \"B\"}\n";
    let (outcome, reports) = world.import(&file(&world.write("bad.jsonl", text)), false).await.unwrap();
    assert_eq!((outcome.changed.servers_added, outcome.changed.tools_added, outcome.bad), (2, 1, 5));
    let lines: Vec<u64> = reports
        .iter()
        .filter_map(|report| match report {
            Report::Bad { line, .. } => Some(*line),
            Report::Progress { .. } => None,
        })
        .collect();
    assert_eq!(lines, [1, 2, 2, 2, 4]);
    let nothing =
        world.import(&file(&world.write("none.jsonl", "{\"tool\": \"x\"}\n")), false).await.unwrap_err();
    assert_eq!(
        nothing.to_string(),
        "none.jsonl has no line that tells of a server; line 1: missing field `name`"
    );
}

#[tokio::test]
async fn a_tool_list_goes_to_the_server_that_its_file_is_named_after() {
    let world = World::new().await;
    let row = r#"{"name": "Acme files", "slug": "acme-files", "repo": "acme/files"}"#;
    world.import(&file(&world.write("index.jsonl", row)), false).await.unwrap();
    let list = r#"{"serverInfo": {"name": "files", "version": "2"}, "tools": [{"name": "wipe", "description": "Wipes a disk",
        "inputSchema": {"type": "object"}}]}"#;
    world.import(&file(&world.write("acme__files.json", list)), false).await.unwrap();
    let server = world.store.catalog_server("acme-files").await.unwrap();
    assert_eq!((server.name.as_str(), server.tools()), ("Acme files", 1));
    let tool = world.store.catalog_tool(server.id, "wipe").await.unwrap();
    assert_eq!((tool.tool.category, tool.whole), (policy::Category::Destructive, true));
    let changed = list.replace("Wipes a disk", "Reads a disk");
    world.import(&file(&world.write("acme__files.json", &changed)), false).await.unwrap();
    assert_eq!(world.store.catalog_changes(server.id, None, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_registry_is_read_page_by_page_under_either_of_its_addresses() {
    static BROKEN: AtomicUsize = AtomicUsize::new(1);
    async fn page(
        Query(asked): Query<std::collections::BTreeMap<String, String>>,
    ) -> Result<String, http::StatusCode> {
        let at: usize = asked.get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
        // The third page fails once.
        if at == 2 && BROKEN.swap(0, Ordering::SeqCst) == 1 {
            return Err(http::StatusCode::BAD_GATEWAY);
        }
        let next = if at < 3 { format!("\"{}\"", at + 1) } else { "null".to_owned() };
        Ok(format!(
            r#"{{"servers": [{{"server": {{"name": "io.example/s{at}", "description": "d"}}, "_meta": {{}}}}], "metadata": {{"nextCursor": {next}}}}}"#
        ))
    }
    let world = World::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // The older of the two mounts.
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/v0/servers", get(page))).await });
    let source = Source::Address(format!("http://{address}").parse().unwrap());
    let failed = world.import(&source, false).await.unwrap_err().to_string();
    assert!(failed.contains("cursor=2 answers with status 502"), "{failed}");
    let (rest, _) = world.import(&source, false).await.unwrap();
    assert!(rest.resumed);
    assert_eq!((rest.servers, rest.changed.servers_added), (2, 2));
    let (again, _) = world.import(&source, false).await.unwrap();
    assert_eq!((again.servers, again.changed.is_nothing()), (4, true));
}
