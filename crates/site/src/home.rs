//! `GET /`: what it is, three steps, a policy and what it does.

use std::sync::{Arc, LazyLock};

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::page::{self, Format, Frame};
use crate::{EXAMPLE_POLICY, Site, json};

#[derive(Template, Serialize)]
#[template(path = "home.html")]
struct Home<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    #[serde(skip)]
    policy: &'a str,
    #[serde(skip)]
    calls: &'a [Call],
    /// How much is in the catalogue, in words.
    numbers: Option<String>,
}

/// A call under [`EXAMPLE_POLICY`] and what became of it.
struct Call {
    tool: &'static str,
    arguments: &'static str,
    verdict: Verdict,
    why: &'static str,
}

#[derive(Clone, Copy)]
enum Verdict {
    Allowed,
    Denied,
    Hidden,
}

impl Verdict {
    /// Its class in the style sheet.
    const fn class(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Hidden => "hidden",
        }
    }

    /// The word that is shown.
    const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "Allowed",
            Self::Denied => "Denied",
            Self::Hidden => "Unknown tool",
        }
    }
}

static POLICY: LazyLock<String> = LazyLock::new(|| json::highlight(EXAMPLE_POLICY.trim_end()));

const CALLS: &[Call] = &[
    Call {
        tool: "search_orders",
        arguments: r#"{"customer": "c_81"}"#,
        verdict: Verdict::Allowed,
        why: "Named without conditions",
    },
    Call {
        tool: "create_refund",
        arguments: r#"{"amount": 120}"#,
        verdict: Verdict::Allowed,
        why: "19 more within this hour",
    },
    Call {
        tool: "create_refund",
        arguments: r#"{"amount": 9000}"#,
        verdict: Verdict::Denied,
        why: "“Refunds above 500 need a person.”",
    },
    Call {
        tool: "delete_order",
        arguments: r#"{"id": "o_7"}"#,
        verdict: Verdict::Denied,
        why: "No rule allows it",
    },
    Call {
        tool: "export_orders",
        arguments: "{}",
        verdict: Verdict::Hidden,
        why: "Not in the list the agent gets",
    },
];

/// `GET /`
pub(crate) async fn show(State(site): State<Arc<Site>>) -> Response {
    answer(&site, Format::Html).await
}

/// `GET /index.json`
pub(crate) async fn json(State(site): State<Arc<Site>>) -> Response {
    answer(&site, Format::Json).await
}

async fn answer(site: &Site, format: Format) -> Response {
    let page = Home {
        frame: site.frame("/".to_owned()),
        policy: &POLICY,
        calls: CALLS,
        numbers: site.numbers().await,
    };
    page::found(format, &page)
}
