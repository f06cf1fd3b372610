//! Servers asked again for their tools, so that changed definitions come to light without anybody looking.

use futures_util::future::join_all;
use jiff::SignedDuration;
use model::{OrgId, Slug};
use store::{AdminEvent, Discovered, Freshness};

use super::discover::Counts;
use super::headers::UpstreamHeaders;
use super::probe;
use crate::{Api, Problem};

/// Where a changed definition blocks a tool, that should not take long; elsewhere it is news.
const FRESHNESS: Freshness =
    Freshness { pinned: SignedDuration::from_secs(60), others: SignedDuration::from_secs(15 * 60) };
/// Servers asked at once. One that does not answer must not hold up the others.
const MOST: u32 = 32;

/// Asks servers that are due. What fails is noted with the server; the next round is another try.
///
/// # Errors
/// When the database fails.
pub async fn relist(api: &Api) -> Result<(), store::Error> {
    let due = api.store().servers_to_relist(&FRESHNESS, MOST, api.now()).await?;
    let asked = due.into_iter().map(async |(org, server)| {
        if let Err(problem) = ask(api, org, &server).await {
            tracing::debug!(%org, %server, problem = problem.detail(), "a server was not listed again");
        }
    });
    join_all(asked).await;
    Ok(())
}

async fn ask(api: &Api, org: OrgId, server: &Slug) -> Result<(), Problem> {
    let mut tx = api.store().begin(org).await?;
    let server = tx.server(server).await?;
    let begun = tx.begin_relisting(server.id, &FRESHNESS, api.now()).await?;
    tx.commit().await?;
    if !begun {
        return Ok(());
    }
    let target = probe::target(api, &server.url)?;
    let headers = UpstreamHeaders::open(api, org, server.id, server.headers.as_ref())?;
    let found = probe::discover(api, &target, &headers).await;
    let mut tx = api.store().begin(org).await?;
    // Somebody may have pointed the server elsewhere meanwhile; what was found is of the old place then.
    if tx.server(&server.slug).await?.updated_at != server.updated_at {
        return Ok(());
    }
    match found {
        Ok(found) => {
            let seen = tx.record_discovery(server.id, &found, api.now()).await?;
            if seen != (Discovered { added: 0, changed: 0, gone: 0 }) {
                let after = serde_json::to_value(Counts::from(seen)).map_err(Problem::internal)?;
                let event = AdminEvent {
                    actor: None,
                    action: "server.discover".to_owned(),
                    subject: server.id.to_string(),
                    before: None,
                    after: Some(after),
                };
                tx.record(&event, api.now()).await?;
            }
        }
        Err(problem) => tx.record_discovery_failure(server.id, problem.detail()).await?,
    }
    Ok(tx.commit().await?)
}
