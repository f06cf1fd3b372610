//! Tests of the product as its users meet it: real processes, a real database, real HTTP.

#[cfg(test)]
mod catalog;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod gateway;
#[cfg(test)]
#[path = "../reference/mod.rs"]
mod reference;
#[cfg(test)]
mod tenancy;
#[cfg(test)]
mod ways_in;
#[cfg(test)]
mod world;
