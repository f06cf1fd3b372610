//! Which server an organisation's counters are on: the only one, or the one that has its slot of a Redis Cluster.
//!
//! All keys of an organisation are in one slot, and a script that a server refuses to run there was not run: only then it is sent to
//! another.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ::redis::{Client, ConnectionAddr, ConnectionInfo, Value, cmd};
use parking_lot::{Mutex, RwLock};
use tokio::sync::watch;

use super::link::Node;
use super::script::Clock;
use super::{Durability, SettingsError};

/// Slots of a cluster.
const SLOTS: u16 = 16_384;

pub(super) enum Nodes {
    /// One server, over one link or several.
    One {
        links: Vec<Arc<Node>>,
        next: AtomicUsize,
    },
    Cluster(Arc<Cluster>),
}

impl Nodes {
    pub(super) fn one(
        info: ConnectionInfo,
        links: usize,
        durability: Durability,
        clock: Clock,
    ) -> Result<Self, SettingsError> {
        let client = client(info)?;
        let node = || Node::new(client.clone(), durability, clock);
        let links = std::iter::repeat_with(node).take(links).collect();
        Ok(Self::One { links, next: AtomicUsize::new(0) })
    }

    /// The server for an organisation.
    ///
    /// # Errors
    /// Why it cannot be told, for people.
    pub(super) async fn of(&self, org: &str) -> Result<Arc<Node>, String> {
        match self {
            Self::One { links, next } => {
                let turn = match links.len() {
                    0 | 1 => 0,
                    several => next.fetch_add(1, Ordering::Relaxed) % several,
                };
                links.get(turn).cloned().ok_or_else(|| "there is no connection".to_owned())
            }
            Self::Cluster(cluster) => cluster.node_of(slot(org)).await,
        }
    }

    /// Begins to connect; what comes of it is seen by the first call.
    pub(super) fn wake(&self) {
        match self {
            Self::One { links, .. } => links.iter().for_each(Node::wake),
            Self::Cluster(cluster) => {
                let cluster = Arc::clone(cluster);
                tokio::spawn(async move {
                    if let Ok(map) = cluster.map().await {
                        map.nodes.values().for_each(Node::wake);
                    }
                });
            }
        }
    }

    /// All servers that are known.
    pub(super) async fn all(&self) -> Result<Vec<Arc<Node>>, String> {
        match self {
            Self::One { links, .. } => Ok(links.clone()),
            Self::Cluster(cluster) => {
                let map = cluster.map().await?;
                Ok(map.nodes.values().cloned().collect())
            }
        }
    }

    /// Where a server has sent a call on to.
    pub(super) fn at(&self, address: &str) -> Option<Arc<Node>> {
        match self {
            Self::One { .. } => None,
            Self::Cluster(cluster) => cluster.node_at(address),
        }
    }

    /// The map of the cluster is not right any more.
    pub(super) fn outdated(&self) {
        if let Self::Cluster(cluster) = self {
            *cluster.map.write() = None;
        }
    }
}

pub(super) fn client(info: ConnectionInfo) -> Result<Client, SettingsError> {
    Client::open(info)
        .map_err(|error| SettingsError::Url(error.detail().unwrap_or("it cannot be read").to_owned()))
}

/// What is known of a cluster.
#[derive(Default)]
struct Map {
    /// First and last slot, and whose they are.
    slots: Vec<(u16, u16, Arc<Node>)>,
    nodes: HashMap<String, Arc<Node>>,
}

type Drawn = Option<Result<Arc<Map>, String>>;

pub(super) struct Cluster {
    /// How to connect: the first address that was given, with user, password and TLS.
    template: ConnectionInfo,
    durability: Durability,
    clock: Clock,
    map: RwLock<Option<Arc<Map>>>,
    drawing: Mutex<Option<watch::Receiver<Drawn>>>,
    /// Every server met so far, and those that were given.
    nodes: Mutex<HashMap<String, Arc<Node>>>,
}

