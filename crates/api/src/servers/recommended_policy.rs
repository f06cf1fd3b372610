//! `GET /v1/orgs/{org}/servers/{server}/recommended-policy`

use axum::Json;
use catalog::{Class, Evidence, recommend_server};
use model::{Code, Permission};
use serde::Serialize;
use store::Tool;
use utoipa::ToSchema;

use super::class::{self, EvidenceView};
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, ServerParam};
use crate::{Problem, schema};

/// A policy that suits all tools of a server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecommendedPolicyView {
    /// The document, ready to be published.
    document: String,
    /// Why each tool has its rule, by the tool's name.
    reasons: Vec<ReasonView>,
}

/// Why a tool has its rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReasonView {
    /// The tool's name.
    tool: String,
    /// Its class.
    #[schema(value_type = schema::Category)]
    category: policy::Category,
    /// Its risk.
    #[schema(value_type = schema::Risk)]
    risk: String,
    /// How sure that is, from 0 to 1; 1 when an administrator said so.
    confidence: f64,
    /// What the policy does with it, in words.
    #[schema(example = "allowed 30 times a minute")]
    effect: &'static str,
    /// What in the definition led there.
    #[schema(value_type = Vec<EvidenceView>)]
    evidence: Vec<Evidence>,
}

/// A policy for the whole server, made from what each of its tools does: everything is denied but what suits a tool's
/// class. Nothing is published.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers/{server}/recommended-policy",
    tag = "policies",
    params(OrgParam, ServerParam),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The policy and the reasons for it", body = RecommendedPolicyView))
)]
pub(crate) async fn recommended_policy(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
) -> Result<Json<RecommendedPolicyView>, Problem> {
    access.require(Permission::Read)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let tools = tx.tools(server.id).await?;
    drop(tx);
    let work = move || recommend(&tools);
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
        .map(Json)
}

fn recommend(tools: &[Tool]) -> Result<RecommendedPolicyView, Problem> {
    let classes: Vec<Class> = tools.iter().map(class::in_force).collect();
    let recommendation = recommend_server(tools.iter().map(|tool| tool.name.as_str()).zip(&classes));
    let document = recommendation.text().ok_or_else(|| {
        let detail = "This server lists so many tools that a rule for each does not fit into one policy. \
                      Write rules for categories instead.";
        Problem::new(Code::InvalidPolicy, detail)
    })?;
    let reasons = recommendation.reasons.into_iter().map(|reason| ReasonView {
        tool: reason.tool,
        category: reason.category,
        risk: reason.risk,
        confidence: reason.confidence,
        effect: reason.effect,
        evidence: reason.evidence,
    });
    Ok(RecommendedPolicyView { document, reasons: reasons.collect() })
}
