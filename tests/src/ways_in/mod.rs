//! How people come in: one command, the quick start, the policy commands.

mod first_run;
mod metrics;
mod quickstart;
mod up;