impl Cluster {
    pub(super) fn new(
        addresses: &[ConnectionInfo],
        durability: Durability,
        clock: Clock,
    ) -> Result<Arc<Self>, SettingsError> {
        let template =
            addresses.first().cloned().ok_or_else(|| SettingsError::Url("it names no server".to_owned()))?;
        let mut nodes = HashMap::new();
        for info in addresses {
            let node = Node::new(client(info.clone())?, durability, clock);
            nodes.insert(info.addr().to_string(), node);
        }
        let (map, drawing) = (RwLock::new(None), Mutex::new(None));
        Ok(Arc::new(Self { template, durability, clock, map, drawing, nodes: Mutex::new(nodes) }))
    }

    async fn node_of(self: &Arc<Self>, slot: u16) -> Result<Arc<Node>, String> {
        let map = self.map().await?;
        let owner = map.slots.iter().find(|(first, last, _)| (*first..=*last).contains(&slot));
        owner
            .map(|(.., node)| Arc::clone(node))
            .ok_or_else(|| format!("no server of the Redis Cluster has slot {slot}"))
    }

    fn node_at(&self, address: &str) -> Option<Arc<Node>> {
        let (host, port) = address.rsplit_once(':')?;
        let port = port.parse().ok()?;
        let info = self.template.clone();
        let place = match info.addr() {
            ConnectionAddr::TcpTls { insecure, tls_params, .. } => ConnectionAddr::TcpTls {
                host: host.to_owned(),
                port,
                insecure: *insecure,
                tls_params: tls_params.clone(),
            },
            _ => ConnectionAddr::Tcp(host.to_owned(), port),
        };
        let mut nodes = self.nodes.lock();
        if let Some(node) = nodes.get(address) {
            return Some(Arc::clone(node));
        }
        let node = Node::new(client(info.set_addr(place)).ok()?, self.durability, self.clock);
        nodes.insert(address.to_owned(), Arc::clone(&node));
        Some(node)
    }

    /// The map; drawn first if there is none.
    async fn map(self: &Arc<Self>) -> Result<Arc<Map>, String> {
        if let Some(map) = &*self.map.read() {
            return Ok(Arc::clone(map));
        }
        let mut drawn = self.drawing.lock().get_or_insert_with(|| Arc::clone(self).draw()).clone();
        match drawn.wait_for(Option::is_some).await {
            Ok(drawn) => drawn.clone().unwrap_or_else(|| Err("the map was not drawn".to_owned())),
            Err(_) => Err("the map of the Redis Cluster was not drawn".to_owned()),
        }
    }

    fn draw(self: Arc<Self>) -> watch::Receiver<Drawn> {
        let (tell, drawn) = watch::channel(None);
        tokio::spawn(async move {
            let map = self.ask_for_map().await;
            *self.map.write() = map.as_ref().ok().cloned();
            *self.drawing.lock() = None;
            // Nobody may be waiting any more.
            let _ = tell.send(Some(map));
        });
        drawn
    }

    /// Asks one server after the other.
    async fn ask_for_map(&self) -> Result<Arc<Map>, String> {
        let known: Vec<_> =
            self.nodes.lock().iter().map(|(at, node)| (at.clone(), Arc::clone(node))).collect();
        let mut last = "no server of the Redis Cluster is known".to_owned();
        for (address, node) in known {
            match node.ask(cmd("CLUSTER").arg("SLOTS")).await {
                Ok(slots) => match self.read(&slots, &address) {
                    Some(map) => return Ok(Arc::new(map)),
                    None => last = format!("{address} has no map of the cluster"),
                },
                Err(reason) => last = reason,
            }
        }
        Err(last)
    }

