//! Builds the crate again when a migration is added: the ones there are become part of it.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
