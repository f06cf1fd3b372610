//! Which server a record is about.
//!
//! 1. The one that this source's record of the same key was about before.
//! 2. The one of the same key: another source says just the same of it.
//! 3. The one of the same package and repository, or of the same slug and repository, if it is one alone and this source
//!    has no other record of it.
//! 4. For a record that knows only a slug: the one of that slug, on the same condition.
//! 5. A new one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sqlx::{Postgres, Transaction};

use super::import::{Batch, Imported, ImportedServer};
use crate::Error;
use crate::column::at;

type Tx = Transaction<'static, Postgres>;

/// A server that a record may be about.
#[derive(sqlx::FromRow)]
struct Candidate {
    record: i64,
    server_id: i64,
}

/// What a record may share with a server that it is about.
enum Road {
    Key,
    Package,
    Repo,
    Slug,
}

/// Finds or makes the server of each record and keeps what the record says of it. The ids are in the records' order.
pub(super) async fn settle(
    tx: &mut Tx,
    batch: &Batch<'_>,
    now: Timestamp,
    imported: &mut Imported,
) -> Result<Vec<i64>, Error> {
    let mut found: BTreeMap<usize, i64> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let known = listed(tx, batch).await?;
    for (index, server) in known {
        taken.insert(server);
        found.insert(index, server);
    }
    for road in [Road::Key, Road::Package, Road::Repo, Road::Slug] {
        let open: Vec<usize> = (0..batch.servers.len()).filter(|index| !found.contains_key(index)).collect();
        if open.is_empty() {
            break;
        }
        let candidates = match road {
            Road::Key => same_key(tx, batch, &open).await?,
            Road::Package => same_package(tx, batch, &open).await?,
            Road::Repo => same_repo(tx, batch, &open).await?,
            Road::Slug => same_slug(tx, batch, &open).await?,
        };
        for (index, server) in single(&candidates) {
            if taken.insert(server) {
                found.insert(index, server);
            }
        }
    }
    let new: Vec<usize> = (0..batch.servers.len()).filter(|index| !found.contains_key(index)).collect();
    found.extend(add(tx, batch, &new, now).await?);
    let added = u64::try_from(new.len()).unwrap_or_default();
    imported.servers_added += added;
    // Every record has one now.
    let ids: Vec<i64> = found.into_values().collect();
    // Those just made are told apart from those of which something else is said.
    let told = update(tx, batch, &ids, now).await?;
    imported.servers_changed += told.saturating_sub(added);
    list(tx, batch, &ids, now).await?;
    Ok(ids)
}

fn records<'a, T>(batch: &'a Batch<'_>, of: impl Fn(&'a ImportedServer) -> T) -> Vec<T> {
    batch.servers.iter().map(of).collect()
}

fn chosen<'a, T>(batch: &'a Batch<'_>, open: &[usize], of: impl Fn(&'a ImportedServer) -> T) -> Vec<T> {
    open.iter().filter_map(|index| batch.servers.get(*index)).map(of).collect()
}

fn numbers(open: &[usize]) -> Vec<i64> {
    open.iter().filter_map(|index| i64::try_from(*index).ok()).collect()
}

fn index(record: i64) -> usize {
    usize::try_from(record).unwrap_or_default()
}

/// Records with one candidate, and candidates that no other record has.
fn single(candidates: &[Candidate]) -> Vec<(usize, i64)> {
    let (mut servers, mut records) = (BTreeMap::new(), BTreeMap::new());
    for candidate in candidates {
        *servers.entry(candidate.server_id).or_insert(0) += 1;
        *records.entry(candidate.record).or_insert(0) += 1;
    }
    let alone = candidates.iter().filter(|candidate| {
        servers.get(&candidate.server_id) == Some(&1) && records.get(&candidate.record) == Some(&1)
    });
    alone.map(|candidate| (index(candidate.record), candidate.server_id)).collect()
}

async fn listed(tx: &mut Tx, batch: &Batch<'_>) -> Result<Vec<(usize, i64)>, Error> {
    let rows: Vec<Candidate> = sqlx::query_as(
        "select record.number - 1 as record, listing.server_id
         from unnest($2::text[]) with ordinality as record (key, number)
         join catalog.listing
           on listing.source_id = $1
          and listing.record_key = record.key",
    )
    .bind(batch.source)
    .bind(records(batch, |server| server.key.as_str()))
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (index(row.record), row.server_id)).collect())
}