    /// The answer to `CLUSTER SLOTS`: `[first, last, [host, port, …], …]` for each range.
    fn read(&self, slots: &Value, asked: &str) -> Option<Map> {
        let Value::Array(ranges) = slots else { return None };
        let mut map = Map::default();
        for range in ranges {
            let Value::Array(range) = range else { return None };
            let [Value::Int(first), Value::Int(last), Value::Array(owner), ..] = range.as_slice() else {
                return None;
            };
            let [host, Value::Int(port), ..] = owner.as_slice() else { return None };
            let host = match host {
                Value::BulkString(host) if !host.is_empty() => String::from_utf8_lossy(host).into_owned(),
                _ => asked.rsplit_once(':')?.0.to_owned(),
            };
            let address = format!("{host}:{port}");
            let node = self.node_at(&address)?;
            map.slots.push((u16::try_from(*first).ok()?, u16::try_from(*last).ok()?, Arc::clone(&node)));
            map.nodes.insert(address, node);
        }
        (!map.slots.is_empty()).then_some(map)
    }
}

/// The slot of the keys that have this hash tag: CRC-16/XMODEM modulo the number of slots.
fn slot(tag: &str) -> u16 {
    let sum = tag.bytes().fold(0_u16, |sum, byte| {
        (0..8).fold(sum ^ (u16::from(byte) << 8), |sum, _| {
            if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 }
        })
    });
    sum % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_redis() {
        // From `CLUSTER KEYSLOT`; the first is the check value of CRC-16/XMODEM.
        assert_eq!(slot("123456789"), 0x31C3);
        assert_eq!((slot("foo"), slot("bar"), slot("")), (12_182, 5_061, 0));
    }

    fn cluster(url: &str) -> Arc<Cluster> {
        // The client looks for the process's cryptography as soon as an address asks for TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let info = ::redis::IntoConnectionInfo::into_connection_info(url).unwrap();
        Cluster::new(&[info], Durability::Detect, Clock::Given).unwrap()
    }

    #[test]
    fn servers_of_a_cluster_are_reached_as_the_first_one_is() {
        let address = |url: &str| cluster(url).node_at("10.0.0.2:7001").unwrap().address().clone();
        assert_eq!(address("redis://10.0.0.1:7000"), ConnectionAddr::Tcp("10.0.0.2".to_owned(), 7001));
        let ConnectionAddr::TcpTls { host, port, insecure, .. } = address("rediss://10.0.0.1:7000") else {
            panic!("TLS was given up");
        };
        assert_eq!((host.as_str(), port, insecure), ("10.0.0.2", 7001, false));
    }

    #[test]
    fn a_server_that_does_not_know_its_own_name_has_the_one_it_was_asked_by() {
        let owner = |host: &str| {
            let host = Value::BulkString(host.as_bytes().to_vec());
            Value::Array(vec![host, Value::Int(7001)])
        };
        let slots = Value::Array(vec![
            Value::Array(vec![Value::Int(0), Value::Int(99), owner("")]),
            Value::Array(vec![Value::Int(100), Value::Int(16_383), owner("10.0.0.3")]),
        ]);
        let map = cluster("redis://10.0.0.1:7000").read(&slots, "10.0.0.2:7000").unwrap();
        let mut names: Vec<_> = map.nodes.into_keys().collect();
        names.sort();
        assert_eq!(names, ["10.0.0.2:7001", "10.0.0.3:7001"]);
    }

    #[tokio::test]
    async fn connections_to_one_server_take_turns() {
        let info = ::redis::IntoConnectionInfo::into_connection_info("redis://10.0.0.1:7000").unwrap();
        let nodes = Nodes::one(info, 3, Durability::Detect, Clock::Given).unwrap();
        let mut turns = Vec::new();
        for _ in 0..7 {
            turns.push(nodes.of("org").await.unwrap());
        }
        let same = |a: usize, b: usize| Arc::ptr_eq(&turns[a], &turns[b]);
        assert!(same(0, 3) && same(3, 6) && same(1, 4) && same(2, 5));
        assert!(!same(0, 1) && !same(1, 2) && !same(0, 2));
    }
}
