//! A request for approval as the API shows it.

use jiff::Timestamp;
use model::{ApprovalId, ApprovalStatus, EventId, GrantId, IdentityId, Permission, Role, Slug, UserId};
use policy::{Approvers, Category};
use serde::Serialize;
use serde_json::value::RawValue;
use store::{Approval, ApprovalDecision, Labels, OrgTx};
use utoipa::ToSchema;

use crate::extract::OrgAccess;
use crate::{Problem, schema};

/// A request for approval of one call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApprovalView {
    /// Its id.
    #[schema(value_type = String)]
    pub(super) id: ApprovalId,
    /// How it stands now.
    #[schema(value_type = schema::ApprovalStatus)]
    pub(super) status: ApprovalStatus,
    /// Who called.
    #[schema(value_type = String)]
    identity: IdentityId,
    /// The caller's label.
    identity_label: Option<String>,
    /// Under which grant.
    #[schema(value_type = String)]
    grant: GrantId,
    /// Which server.
    #[schema(value_type = Option<String>, example = "binance-mcp")]
    server: Option<Slug>,
    /// The JSON-RPC method.
    #[schema(example = "tools/call")]
    method: String,
    /// The tool, prompt or resource.
    tool: String,
    /// The tool's class.
    #[schema(value_type = Option<schema::Category>)]
    category: Option<Category>,
    /// The policy that asks.
    #[schema(value_type = Option<String>, example = "main")]
    policy: Option<Slug>,
    /// Its version; with another one in force the request is `unfit`.
    policy_version: u32,
    /// The rule that asks.
    #[schema(example = "/tools/withdraw/approval")]
    rule: String,
    /// Why, in the rule's words or the engine's.
    message: String,
    /// Whose approval it takes; admins may give any.
    #[schema(value_type = schema::Approvers)]
    approvers: Approvers,
    /// How many different people have to approve.
    #[schema(minimum = 1, maximum = 2)]
    quorum: u8,
    /// What people have said, the first first.
    decisions: Vec<DecisionView>,
    /// The call was made by an identity of the caller's own, who therefore may not decide on it.
    own: bool,
    /// Whether the caller could decide on it now.
    may_decide: bool,
    /// The call that asked first, in the log.
    #[schema(value_type = String)]
    event: EventId,
    /// The call that it was used by, in the log.
    #[schema(value_type = Option<String>)]
    used_by: Option<EventId>,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it ends, whatever has become of it.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// What somebody said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionView {
    /// Who.
    #[schema(value_type = String)]
    user: UserId,
    /// Their address.
    email: Option<String>,
    /// Yes or no.
    approved: bool,
    /// Why.
    reason: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// A request with what there is to judge.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApprovalDetailView {
    #[serde(flatten)]
    pub(super) approval: ApprovalView,
    /// The call's parameters exactly as they were sent first; `null` when the key that sealed them is gone. The approval
    /// is good for any call that means the same: the order of keys and the spelling of numbers make no difference.
    #[schema(value_type = Option<serde_json::Value>)]
    pub(super) call: Option<Box<RawValue>>,
    /// The tool's definition at the time; with another one in force the request is `unfit`.
    #[schema(value_type = Option<serde_json::Value>)]
    pub(super) definition: Option<Box<RawValue>>,
}

impl From<ApprovalDecision> for DecisionView {
    fn from(said: ApprovalDecision) -> Self {
        let ApprovalDecision { user, email, approved, reason, at } = said;
        Self { user, email, approved, reason, at }
    }
}

/// Whoever looks at requests.
pub(super) struct Viewer {
    pub(super) user: UserId,
    pub(super) email: String,
    role: Role,
    decides: bool,
}

impl Viewer {
    /// Whoever sends the request. A key sees what its maker would, and decides nothing.
    pub(super) async fn of(access: &OrgAccess) -> Result<Self, Problem> {
        let user = access.api().store().user(access.user()).await?.ok_or_else(Problem::not_found)?;
        let role = access.role().unwrap_or(Role::Viewer);
        let decides = access.may(Permission::DecideApprovals);
        Ok(Self { user: user.id, email: user.email, role, decides })
    }

    /// Whether the request leaves the decision to people of this role. Roles on single teams do not count here yet, so
    /// the people of a team are all who may decide at all.
    pub(super) fn is_asked(&self, approvers: Approvers) -> bool {
        match approvers {
            Approvers::Admin => self.decides && self.role == Role::Admin,
            Approvers::PolicyManager | Approvers::Team => self.decides,
        }
    }

    /// The requests, with names for what they speak of.
    pub(super) async fn show(
        &self,
        tx: &mut OrgTx,
        approvals: Vec<Approval>,
    ) -> Result<Vec<ApprovalView>, Problem> {
        let labels = tx
            .labels(
                approvals.iter().map(|approval| approval.identity),
                approvals.iter().map(|approval| approval.server),
                approvals.iter().map(|approval| approval.policy),
            )
            .await?;
        Ok(approvals.into_iter().map(|approval| self.view(&labels, approval)).collect())
    }

    /// One of them.
    pub(super) async fn show_one(&self, tx: &mut OrgTx, approval: Approval) -> Result<ApprovalView, Problem> {
        self.show(tx, vec![approval]).await?.pop().ok_or_else(Problem::not_found)
    }

    fn view(&self, labels: &Labels, approval: Approval) -> ApprovalView {
        let own = approval.is_of(&self.email);
        let said = approval.decisions.iter().any(|said| said.user == self.user);
        let open = match approval.status {
            ApprovalStatus::Pending => !said,
            ApprovalStatus::Approved => true,
            _ => false,
        };
        ApprovalView {
            id: approval.id,
            status: approval.status,
            identity: approval.identity,
            identity_label: labels.identities.get(&approval.identity).cloned(),
            grant: approval.grant,
            server: labels.servers.get(&approval.server).cloned(),
            method: approval.method,
            tool: approval.subject,
            category: approval.category,
            policy: labels.policies.get(&approval.policy).cloned(),
            policy_version: approval.policy_version,
            rule: approval.rule,
            message: approval.message,
            approvers: approval.terms.approvers,
            quorum: approval.terms.quorum,
            decisions: approval.decisions.into_iter().map(DecisionView::from).collect(),
            own,
            may_decide: open && !own && self.is_asked(approval.terms.approvers),
            event: approval.event,
            used_by: approval.used_by,
            created_at: approval.created_at,
            expires_at: approval.expires_at,
            updated_at: approval.updated_at,
        }
    }
}