async fn same_key(tx: &mut Tx, batch: &Batch<'_>, open: &[usize]) -> Result<Vec<Candidate>, Error> {
    Ok(sqlx::query_as(
        "select record.number as record, server.id as server_id
         from unnest($1::bigint[], $2::text[]) as record (number, key)
         join catalog.server
           on server.key = record.key",
    )
    .bind(numbers(open))
    .bind(chosen(batch, open, |server| server.key.as_str()))
    .fetch_all(&mut **tx)
    .await?)
}

/// Servers that records of `open` may be about, of those that the source has not told of yet. `of` is what is compared beside the
/// repository.
async fn unlisted(
    tx: &mut Tx,
    statement: &'static str,
    batch: &Batch<'_>,
    open: &[usize],
    of: fn(&ImportedServer) -> Option<&str>,
) -> Result<Vec<Candidate>, Error> {
    Ok(sqlx::query_as(statement)
        .bind(batch.source)
        .bind(numbers(open))
        .bind(chosen(batch, open, of))
        .bind(chosen(batch, open, |server| server.repo.as_deref()))
        .fetch_all(&mut **tx)
        .await?)
}

/// The statement of [`unlisted`] for what makes a server fit.
macro_rules! fitting {
    ($fits:literal) => {
        concat!(
            "select record.number as record, server.id as server_id
             from unnest($2::bigint[], $3::text[], $4::text[]) as record (number, named, repo)
             join catalog.server
               on ",
            $fits,
            "
             where not exists (
               select from catalog.listing
               where listing.server_id = server.id
                 and listing.source_id = $1
             )"
        )
    };
}

async fn same_package(tx: &mut Tx, batch: &Batch<'_>, open: &[usize]) -> Result<Vec<Candidate>, Error> {
    let fitting = fitting!("server.package = record.named and lower(server.repo) = lower(record.repo)");
    unlisted(tx, fitting, batch, open, |server| server.package.as_deref()).await
}

async fn same_repo(tx: &mut Tx, batch: &Batch<'_>, open: &[usize]) -> Result<Vec<Candidate>, Error> {
    let fitting = fitting!(
        "split_part(server.key, E'\\n', 1) = record.named and lower(server.repo) = lower(record.repo)"
    );
    unlisted(tx, fitting, batch, open, |server| Some(server.slug.as_str())).await
}

async fn same_slug(tx: &mut Tx, batch: &Batch<'_>, open: &[usize]) -> Result<Vec<Candidate>, Error> {
    let by_slug = |index: &usize| batch.servers.get(*index).is_some_and(|server| server.slug_only);
    let open: Vec<usize> = open.iter().copied().filter(by_slug).collect();
    let fitting = fitting!("split_part(server.key, E'\\n', 1) = record.named");
    unlisted(tx, fitting, batch, &open, |server| Some(server.slug.as_str())).await
}

/// Makes servers for records that are about no known one.
async fn add(
    tx: &mut Tx,
    batch: &Batch<'_>,
    new: &[usize],
    now: Timestamp,
) -> Result<Vec<(usize, i64)>, Error> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = chosen(batch, new, |server| server.slug.as_str());
    let mut used: BTreeSet<String> =
        sqlx::query_scalar("select slug from catalog.server where slug = any ($1)")
            .bind(&wanted)
            .fetch_all(&mut **tx)
            .await?
            .into_iter()
            .collect();
    let slugs: Vec<String> = chosen(batch, new, |server| server)
        .into_iter()
        .map(|server| if used.insert(server.slug.clone()) { server.slug.clone() } else { distinct(server) })
        .collect();
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "insert into catalog.server (slug, key, source_id, name, first_seen_at, changed_at)
         select record.slug, record.key, $1, record.name, $5, $5
         from unnest($2::text[], $3::text[], $4::text[]) as record (slug, key, name)
         returning id, key",
    )
    .bind(batch.source)
    .bind(slugs)
    .bind(chosen(batch, new, |server| server.key.as_str()))
    .bind(chosen(batch, new, |server| server.name.as_str()))
    .bind(at(now))
    .fetch_all(&mut **tx)
    .await?;
    let ids: BTreeMap<String, i64> = rows.into_iter().map(|(id, key)| (key, id)).collect();
    let with_id = |index: &usize| Some((*index, *ids.get(&batch.servers.get(*index)?.key)?));
    Ok(new.iter().filter_map(with_id).collect())
}

