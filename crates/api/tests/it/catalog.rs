//! The public catalogue over the API: what is found, page by page, and what is said of what cannot be.

use serde_json::json;
use store::catalog::{Batch, ImportedServer, ImportedTool};

use crate::world::World;

fn tool(number: usize) -> ImportedTool {
    let name = format!("delete_ticket_{number}");
    ImportedTool {
        title: None,
        summary: "Deletes a ticket.".to_owned(),
        definition: json!({ "name": name }).to_string(),
        hash: [7; 32],
        whole: false,
        category: policy::Category::Destructive,
        confidence: 0.9,
        reasons: json!({ "evidence": [{ "field": "name", "quote": "delete", "signal": "destroys" }] })
            .to_string(),
        tokens: 12,
        words: catalog::words(&name),
        name,
    }
}

async fn filled() -> World {
    let world = World::new().await;
    let now = "2026-11-20T12:00:00Z".parse().unwrap();
    let source = world.store.catalog_source("sample", now).await.unwrap().id;
    let servers: Vec<ImportedServer> = (0..3)
        .map(|number| ImportedServer {
            key: format!("tickets-{number}"),
            slug: format!("tickets-{number}"),
            name: format!("Tickets {number}"),
            words: vec!["tickets".to_owned()],
            tools: Some((0..3).map(tool).collect()),
            ..ImportedServer::default()
        })
        .collect();
    world.store.import_catalog(&Batch { source, servers: &servers, position: None }, now).await.unwrap();
    world
}

#[tokio::test]
async fn every_page_of_a_list_goes_on_where_the_one_before_ended() {
    let world = filled().await;
    for (list, noun, all) in [
        ("/v1/catalog/servers?q=tickets", "servers", 3),
        ("/v1/catalog/tools?q=ticket&category=destructive", "tools", 9),
        ("/v1/catalog/servers/tickets-1/tools?", "tools", 3),
    ] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = world.get(&format!("{list}&limit=2{cursor}"), "").await.ok();
            for one in page[noun].as_array().unwrap() {
                seen.push(format!("{} {}{}", one["server"], one["name"], one["slug"]));
            }
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen.len(), all, "{list}: {seen:?}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all, "{list}");
    }
}

#[tokio::test]
async fn a_tool_comes_with_its_class_its_reasons_and_a_policy() {
    let world = filled().await;
    let tool = world.get("/v1/catalog/servers/tickets-0/tools/delete_ticket_1", "").await.ok();
    assert_eq!((&tool["category"], &tool["risk"]), (&json!("destructive"), &json!("critical")));
    assert_eq!(tool["policy"]["hide"], json!(["delete_ticket_1"]));
    assert_eq!(tool["evidence"][0]["quote"], "delete");
    let server = world.get("/v1/catalog/servers/tickets-0", "").await.ok();
    assert_eq!(server["classes"], json!([{ "category": "destructive", "risk": "critical", "tools": 3 }]));
    let classes = world.get("/v1/catalog/classes", "").await.ok();
    assert_eq!((&classes["servers"], classes["classes"].as_array().unwrap().len()), (&json!(3), 6));
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem_and_what_is_not_there_is_not_found() {
    let world = filled().await;
    for query in ["limit=0", "cursor=x", "category=reads", "risk=none", "odd=1"] {
        let answer = world.get(&format!("/v1/catalog/servers?{query}"), "").await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "invalid_request"), "{query}");
    }
    for path in ["servers/none", "servers/none/tools", "servers/tickets-0/tools/none"] {
        let answer = world.get(&format!("/v1/catalog/{path}"), "").await;
        assert_eq!(answer.code(), "not_found", "{path}");
    }
}
