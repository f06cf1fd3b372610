//! What each error code means, and each finding in a policy. Problems that the API answers with link here.

use askama::Template;
use model::Code;
use serde::Serialize;
use serde_json::json;

use super::findings::{self, Finding};
use super::markdown::Section;
use super::{Made, marked};

#[derive(Template)]
#[template(path = "errors.html")]
struct Errors<'a> {
    entries: &'a [Entry],
    findings: &'a [Finding],
}

/// A code and its meaning.
#[derive(Serialize)]
struct Entry {
    code: Code,
    status: u16,
    meaning: &'static str,
    #[serde(skip)]
    html: String,
}

/// The codes of the API and of the gateway's own answers, and those of findings.
pub(super) fn made() -> Made {
    let entry = |code: &Code| Entry {
        code: *code,
        status: code.status(),
        meaning: code.meaning(),
        html: marked(code.meaning()),
    };
    let entries: Vec<Entry> = Code::ALL.iter().map(entry).collect();
    let findings = findings::all();
    let html = Errors { entries: &entries, findings: &findings }.render().unwrap_or_default();
    let section = |id: &str, title: &str| Section { id: id.to_owned(), title: title.to_owned() };
    Made {
        html,
        sections: vec![section("answers", "Answers"), section("findings", "Findings in a policy")],
        facts: json!({ "answers": entries, "findings": findings }),
    }
}
