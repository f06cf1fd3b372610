//! `POST /v1/orgs/{org}/servers/{server}/explain`

use axum::Json;
use bytes::Bytes;
use garde::Validate;
use model::{Code, Permission, ServerId, Slug};
use policy::{Category, Compiled, Policy, Trial};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::{OrgTx, Tool};
use utoipa::ToSchema;

use super::compile::{Fault, blocking, items};
use super::judgement::JudgementView;
use crate::Problem;
use crate::extract::{Body, Embedded, OrgAccess, Path};
use crate::paths::{OrgParam, ServerParam};

/// A call, and the policy to try it under.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct ExplainBody {
    /// A draft, as an object or as a string that holds its text. Either this or `policy`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    document: Option<Embedded>,
    /// A published policy, by name.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "main")]
    policy: Option<Slug>,
    /// Which version of it; the one in force when left out.
    #[serde(default)]
    version: Option<u32>,
    /// The call: `{tool, arguments}`.
    #[schema(value_type = Object, example = json!({"tool": "create_refund", "arguments": {"amount": 12}}))]
    call: Box<RawValue>,
    /// Who calls, when, and what was called before (`prior`), as in a test case. What is left out has fixed values; class
    /// and annotations of the tool are those that the server's tool list has.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    context: Option<Box<RawValue>>,
}

/// Try a call without making it: the decision under a draft or a published policy, with how it came about.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/servers/{server}/explain",
    tag = "policies",
    params(OrgParam, ServerParam),
    security(("bearer" = []), ("key" = ["read"])),
    request_body(content = ExplainBody),
    responses((status = OK, description = "The decision and its trace", body = JudgementView))
)]
pub(crate) async fn explain_call(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
    Body(body): Body<ExplainBody>,
) -> Result<Json<JudgementView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let document = document(&mut tx, server.id, &body).await?;
    let tools = tx.tools(server.id).await?;
    drop(tx);
    let trial = trial(&body)?;
    let tried = blocking(move || {
        let Compiled { policy, .. } =
            Policy::compile(&document).map_err(|problems| Fault::Document(items(problems)))?;
        let mut trial = with_class(trial, &tools);
        let tried = trial.run(&policy, true);
        // As the gateway does it.
        let unclassified = policy.uses_classes() && trial.setting().category.is_none();
        Ok::<_, Fault>(if unclassified { tried.unclassified(trial.tool()) } else { tried })
    })
    .await?;
    JudgementView::of(&tried).map(Json)
}

/// The policy that the request speaks of.
async fn document(tx: &mut OrgTx, server: ServerId, body: &ExplainBody) -> Result<Bytes, Problem> {
    match (&body.document, &body.policy) {
        (Some(document), None) if body.version.is_none() => Ok(document.bytes()),
        (None, Some(slug)) => {
            let policy = tx.policy(server, slug).await?;
            let version = tx.policy_version(policy.id, body.version.unwrap_or(policy.latest_version)).await?;
            Ok(version.document.unwrap_or_default().into())
        }
        _ => Err(Problem::field("", "send either `document`, or `policy` with an optional `version`")),
    }
}

/// The call, read as strictly as a test case is.
fn trial(body: &ExplainBody) -> Result<Trial, Problem> {
    let context = body.context.as_ref().map_or("{}", |context| context.get());
    let source = format!(r#"{{"call":{},"context":{context}}}"#, body.call.get());
    Trial::read(source.as_bytes()).map_err(|problems| {
        let items = items(problems).into_iter();
        // Lines and columns are those of a text that the caller has not seen.
        let items: Vec<_> =
            items.map(|item| crate::problem::ProblemItem { line: None, column: None, ..item }).collect();
        let detail = match items.as_slice() {
            [only] => format!("{}: {}", only.pointer, only.message),
            many => format!("The call has {} problems; see `problems`.", many.len()),
        };
        Problem::new(Code::InvalidCall, detail).with_items(items)
    })
}

/// Fills in what the server's tool list knows and the caller did not say.
fn with_class(mut trial: Trial, tools: &[Tool]) -> Trial {
    if let Some(tool) = tools.iter().find(|tool| tool.name == trial.tool()) {
        let setting = trial.setting();
        setting.category = setting.category.or(tool.category);
        if setting.annotations.is_none() {
            setting.annotations.clone_from(&tool.annotations);
        }
    }
    let setting = trial.setting();
    if setting.risk.is_none() {
        setting.risk = setting.category.map(Category::risk).map(str::to_owned);
    }
    trial
}
