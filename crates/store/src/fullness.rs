//! How full limits are, by what permitted calls took.

use jiff::Timestamp;
use model::TeamId;
use policy::{Amount, Counter};
use sqlx::FromRow;
use sqlx::types::Json;

use crate::column::{at, parsed, team_ids};
use crate::{Error, OrgTx};

/// A counter that something was taken from, in the window that is open now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullLimit {
    /// Which counter.
    pub counter: Counter,
    /// What it holds.
    pub used: Amount,
    /// The most that it may hold.
    pub max: Amount,
    /// When its window ends; for a rolling one, when everything taken so far counts no more.
    pub until: Timestamp,
    /// The label of the identity that it is counted for, where it is one's.
    pub identity: Option<String>,
    /// The slug of the server that it is counted for, where it is one's or a grant's.
    pub server: Option<String>,
    /// The slug of the team that it is counted for, where it is one's or a team's grant's.
    pub team: Option<String>,
}

#[derive(FromRow)]
struct Row {
    counter: Json<Counter>,
    used: String,
    max: String,
    until: jiff_sqlx::Timestamp,
    identity: Option<String>,
    server: Option<String>,
    team: Option<String>,
}

impl OrgTx {
    /// The fullest limits, of these teams or of all, fullest first. Somebody who is confined to teams is not shown what is counted
    /// for a server or the organisation, because others spend it too. A call that was not sent after all stays in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fullest_limits(
        &mut self,
        teams: Option<&[TeamId]>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<FullLimit>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "with open as (
               select digest, counter, sum(amount) as taken, max(counts_until) as until,
                      (array_agg(max order by place desc) filter (where max is not null))[1] as max
               from counter_taken
               where counts_until > $1
               group by digest, counter
             ), counted as (
               select digest, counter, least(taken, max) as used, max, until, counter->>'scope' as scope,
                      substring(counter->>'scope_id' from '^[a-z]+_([0-9a-f]{32})')::uuid as place_id
               from open
               where max > 0
             )
             select counted.counter, trim_scale(counted.used)::text as used, trim_scale(counted.max)::text as max,
                    counted.until, identity.label as identity, server.slug as server, team.slug as team
             from counted
             left join access_grant on counted.scope = 'grant' and access_grant.id = counted.place_id
             left join identity
               on identity.id = case when counted.scope in ('identity', 'session') then counted.place_id
                                     else access_grant.identity_id end
             left join server
               on server.id = case when counted.scope = 'server' then counted.place_id
                                   else access_grant.server_id end
             left join team
               on team.id = case when counted.scope = 'team' then counted.place_id
                                 when access_grant.identity_id is null then access_grant.team_id end
             where $2::uuid[] is null
                or coalesce(team.id, identity.team_id) = any($2)
             order by counted.used / counted.max desc, counted.counter->>'name', counted.scope, counted.digest
             limit $3",
        )
        .bind(at(now))
        .bind(team_ids(teams))
        .bind(i64::from(limit))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(FullLimit {
                    counter: row.counter.0,
                    used: parsed("counter_taken", &row.used)?,
                    max: parsed("counter_taken", &row.max)?,
                    until: row.until.to_jiff(),
                    identity: row.identity,
                    server: row.server,
                    team: row.team,
                })
            })
            .collect()
    }
}