/// A slug that only this record has.
fn distinct(server: &ImportedServer) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(&server.key);
    let ending: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{ending}", server.slug)
}

/// Keeps what the records say. The source that a server came from is believed first; others only add what is missing.
#[expect(clippy::too_many_lines, reason = "one statement and its parameters")]
async fn update(tx: &mut Tx, batch: &Batch<'_>, ids: &[i64], now: Timestamp) -> Result<u64, Error> {
    let lines = |of: fn(&ImportedServer) -> &Vec<String>| records(batch, |server| of(server).join("\n"));
    let done = sqlx::query(
        "with told as (
           select server.id,
             case when server.source_id = $1 then record.name else server.name end as name,
             case when server.source_id = $1 or server.words = '' then record.words else server.words end as words,
             case when server.source_id = $1 then coalesce(record.description, server.description)
               else coalesce(server.description, record.description) end as description,
             case when server.source_id = $1 then coalesce(record.repo, server.repo)
               else coalesce(server.repo, record.repo) end as repo,
             case when server.source_id = $1 then coalesce(record.homepage, server.homepage)
               else coalesce(server.homepage, record.homepage) end as homepage,
             case when server.source_id = $1 then coalesce(record.package, server.package)
               else coalesce(server.package, record.package) end as package,
             case when server.source_id = $1 then coalesce(record.topic, server.topic)
               else coalesce(server.topic, record.topic) end as topic,
             case when server.source_id = $1 then coalesce(record.remote_url, server.remote_url)
               else coalesce(server.remote_url, record.remote_url) end as remote_url,
             case when server.source_id = $1 then coalesce(record.image, server.image)
               else coalesce(server.image, record.image) end as image,
             case when server.source_id = $1 then coalesce(record.version, server.version)
               else coalesce(server.version, record.version) end as version,
             catalog.both(server.tags, record.tags) as tags,
             catalog.both(server.transports, record.transports) as transports,
             catalog.both(server.listed_in, record.listed_in) as listed_in
           from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                       $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[])
             as record (id, name, description, repo, homepage, package, topic, tags, transports, remote_url, image,
                        version, listed_in, words)
           join catalog.server
             on server.id = record.id
         )
         update catalog.server
         set name = told.name, words = told.words, description = told.description, repo = told.repo,
             homepage = told.homepage, package = told.package, topic = told.topic, remote_url = told.remote_url,
             image = told.image, version = told.version, tags = told.tags, transports = told.transports,
             listed_in = told.listed_in, changed_at = $2
         from told
         where server.id = told.id
           and (server.name, server.words, server.description, server.repo, server.homepage, server.package,
                server.topic, server.remote_url, server.image, server.version, server.tags, server.transports,
                server.listed_in)
             is distinct from
               (told.name, told.words, told.description, told.repo, told.homepage, told.package,
                told.topic, told.remote_url, told.image, told.version, told.tags, told.transports,
                told.listed_in)",
    )
    .bind(batch.source)
    .bind(at(now))
    .bind(ids)
    .bind(records(batch, |server| server.name.as_str()))
    .bind(records(batch, |server| server.description.as_deref()))
    .bind(records(batch, |server| server.repo.as_deref()))
    .bind(records(batch, |server| server.homepage.as_deref()))
    .bind(records(batch, |server| server.package.as_deref()))
    .bind(records(batch, |server| server.topic.as_deref()))
    .bind(lines(|server| &server.tags))
    .bind(lines(|server| &server.transports))
    .bind(records(batch, |server| server.remote_url.as_deref()))
    .bind(records(batch, |server| server.image.as_deref()))
    .bind(records(batch, |server| server.version.as_deref()))
    .bind(lines(|server| &server.listed_in))
    .bind(records(batch, |server| server.words.join(" ")))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Notes that the source has these records.
async fn list(tx: &mut Tx, batch: &Batch<'_>, ids: &[i64], now: Timestamp) -> Result<(), Error> {
    sqlx::query(
        "insert into catalog.listing (source_id, record_key, server_id, first_seen_at, last_seen_at)
         select $1, record.key, record.server_id, $4, $4
         from unnest($2::text[], $3::bigint[]) as record (key, server_id)
         on conflict (source_id, record_key) do update set last_seen_at = excluded.last_seen_at",
    )
    .bind(batch.source)
    .bind(records(batch, |server| server.key.as_str()))
    .bind(ids)
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
