//! Tests of the product as its users meet it: real processes, a real database, real HTTP.

#[cfg(test)]
mod gateway;
#[cfg(test)]
mod tenancy;
#[cfg(test)]
mod ways_in;
#[cfg(test)]
mod world;
