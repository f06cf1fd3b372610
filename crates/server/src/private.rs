//! The private database of a data folder.

use std::path::Path;

use store::cluster::{Durability, Options, Search};

/// How it is run.
pub(crate) fn options(data_dir: &Path, pg_bin: Option<&Path>) -> Options {
    let search = Search {
        bin: pg_bin.map(Path::to_owned),
        path: std::env::var_os("PATH"),
        // Where `./start` puts Postgres on a machine that has no other.
        npm: Some("deploy/embedded-pg".into()),
    };
    Options { dir: data_dir.join("pg"), search, durability: Durability::Kept }
}
