//! The pages over a database of their own, filled with a few servers.

use axum::body::Body;
use catalog::{Definition, Server, classify};
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use store::catalog::{Batch, ImportedServer, ImportedTool};
use testkit::postgres::Database;
use tower::ServiceExt;

pub(crate) struct World {
    _database: Database,
    pages: axum::Router,
}

pub(crate) fn tool(name: &str, description: &str) -> ImportedTool {
    let definition = serde_json::json!({"name": name, "description": description}).to_string();
    let read = Definition { name, description: Some(description), ..Definition::default() };
    let class = classify(&read, &Server::default());
    ImportedTool {
        name: name.to_owned(),
        title: None,
        summary: catalog::summary(description, 300),
        definition,
        hash: [7; 32],
        whole: false,
        category: class.category,
        confidence: class.confidence,
        reasons: serde_json::json!({"evidence": class.evidence, "signals": class.signals}).to_string(),
        tokens: 12,
        words: catalog::words(name),
    }
}

pub(crate) fn server(slug: &str, name: &str, description: &str, tools: Vec<ImportedTool>) -> ImportedServer {
    ImportedServer {
        key: slug.to_owned(),
        slug: slug.to_owned(),
        name: name.to_owned(),
        description: Some(description.to_owned()),
        repo: Some("javascript:alert(1)//".to_owned()),
        homepage: Some("javascript:alert(2)".to_owned()),
        remote_url: Some("https://mail.example/mcp".to_owned()),
        topic: Some("communication".to_owned()),
        package: Some(format!("npm:{slug}")),
        words: catalog::words(name),
        tools: Some(tools),
        ..ImportedServer::default()
    }
}

impl World {
    pub(crate) async fn new(servers: &[ImportedServer]) -> Self {
        let database = testkit::postgres::database().await.unwrap();
        let store = database.store().await.unwrap();
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let source = store.catalog_source("sample", now).await.unwrap().id;
        store.import_catalog(&Batch { source, servers, position: None }, now).await.unwrap();
        let url = "https://gateway.example".parse().unwrap();
        Self { _database: database, pages: site::router(&url, store, Some("us@example.com".to_owned())) }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.pages.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, String) {
        let answer = self.send(Request::get(path).body(Body::empty()).unwrap()).await;
        (answer.status(), text(answer).await)
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response<Body> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

pub(crate) async fn text(answer: Response<Body>) -> String {
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

pub(crate) fn mail() -> ImportedServer {
    let tools = vec![
        tool("send_mail", "Sends an e-mail to a recipient"),
        tool("list_mail", "Lists the mails of a folder"),
        tool("delete_mail", "Deletes a mail for good"),
    ];
    server("mail", "Mail", "Reads and sends mail", tools)
}
