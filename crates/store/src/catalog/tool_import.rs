//! The tools of records: each is kept as the source with the most to say defines it, and what it was before is remembered.

use jiff::Timestamp;
use sqlx::{Postgres, Transaction};

use super::import::{Batch, Imported, ImportedTool};
use crate::Error;
use crate::column::at;

type Tx = Transaction<'static, Postgres>;

/// Takes the batch's tools in. `servers` are the ids of its servers.
pub(super) async fn take(
    tx: &mut Tx,
    batch: &Batch<'_>,
    servers: &[i64],
    now: Timestamp,
    imported: &mut Imported,
) -> Result<(), Error> {
    let listed: Vec<(i64, &[ImportedTool])> = servers
        .iter()
        .zip(batch.servers)
        .filter_map(|(id, server)| Some((*id, server.tools.as_deref()?)))
        .collect();
    let tools: Vec<(i64, &ImportedTool)> =
        listed.iter().flat_map(|(id, tools)| tools.iter().map(|tool| (*id, tool))).collect();
    if !listed.is_empty() {
        imported.tools_gone += leave(tx, batch.source, &listed, &tools, now).await?;
    }
    if !tools.is_empty() {
        remember(tx, batch.source, &tools, now).await?;
        let (added, changed) = put(tx, batch.source, &tools, now).await?;
        imported.tools_added += added;
        imported.tools_changed += changed;
    }
    refresh(tx, servers).await
}

fn of<'a, T>(tools: &[(i64, &'a ImportedTool)], value: impl Fn(&'a ImportedTool) -> T) -> Vec<T> {
    tools.iter().map(|(_, tool)| value(tool)).collect()
}

fn ids(tools: &[(i64, &ImportedTool)]) -> Vec<i64> {
    tools.iter().map(|(id, _)| *id).collect()
}

/// Marks tools that this source listed before and does not list now.
async fn leave(
    tx: &mut Tx,
    source: i64,
    listed: &[(i64, &[ImportedTool])],
    tools: &[(i64, &ImportedTool)],
    now: Timestamp,
) -> Result<u64, Error> {
    let done = sqlx::query(
        "with gone as (
           update catalog.tool
           set gone_at = $5, terms = ''
           where tool.source_id = $1
             and tool.server_id = any ($2)
             and tool.gone_at is null
             and (tool.server_id, tool.name) not in (
               select record.server_id, record.name
               from unnest($3::bigint[], $4::text[]) as record (server_id, name)
             )
           returning tool.server_id, tool.name, tool.definition, tool.hash, tool.category
         )
         insert into catalog.tool_change (server_id, name, source_id, kind, definition, hash, category, at)
         select server_id, name, $1, 'gone', definition, hash, category, $5
         from gone",
    )
    .bind(source)
    .bind(listed.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(ids(tools))
    .bind(of(tools, |tool| tool.name.as_str()))
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Keeps the definitions that are about to be replaced, and notes which tools come back.
async fn remember(
    tx: &mut Tx,
    source: i64,
    tools: &[(i64, &ImportedTool)],
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "insert into catalog.tool_change (server_id, name, source_id, kind, definition, hash, category, at)
         select tool.server_id, tool.name, $1, case when tool.gone_at is null then 'changed' else 'back' end,
                tool.definition, tool.hash, tool.category, $5
         from unnest($2::bigint[], $3::text[], $4::bytea[]) as record (server_id, name, hash)
         join catalog.tool
           on tool.server_id = record.server_id
          and tool.name = record.name
         where tool.source_id = $1
           and (tool.hash <> record.hash or tool.gone_at is not null)",
    )
    .bind(source)
    .bind(ids(tools))
    .bind(of(tools, |tool| tool.name.as_str()))
    .bind(of(tools, |tool| tool.hash.as_slice()))
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds tools, and replaces those that this source, or one that tells less, has defined otherwise. Gives the numbers of
/// both.
async fn put(
    tx: &mut Tx,
    source: i64,
    tools: &[(i64, &ImportedTool)],
    now: Timestamp,
) -> Result<(u64, u64), Error> {
    let (added, changed): (i64, i64) = sqlx::query_as(
        "with put as (
           insert into catalog.tool as tool
             (server_id, name, source_id, grade, title, summary, definition, hash, category, confidence, reasons,
              tokens, terms, first_seen_at, changed_at)
           select record.server_id, record.name, $1, record.grade, record.title, record.summary, record.definition,
                  record.hash, record.category, record.confidence, record.reasons, record.tokens,
                  setweight(to_tsvector('english', record.words), 'A')
                    || setweight(to_tsvector('english', record.summary), 'C')
                    || array_to_tsvector(array['~category:' || record.category, '~risk:' || record.risk]),
                  $2, $2
           from unnest($3::bigint[], $4::text[], $5::smallint[], $6::text[], $7::text[], $8::text[], $9::bytea[],
                       $10::text[], $11::text[], $12::double precision[], $13::text[], $14::integer[], $15::text[])
             as record (server_id, name, grade, title, summary, definition, hash, category, risk, confidence,
                        reasons, tokens, words)
           on conflict (server_id, name) do update
           set source_id = excluded.source_id, grade = excluded.grade, title = excluded.title,
               summary = excluded.summary, definition = excluded.definition, hash = excluded.hash,
               category = excluded.category, confidence = excluded.confidence, reasons = excluded.reasons,
               tokens = excluded.tokens, terms = excluded.terms, gone_at = null,
               changed_at = case when tool.hash = excluded.hash then tool.changed_at else excluded.changed_at end
           where (tool.source_id = excluded.source_id or tool.grade < excluded.grade)
             and (tool.source_id, tool.grade, tool.hash, tool.category, tool.confidence, tool.reasons, tool.tokens,
                  tool.terms, tool.gone_at is null)
               is distinct from
                 (excluded.source_id, excluded.grade, excluded.hash, excluded.category, excluded.confidence,
                  excluded.reasons, excluded.tokens, excluded.terms, true)
           returning tool.xmax = 0 as added
         )
         select count(*) filter (where added), count(*) filter (where not added)
         from put",
    )
    .bind(source)
    .bind(at(now))
    .bind(ids(tools))
    .bind(of(tools, |tool| tool.name.as_str()))
    .bind(of(tools, |tool| if tool.whole { 2_i16 } else { 1 }))
    .bind(of(tools, |tool| tool.title.as_deref()))
    .bind(of(tools, |tool| tool.summary.as_str()))
    .bind(of(tools, |tool| tool.definition.as_str()))
    .bind(of(tools, |tool| tool.hash.as_slice()))
    .bind(of(tools, |tool| tool.category.as_str()))
    .bind(of(tools, |tool| tool.category.risk()))
    .bind(of(tools, |tool| tool.confidence))
    .bind(of(tools, |tool| tool.reasons.as_str()))
    .bind(of(tools, |tool| i32::try_from(tool.tokens).unwrap_or(i32::MAX)))
    .bind(of(tools, |tool| tool.words.join(" ")))
    .fetch_one(&mut **tx)
    .await?;
    Ok((u64::try_from(added).unwrap_or_default(), u64::try_from(changed).unwrap_or_default()))
}

