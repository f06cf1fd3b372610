//! Where Redis is, as an operator writes it.

use redis::{ConnectionInfo, IntoConnectionInfo, RedisError};

use super::SettingsError;

#[derive(Debug)]
pub(super) enum Address {
    One(Box<ConnectionInfo>),
    /// Servers of one cluster; what is said of user and password holds for all of them.
    Cluster(Vec<ConnectionInfo>),
}

impl Address {
    pub(super) fn read(url: &str) -> Result<Self, SettingsError> {
        let Some((scheme, rest)) = url.split_once("+cluster://") else {
            return Ok(Self::One(Box::new(one(url)?)));
        };
        let (user, servers) = match rest.rsplit_once('@') {
            Some((user, servers)) => (format!("{user}@"), servers),
            None => (String::new(), rest),
        };
        let servers = servers.trim_end_matches('/').split(',');
        servers
            .map(|server| one(&format!("{scheme}://{user}{server}")))
            .collect::<Result<_, _>>()
            .map(Self::Cluster)
    }
}

fn one(url: &str) -> Result<ConnectionInfo, SettingsError> {
    let about =
        |error: RedisError| SettingsError::Url(error.detail().unwrap_or("it cannot be read").to_owned());
    url.into_connection_info().map_err(about)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: &[&str]) {
        let servers = match Address::read(url).unwrap() {
            Address::One(info) => vec![*info],
            Address::Cluster(servers) => servers,
        };
        let found: Vec<String> = servers
            .iter()
            .map(|info| format!("{}@{}", info.redis_settings().username().unwrap_or_default(), info.addr()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn one_server_or_those_of_a_cluster() {
        check("redis://h:1/", &["@h:1"]);
        check("redis+cluster://h:1,i:2", &["@h:1", "@i:2"]);
        check("rediss+cluster://me:secret@h:1,i:2/", &["me@h:1", "me@i:2"]);
        assert!(matches!(Address::read("redis+cluster://h:1"), Ok(Address::Cluster(one)) if one.len() == 1));
        assert!(matches!(Address::read("redis://h:1"), Ok(Address::One(_))));
    }
}
