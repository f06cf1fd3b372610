//! Which tools are called most.

use jiff::Timestamp;
use model::{ServerId, TeamId};
use sqlx::FromRow;
use uuid::Uuid;

use super::EventCounts;
use super::histogram::Counted;
use crate::column::{at, team_ids};
use crate::{Error, OrgTx};

/// A tool and how its calls were decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCounts {
    /// Its server; `None` for calls that reached no server of the caller's.
    pub server: Option<ServerId>,
    /// Its name.
    pub tool: String,
    /// Its calls.
    pub counts: EventCounts,
}

#[derive(FromRow)]
struct Row {
    server_id: Option<Uuid>,
    subject: String,
    #[sqlx(flatten)]
    counted: Counted,
}

impl OrgTx {
    /// The tools with the most calls of a span, of these teams or of all, most first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn top_tools(
        &mut self,
        teams: Option<&[TeamId]>,
        (after, before): (Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Vec<ToolCounts>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select server_id, subject,
                    count(*) filter (where verdict = 'allow') as allowed,
                    count(*) filter (where verdict = 'deny' and approval_id is null) as denied,
                    count(*) filter (where verdict = 'deny' and approval_id is not null) as parked
             from audit_event
             where event_time >= $1
               and event_time < $2
               and method = 'tools/call'
               and subject is not null
               and ($3::uuid[] is null or team_id = any($3))
             group by 1, 2
             order by count(*) desc, 2, 1
             limit $4",
        )
        .persistent(false)
        .bind(at(after))
        .bind(at(before))
        .bind(team_ids(teams))
        .bind(i64::from(limit))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                let server = row.server_id.map(ServerId::from_uuid);
                Ok(ToolCounts { server, tool: row.subject, counts: row.counted.counts()? })
            })
            .collect()
    }
}
