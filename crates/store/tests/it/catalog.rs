//! The public catalogue: what is taken in, once and again, and what is found.

use std::time::Duration;

use sqlx::{Connection, PgConnection};
use store::catalog::{Batch, CatalogSearch, Imported, ImportedServer, ImportedTool};

use crate::world::{World, now};

fn server(slug: &str, name: &str, tools: Option<Vec<ImportedTool>>) -> ImportedServer {
    ImportedServer {
        key: format!("{slug}\n\n{name}"),
        slug: slug.to_owned(),
        name: name.to_owned(),
        words: name.to_lowercase().split(' ').map(str::to_owned).collect(),
        tools,
        ..ImportedServer::default()
    }
}

fn tool(name: &str, summary: &str, category: policy::Category) -> ImportedTool {
    let mut hash = [0; 32];
    hash.iter_mut().zip(format!("{name}{summary}").bytes()).for_each(|(to, from)| *to = from);
    ImportedTool {
        name: name.to_owned(),
        title: None,
        summary: summary.to_owned(),
        definition: format!(r#"{{"name":"{name}"}}"#),
        hash,
        whole: false,
        category,
        confidence: 0.9,
        reasons: r#"{"evidence":[],"signals":[]}"#.to_owned(),
        tokens: 10,
        words: name.split('_').map(str::to_owned).collect(),
    }
}

async fn take(world: &World, source: &str, servers: &[ImportedServer]) -> Imported {
    let state = world.store.catalog_source(source, now()).await.unwrap();
    let batch = Batch { source: state.id, servers, position: None };
    world.store.import_catalog(&batch, now()).await.unwrap()
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_what_is_new_is_counted_and_remembered() {
    use policy::Category::{Destructive, Read, Write};
    let world = World::new().await;
    let first = [
        server(
            "mail",
            "Mail",
            Some(vec![tool("send_mail", "Sends", Write), tool("list_mail", "Lists", Read)]),
        ),
        server("mail", "Mail twin", None),
    ];
    let added = take(&world, "a", &first).await;
    assert_eq!((added.servers_added, added.tools_added), (2, 2));
    assert!(take(&world, "a", &first).await.is_nothing());
    let second = [server("mail", "Mail", Some(vec![tool("send_mail", "Deletes", Destructive)]))];
    let changed = take(&world, "a", &second).await;
    assert_eq!((changed.tools_changed, changed.tools_gone, changed.tools_added), (1, 1, 0));
    let back = take(&world, "a", &first[..1]).await;
    assert_eq!((back.tools_changed, back.tools_gone), (2, 0));
    let mail = world.store.catalog_server("mail").await.unwrap();
    assert_eq!((mail.tools(), mail.tokens), (2, 20));
    let changes = world.store.catalog_changes(mail.id, None, 10).await.unwrap();
    let told: Vec<_> =
        changes.iter().map(|change| (change.tool.as_str(), change.kind.as_str(), change.category)).collect();
    assert_eq!(told.len(), 4);
    assert!(
        told.contains(&("send_mail", "changed", Write))
            && told.contains(&("send_mail", "changed", Destructive))
    );
    assert!(told.contains(&("list_mail", "gone", Read)) && told.contains(&("list_mail", "back", Read)));
    // Two servers of one slug have addresses of their own.
    let search = CatalogSearch { words: vec!["twin".to_owned()], limit: 10, ..CatalogSearch::default() };
    let twin = &world.store.search_servers(&search).await.unwrap().results[0];
    assert!(twin.slug.starts_with("mail-"), "{}", twin.slug);
}

#[tokio::test]
async fn the_source_that_tells_most_of_a_tool_is_believed_whichever_comes_last() {
    let world = World::new().await;
    let brief = [server("s", "S", Some(vec![tool("t", "Brief", policy::Category::Write)]))];
    let mut whole = tool("t", "Whole", policy::Category::Execute);
    whole.whole = true;
    let whole = [server("s", "S", Some(vec![whole]))];
    take(&world, "index", &brief).await;
    assert_eq!(take(&world, "list", &whole).await.tools_changed, 1);
    for (source, servers) in [("index", &brief), ("list", &whole), ("index", &brief)] {
        assert!(take(&world, source, servers).await.is_nothing(), "{source}");
    }
    let id = world.store.catalog_server("s").await.unwrap().id;
    assert_eq!(world.store.catalog_tool(id, "t").await.unwrap().tool.summary, "Whole");
    let history = world.store.catalog_changes(id, Some("t"), 9).await.unwrap();
    assert!(history.is_empty(), "another source is no change of the tool");
}

#[tokio::test]
async fn a_record_finds_its_server_by_package_repository_or_slug_but_never_merges_two_of_one_source() {
    let world = World::new().await;
    let with = |slug: &str, name: &str, package: Option<&str>| ImportedServer {
        package: package.map(str::to_owned),
        repo: Some("Acme/Thing".to_owned()),
        ..server(slug, name, None)
    };
    take(
        &world,
        "index",
        &[with("acme-thing", "acme/thing", Some("npm:thing")), with("other", "Other", None)],
    )
    .await;
    let named =
        ImportedServer { repo: Some("acme/thing".to_owned()), ..with("thing", "Thing", Some("npm:thing")) };
    assert_eq!(take(&world, "packages", &[named]).await.servers_added, 0);
    assert_eq!(take(&world, "repos", &[with("other", "Another name", None)]).await.servers_added, 0);
    let list = ImportedServer { slug_only: true, ..server("acme-thing", "whatever", None) };
    assert_eq!(take(&world, "list", std::slice::from_ref(&list)).await.servers_added, 0);
    // The index has that server already, so a further record of it is another server.
    assert_eq!(
        take(&world, "index", &[with("acme-thing", "fork", Some("npm:thing"))]).await.servers_added,
        1
    );
    // What a list was about stays, even now that there are two of the slug.
    assert!(take(&world, "list", &[list]).await.is_nothing());
}

#[tokio::test]
async fn words_are_found_in_names_first_misspelt_or_not_and_filters_narrow() {
    use policy::Category::{Destructive, Execute, Read};
    let world = World::new().await;
    let mut github = server(
        "github",
        "GitHub",
        Some(vec![
            tool("create_issue", "Opens an issue", Execute),
            tool("delete_repo", "Deletes it", Destructive),
        ]),
    );
    github.transports = vec!["stdio".to_owned()];
    let mut notes =
        server("notes", "Notes", Some(vec![tool("read_note", "Reads a note about github", Read)]));
    notes.description = Some("Keeps notes, for GitHub users too".to_owned());
    take(&world, "a", &[notes, github]).await;
    let search = |words: &[&str]| CatalogSearch {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        limit: 10,
        ..CatalogSearch::default()
    };
    let slugs = async |search: CatalogSearch| {
        let found = world.store.search_servers(&search).await.unwrap();
        (found.results.into_iter().map(|server| server.slug).collect::<Vec<_>>(), found.instead)
    };
    assert_eq!(slugs(search(&["github"])).await.0, ["github", "notes"]);
    let (found, instead) = slugs(search(&["gihtub"])).await;
    assert_eq!((found[0].as_str(), instead), ("github", Some(vec!["github".to_owned()])));
    assert_eq!(
        slugs(CatalogSearch { transport: Some("stdio".to_owned()), ..search(&[]) }).await.0,
        ["github"]
    );
    assert_eq!(slugs(CatalogSearch { risk: Some("critical".to_owned()), ..search(&[]) }).await.0, ["github"]);
    assert_eq!(
        slugs(CatalogSearch { category: Some("it's \\ bad'".to_owned()), ..search(&[]) }).await.0.len(),
        0
    );
    let tools = world.store.search_tools(&search(&["issues"])).await.unwrap().results;
    assert_eq!(tools[0].name, "create_issue");
    let mut page = search(&["github"]);
    page.limit = 1;
    let first = world.store.search_servers(&page).await.unwrap();
    page.after = first.next;
    let second = world.store.search_servers(&page).await.unwrap();
    assert_eq!((second.results[0].slug.as_str(), second.next), ("notes", None));
    let (servers, _) = world.store.suggest_catalog("Git", 5).await.unwrap();
    assert_eq!(servers, [("github".to_owned(), "GitHub".to_owned())]);
}

#[tokio::test]
async fn the_catalogue_knows_nothing_of_tenants() {
    let world = World::new().await;
    let mut owner = PgConnection::connect(world.database.url()).await.unwrap();
    let tables: i64 = sqlx::query_scalar("select count(*) from pg_tables where schemaname = 'catalog'")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert!(tables >= 6, "{tables}");
    let theirs: Vec<String> = sqlx::query_scalar(
        "select pg_class.relname || '.' || attname
         from pg_attribute
         join pg_class on pg_class.oid = attrelid
         where relnamespace = 'catalog'::regnamespace
           and attname in ('org_id', 'user_id', 'team_id', 'identity_id')
         union all
         select conname::text
         from pg_constraint
         join pg_class on pg_class.oid = confrelid
         where connamespace = 'catalog'::regnamespace
           and relnamespace <> 'catalog'::regnamespace",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(theirs, Vec::<String>::new());
}

#[tokio::test]
async fn taking_a_server_in_reads_its_own_tools_alone_though_nothing_was_ever_analysed() {
    let world = World::new().await;
    for number in 0..20 {
        let tools = (0..100).map(|tool_number| {
            tool(&format!("read_{tool_number}"), "Reads a thing of the server", policy::Category::Read)
        });
        let name = format!("server-{number}");
        take(&world, "all", &[server(&name, &name, Some(tools.collect()))]).await;
    }
    // What a connection has read is counted when it ends.
    world.store.close().await;
    let mut owner = PgConnection::connect(world.database.url()).await.unwrap();
    let entries = "select sum(idx_tup_read) filter (where indexrelname = 'tool_category')::bigint,
                          sum(idx_tup_read) filter (where indexrelname <> 'tool_category')::bigint
                   from pg_stat_user_indexes
                   where schemaname = 'catalog' and relname = 'tool'";
    let (of_all_tools, of_a_server): (i64, i64) = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let read: (i64, i64) = sqlx::query_as(entries).fetch_one(&mut owner).await.unwrap();
            if read.0 + read.1 >= 2_000 {
                return read;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .unwrap();
    assert_eq!(of_all_tools, 0);
    assert!(of_a_server <= 2 * 2_000, "{of_a_server} entries for 2,000 tools");
}