/// Counts the tools of servers anew, and what the servers are found by. Server by server, so that it reads no more than their tools
/// before anything was ever analysed, too.
async fn refresh(tx: &mut Tx, servers: &[i64]) -> Result<(), Error> {
    sqlx::query(
        "with counted as (
           select one.id, of_one.*
           from unnest($1::bigint[]) as one (id)
           cross join lateral (
             select
               count(*) filter (where category = 'read') as read_tools,
               count(*) filter (where category = 'write') as write_tools,
               count(*) filter (where category = 'execute') as execute_tools,
               count(*) filter (where category = 'destructive') as destructive_tools,
               count(*) filter (where category = 'financial') as financial_tools,
               count(*) filter (where category = 'other') as other_tools,
               coalesce(sum(tokens), 0) as tokens,
               coalesce(array_agg(distinct '~category:' || category) filter (where category is not null), '{}')
                 as categories
             from catalog.tool
             where tool.server_id = one.id
               and tool.gone_at is null
           ) as of_one
         ), found as (
           select counted.*,
             setweight(to_tsvector('english', server.words), 'A')
               || setweight(to_tsvector('english', array_to_string(server.topic || server.tags, ' ')), 'B')
               || setweight(to_tsvector('english', coalesce(server.description, '')), 'C')
               || array_to_tsvector(
                 counted.categories
                   || array(select '~transport:' || lower(one) from unnest(server.transports) as one)
                   || array(select '~source:' || lower(one) from unnest(server.listed_in) as one)
                   || case when cardinality(counted.categories) > 0 then array['~tools'] else '{}' end
               ) as terms
           from counted
           join catalog.server
             on server.id = counted.id
         )
         update catalog.server
         set read_tools = found.read_tools, write_tools = found.write_tools, execute_tools = found.execute_tools,
             destructive_tools = found.destructive_tools, financial_tools = found.financial_tools,
             other_tools = found.other_tools, tokens = found.tokens, terms = found.terms
         from found
         where server.id = found.id
           and (server.read_tools, server.write_tools, server.execute_tools, server.destructive_tools,
                server.financial_tools, server.other_tools, server.tokens, server.terms)
             is distinct from
               (found.read_tools, found.write_tools, found.execute_tools, found.destructive_tools,
                found.financial_tools, found.other_tools, found.tokens, found.terms)",
    )
    .bind(servers)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
