//! What gateways ask about approvals, whether over HTTP or in this process.

use model::{
    ApprovalAnswer, ApprovalClaim, ApprovalId, ApprovalRequest, ApprovalStanding, ApprovalUse, Role, Slug,
};
use policy::Approvers;
use store::{Approval, Asked, Error, NewMail, OrgTx};

use super::mail::{self, Waiting};
use crate::Api;

/// Open requests that one identity may have: each makes people look, and sends them a mail.
const MOST_OPEN: u32 = 50;

impl Api {
    /// Finds the open request for a call, or makes one and mails those who may decide on it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask_approval(&self, request: &ApprovalRequest) -> Result<ApprovalAnswer, Error> {
        let mut tx = self.store().begin(request.org).await?;
        let approval = match tx.ask_approval(request, MOST_OPEN, self.now()).await? {
            Asked::Found(approval) => *approval,
            Asked::New(approval) => {
                self.tell(&mut tx, &approval).await?;
                *approval
            }
            Asked::Outdated => return Ok(ApprovalAnswer::Outdated),
            Asked::TooMany(open) => return Ok(ApprovalAnswer::TooMany(open)),
        };
        let standing = self.standing(&mut tx, &approval).await?;
        tx.commit().await?;
        Ok(ApprovalAnswer::Standing(standing))
    }

    /// Takes an approval for one call.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such request.
    pub async fn claim_approval(&self, claim: ApprovalUse) -> Result<ApprovalClaim, Error> {
        let mut tx = self.store().begin(claim.org).await?;
        let (granted, approval) = tx.claim_approval(&claim, self.now()).await?;
        let standing = self.standing(&mut tx, &approval).await?;
        tx.commit().await?;
        Ok(ApprovalClaim { granted, standing })
    }

    /// Gives back an approval that its call has provably not used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_approval(&self, claim: ApprovalUse) -> Result<(), Error> {
        let mut tx = self.store().begin(claim.org).await?;
        if tx.release_approval(&claim, self.now()).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    async fn tell(&self, tx: &mut OrgTx, approval: &Approval) -> Result<(), Error> {
        let labels = tx.labels([approval.identity], [approval.server], []).await?;
        let org = tx.org().await?.slug;
        let caller = labels.identities.get(&approval.identity).map_or("", String::as_str);
        let server = labels.servers.get(&approval.server).map_or("", Slug::as_str);
        let url = self.approval_url(&org, approval.id);
        let waiting = Waiting {
            caller,
            tool: &approval.subject,
            server,
            message: &approval.message,
            until: approval.expires_at,
            url: &url,
        };
        let body = mail::text(&waiting);
        let roles: &[Role] = match approval.terms.approvers {
            Approvers::Admin => &[Role::Admin],
            Approvers::PolicyManager | Approvers::Team => &[Role::Admin, Role::PolicyManager],
        };
        let mail = NewMail { subject: mail::SUBJECT, body: &body };
        tx.mail_members(roles, approval.identity_email.as_deref(), mail, self.now()).await?;
        Ok(())
    }

    async fn standing(&self, tx: &mut OrgTx, approval: &Approval) -> Result<ApprovalStanding, Error> {
        let org = tx.org().await?.slug;
        Ok(ApprovalStanding {
            id: approval.id,
            status: approval.status,
            expires_at_ms: approval.expires_at.as_millisecond(),
            given: approval.given(),
            reason: approval.denial().map(str::to_owned),
            url: self.approval_url(&org, approval.id),
        })
    }

    /// Where people decide on a request.
    fn approval_url(&self, org: &Slug, id: ApprovalId) -> String {
        let base = self.parts().public_url.as_str().trim_end_matches('/');
        format!("{base}/app/o/{org}/approvals/{id}")
    }
}
