//! The data plane.

mod bypass;
mod crash;
mod nodes;
mod revocation;
mod seeds;
mod sessions;
