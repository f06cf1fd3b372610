//! A throwaway Redis Cluster: three masters, and a replica for each of them if wanted.

use std::io;
use std::time::{Duration, Instant};

use super::{Environment, Kind, Redis};

const MASTERS: usize = 3;
const SLOTS: usize = 16_384;
/// How long the servers may take to agree on who they are.
const AGREE: Duration = Duration::from_secs(30);

/// Running servers: the masters in the order of their slots, then their replicas in the same order.
#[derive(Debug)]
pub struct Cluster {
    /// All of them.
    pub servers: Vec<Redis>,
}

impl Cluster {
    /// Starts it, and waits until it takes calls. Masters and replicas write every change to disk before they answer.
    ///
    /// # Errors
    /// As [`Redis::start`], or a message that says what they did not agree on.
    pub fn start(replicas: bool) -> io::Result<Self> {
        Self::start_in(replicas, &Environment::new())
    }

    /// The same in another environment, such as that of a [clock](crate::clock).
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_in(replicas: bool, environment: &Environment) -> io::Result<Self> {
        let count = if replicas { 2 * MASTERS } else { MASTERS };
        let servers = (0..count)
            .map(|_| Redis::start_as(Kind::Clustered, environment.clone()))
            .collect::<Result<Vec<_>, _>>()?;
        let cluster = Self { servers };
        cluster.form()?;
        Ok(cluster)
    }

    /// `redis+cluster://127.0.0.1:<port>,…`, with the address of each server.
    #[must_use]
    pub fn url(&self) -> String {
        let servers: Vec<String> =
            self.servers.iter().map(|server| format!("127.0.0.1:{}", server.port())).collect();
        format!("redis+cluster://{}", servers.join(","))
    }

    fn form(&self) -> io::Result<()> {
        for (index, server) in self.servers.iter().enumerate() {
            expect_ok(server, &format!("cluster set-config-epoch {}", index + 1))?;
            if index < MASTERS {
                let (first, end) = (index * SLOTS / MASTERS, (index + 1) * SLOTS / MASTERS);
                expect_ok(server, &format!("cluster addslotsrange {first} {}", end - 1))?;
            }
        }
        let Some(first) = self.servers.first() else { return Ok(()) };
        for server in self.servers.iter().skip(1) {
            expect_ok(first, &format!("cluster meet 127.0.0.1 {} {}", server.port(), server.bus_port()))?;
        }
        let known = format!("cluster_known_nodes:{}", self.servers.len());
        self.wait("they do not know each other", |server| {
            Ok(server.command("cluster info")?.contains(&known))
        })?;
        for (master, replica) in self.servers.iter().zip(self.servers.iter().skip(MASTERS)) {
            let id = master.command("cluster myid")?;
            expect_ok(replica, &format!("cluster replicate {id}"))?;
        }
        self.wait("they do not take calls", |server| {
            let (cluster, replication) =
                (server.command("cluster info")?, server.command("info replication")?);
            let follows =
                replication.contains("role:master") || replication.contains("master_link_status:up");
            Ok(cluster.contains("cluster_state:ok") && follows)
        })?;
        let replicas = self.servers.len() - MASTERS;
        self.wait("the replicas are not known", |server| {
            let nodes = server.command("cluster nodes")?;
            Ok(nodes.lines().filter(|line| line.contains("slave")).count() == replicas)
        })
    }

    /// Waits until something holds for every server.
    fn wait(&self, otherwise: &str, holds: impl Fn(&Redis) -> io::Result<bool>) -> io::Result<()> {
        let deadline = Instant::now() + AGREE;
        for server in &self.servers {
            while !holds(server)? {
                if Instant::now() > deadline {
                    return Err(io::Error::other(format!("the servers of a Redis Cluster: {otherwise}")));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(())
    }
}

fn expect_ok(server: &Redis, command: &str) -> io::Result<()> {
    match server.command(command)?.as_str() {
        "+OK" => Ok(()),
        other => Err(io::Error::other(format!("{command}: {other}"))),
    }
}
