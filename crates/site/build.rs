//! Says that the console's built files are part of this crate, so that a new build of them is embedded.

fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
}
