//! How people come in: one command, the quick start, the policy commands.

mod quickstart;
mod up;
