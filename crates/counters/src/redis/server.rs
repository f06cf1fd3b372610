//! What a server tells of itself when a connection to it is made: whether it can be used, and whether a restart keeps counters.

use std::collections::HashMap;

use redis::aio::MultiplexedConnection;
use redis::{RedisError, cmd};

use super::Durability;

/// Redis 7 is the first that forgets scripts when it restarts, and does not pass them on to replicas.
const MAJOR: u32 = 7;

/// Which process of which server scripts are for. Both texts are letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    /// What its restarts in place have in common, and nothing else has.
    pub(super) node: String,
    /// What no two of its restarts have in common.
    pub(super) run: String,
    /// Whether a restart in place finds everything that was confirmed before it.
    pub(super) durable: bool,
}

impl Server {
    /// Asks over a connection that ends with the process at its other end.
    ///
    /// # Errors
    /// Why the server cannot be used, for people.
    pub(super) async fn inspect(
        connection: &mut MultiplexedConnection,
        durability: Durability,
    ) -> Result<Self, String> {
        let about = |error: RedisError| format!("Redis: {error}");
        let info: String = cmd("INFO").query_async(connection).await.map_err(about)?;
        let facts = Facts::read(&info)?;
        let place = if facts.clustered {
            let id: String = cmd("CLUSTER").arg("MYID").query_async(connection).await.map_err(about)?;
            let cluster: String = cmd("CLUSTER").arg("INFO").query_async(connection).await.map_err(about)?;
            // It rises with every promotion and is kept over a restart.
            let epoch = fields(&cluster).get("cluster_my_epoch").copied().unwrap_or("unknown");
            Some(format!("{id}e{epoch}"))
        } else {
            (!facts.promoted).then(|| "single".to_owned())
        };
        let durable = place.is_some()
            && match durability {
                Durability::Durable => true,
                Durability::Detect => keeps_everything(connection).await,
            };
        let run = letters(&format!("{}{}", facts.run, facts.lineage));
        Ok(Self { node: letters(&place.unwrap_or_default()), run, durable })
    }
}

/// Whether the server says that every write is on disk before it is confirmed. One that does not say, does not.
async fn keeps_everything(connection: &mut MultiplexedConnection) -> bool {
    let asked = cmd("CONFIG")
        .arg("GET")
        .arg(&["appendonly", "appendfsync", "no-appendfsync-on-rewrite"])
        .query_async::<HashMap<String, String>>(connection)
        .await;
    let Ok(settings) = asked else { return false };
    let is = |name: &str, value: &str| settings.get(name).is_some_and(|set| set == value);
    is("appendonly", "yes") && is("appendfsync", "always") && is("no-appendfsync-on-rewrite", "no")
}

/// What `INFO` says that matters here.
#[derive(Debug, PartialEq, Eq)]
struct Facts {
    run: String,
    /// The history of writes that its data belongs to.
    lineage: String,
    /// It was a replica before, or follows on the history of another server.
    promoted: bool,
    clustered: bool,
}

impl Facts {
    fn read(info: &str) -> Result<Self, String> {
        let fields = fields(info);
        let field = |name: &str| fields.get(name).copied().unwrap_or_default();
        let version = field("redis_version");
        let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok()).unwrap_or(0);
        if major < MAJOR {
            return Err(format!("this is Redis {version}; counters need Redis {MAJOR} or later, or Valkey"));
        }
        if field("role") != "master" {
            return Err(format!("this Redis is a {}; counters need one that takes writes", field("role")));
        }
        if field("maxmemory") != "0" && field("maxmemory_policy") != "noeviction" {
            return Err(format!(
                "this Redis drops keys when its memory is full (maxmemory-policy {}), which would empty counters; \
                 set maxmemory-policy noeviction",
                field("maxmemory_policy")
            ));
        }
        if field("run_id").is_empty() {
            return Err("INFO does not say the run_id, without which lost counters go unnoticed".to_owned());
        }
        Ok(Self {
            run: field("run_id").to_owned(),
            lineage: field("master_replid").to_owned(),
            promoted: field("master_replid2").bytes().any(|digit| digit != b'0'),
            clustered: field("cluster_enabled") == "1",
        })
    }
}

/// Lines of `name:value`.
fn fields(text: &str) -> HashMap<&str, &str> {
    text.lines().filter_map(|line| line.trim_end().split_once(':')).collect()
}

/// Nothing that could end a text in a script.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# Server\r\nredis_version:7.0.15\r\nrun_id:ab\r\nmaxmemory:0\r\n\
                        maxmemory_policy:allkeys-lru\r\nrole:master\r\nmaster_replid:cd\r\n\
                        master_replid2:0000\r\ncluster_enabled:0\r\n";

    fn check(change: (&str, &str), expected: Result<(bool, bool), &str>) {
        let found = Facts::read(&GOOD.replace(change.0, change.1));
        match expected {
            Ok(expected) => assert_eq!(found.map(|facts| (facts.promoted, facts.clustered)), Ok(expected)),
            Err(part) => assert!(found.as_ref().is_err_and(|error| error.contains(part)), "{found:?}"),
        }
    }

    #[test]
    fn a_server_that_would_lose_counters_unnoticed_is_refused_and_told_why() {
        check(("", ""), Ok((false, false)));
        check(("7.0.15", "8.2.0"), Ok((false, false)));
        check(("replid2:0000", "replid2:0a00"), Ok((true, false)));
        check(("enabled:0", "enabled:1"), Ok((false, true)));
        check(("maxmemory:0", "maxmemory:9"), Err("maxmemory-policy noeviction"));
        check(
            ("maxmemory:0\r\nmaxmemory_policy:allkeys-lru", "maxmemory:9\r\nmaxmemory_policy:noeviction"),
            Ok((false, false)),
        );
        check(("7.0.15", "6.2.14"), Err("this is Redis 6.2.14"));
        check(("redis_version:7.0.15", ""), Err("need Redis 7"));
        check(("role:master", "role:slave"), Err("is a slave"));
        check(("run_id:ab", ""), Err("run_id"));
    }

    #[test]
    fn a_process_is_told_from_others_by_its_run_and_its_lineage() {
        let facts = Facts::read(GOOD).unwrap();
        assert_eq!((facts.run.as_str(), facts.lineage.as_str()), ("ab", "cd"));
        assert_eq!(letters("a'b\n9"), "ab9");
    }
}
