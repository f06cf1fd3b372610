//! Everything that is measured in one run, as the bench script wants it described.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    product::Product,
    running::{Running, free_address},
};

/// The bearer that the floors know.
const BENCH_TOKEN: &str = "bench-token";

/// Rules in our policy, each with a limit and a bound on an argument.
const RULES: usize = 50;

/// One target of `targets.json`.
#[derive(Serialize)]
pub(super) struct Target {
    pub(super) name: String,
    url: String,
    start: String,
    headers: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<String, String>,
    /// Its CPU is measured while others are loaded, too.
    always: bool,
}

/// Where the run keeps its files, and what it runs.
pub(super) struct Lab {
    pub(super) home: PathBuf,
    pub(super) programs: PathBuf,
    pub(super) binary: PathBuf,
    pub(super) redis: String,
}

impl Target {
    fn new(name: &str, url: String, start: String, token: &str) -> Self {
        let headers = vec![format!("Authorization: Bearer {token}")];
        Self { name: name.to_owned(), url, start, headers, env: BTreeMap::new(), always: false }
    }

    fn with_env(mut self, environment: &[(&str, &str)]) -> Self {
        self.env =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self
    }
}

impl Lab {
    /// Describes every target; what is returned beside them must live as long as the run.
    pub(super) fn targets(&self) -> anyhow::Result<(Vec<Target>, Vec<Product>)> {
        let upstream = free_address()?;
        let serve = format!("{} --listen {upstream}", self.programs.join("upstream").display());
        let url = format!("http://{upstream}/mcp");
        let mut targets = vec![Target::new("direct", url.clone(), serve, BENCH_TOKEN)];
        if let Some(direct) = targets.first_mut() {
            direct.always = true;
        }
        targets.extend(self.nginx(upstream)?);
        let audit = self.home.join("floor-audit.log");
        let full = format!("--mode gate --redis {} --audit {}", self.redis, audit.display());
        targets.push(self.floor("floor-http", upstream, "--mode http")?);
        targets.push(self.floor("floor-full", upstream, &full)?);
        let held = self.ours(&url, &mut targets)?;
        Ok((targets, held))
    }

    fn floor(&self, name: &str, upstream: SocketAddr, mode: &str) -> anyhow::Result<Target> {
        let address = free_address()?;
        let floor = self.programs.join("floor");
        let start = format!("{} --upstream {upstream} --listen {address} {mode}", floor.display());
        Ok(Target::new(name, format!("http://{address}/mcp"), start, BENCH_TOKEN))
    }

    /// A plain keep-alive reverse proxy, where nginx is installed.
    fn nginx(&self, upstream: SocketAddr) -> anyhow::Result<Option<Target>> {
        let program = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"]
            .into_iter()
            .find(|path| Path::new(path).exists());
        let Some(program) = program else {
            println!("nginx is not installed (Debian: apt-get install nginx-light); its ratios are left out");
            return Ok(None);
        };
        let (address, home) = (free_address()?, self.home.join("nginx"));
        std::fs::create_dir_all(&home)?;
        let file = home.join("nginx.conf");
        std::fs::write(&file, nginx_configuration(&home, address, upstream))?;
        let start = format!("{program} -p {} -c {}", home.display(), file.display());
        Ok(Some(Target::new("nginx", format!("http://{address}/mcp"), start, BENCH_TOKEN)))
    }

    /// Our binary four times: as one process and as a gateway alone, each with limits in memory and in Redis.
    fn ours(&self, url: &str, targets: &mut Vec<Target>) -> anyhow::Result<Vec<Product>> {
        let start = targets.first().map(|direct| direct.start.clone()).unwrap_or_default();
        let mut words = start.split(' ');
        let mut command = Command::new(words.next().context("no upstream")?);
        // Registering a server means asking it for its tools.
        let _upstream = Running::start("the upstream", command.args(words), &self.home.join("upstream.log"))?;
        let redis = format!("redis://{}", self.redis);
        let mut held = Vec::new();
        for (counters, environment) in [("memory", vec![]), ("redis", vec![("REDIS_URL", redis.as_str())])] {
            let name = format!("policylayer-up-{counters}");
            let product = Product::start(&self.binary, &self.home.join(&name), &environment)?;
            let access = product.quickstart("bench", url, &policy())?;
            let up = Target::new(&name, access.gateway_url, product.up_again(), &access.token);
            targets.push(up.with_env(&environment));

            let name = format!("policylayer-gateway-{counters}");
            let product = Product::start(&self.binary, &self.home.join(&name), &[])?;
            let access = product.quickstart("bench", url, &policy())?;
            let (command, address) = product.gateway_beside("alone")?;
            let url = access.gateway_url.replacen(&product.address().to_string(), &address.to_string(), 1);
            targets.push(Target::new(&name, url, command, &access.token).with_env(&environment));
            held.push(product);
        }
        Ok(held)
    }
}

/// Limits so high that no run reaches them, and bounds that every call keeps.
fn policy() -> String {
    let rule = |index: usize| {
        let limit = json!({"counter": format!("calls_{index:02}"), "window": "minute", "max": 1_000_000_000, "scope": "grant"});
        let bound = json!({"conditions": [{"path": "args.n", "op": "lte", "value": 1_000_000}], "on_deny": "n is too large"});
        (format!("tool_{index:02}"), json!({"require": [bound], "limits": [limit]}))
    };
    let tools: serde_json::Map<String, Value> = (0..RULES).map(rule).collect();
    json!({"version": "1", "default": "deny", "tools": tools}).to_string()
}

fn nginx_configuration(home: &Path, listen: SocketAddr, upstream: SocketAddr) -> String {
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("  {kind}_temp_path {}/{kind};\n", home.display()))
        .concat();
    format!(
        "daemon off;\nworker_processes 2;\npid {home}/nginx.pid;\nerror_log {home}/error.log;\nevents {{ worker_connections 1024; }}\n\
         http {{\n  access_log off;\n  keepalive_requests 1000000000;\n{temporary}\
         \x20 upstream mcp {{ server {upstream}; keepalive 128; keepalive_requests 1000000000; }}\n\
         \x20 server {{\n    listen {listen};\n    location / {{\n      proxy_pass http://mcp;\n      \
         proxy_http_version 1.1;\n      proxy_set_header Connection \"\";\n    }}\n  }}\n}}\n",
        home = home.display(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_has_a_limit_and_a_bound_for_each_of_its_tools() {
        let document: Value = serde_json::from_str(&policy()).unwrap();
        let tools = document["tools"].as_object().unwrap();
        assert_eq!(tools.len(), RULES);
        assert!(
            tools
                .values()
                .all(|rule| rule["limits"][0]["max"] == 1_000_000_000 && rule["require"][0].is_object())
        );
        assert!(tools.contains_key("tool_03"));
    }

    #[test]
    fn what_is_not_needed_is_left_out_of_the_description() {
        let target = Target::new("a", "u".to_owned(), "s".to_owned(), "t");
        let plain = serde_json::to_value(&target).unwrap();
        assert!(plain.get("env").is_none());
        let named = serde_json::to_value(target.with_env(&[("REDIS_URL", "r")])).unwrap();
        assert_eq!(named["env"], json!({"REDIS_URL": "r"}));
    }
}
