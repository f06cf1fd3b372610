//! The catalogue's judgement of tools: what a tool does, how bad a careless call would be, and which policy suits it.
//! Pure: a definition goes in as text, a [`Class`] with quoted evidence comes out; the same text always gives the same
//! class, and no definition, however hostile, makes it panic or take long.
//!
//! The rules read language, not names: verbs and what they act on (`lexicon`), where in a name (`name`) and in a
//! sentence (`sentence`) they stand, what the arguments are (`schema`) and what the server says about itself (`hints`).
//! `classify` weighs them; `recommend` turns a class into a policy document.

mod class;
mod classify;
mod definition;
mod hints;
mod lexicon;
mod money;
mod name;
mod recommend;
pub mod record;
mod report;
mod schema;
mod sentence;
mod text;
mod words;

pub use class::{Class, Evidence, Finding, Signal};
pub use classify::classify;
pub use definition::{Definition, Server};

pub use recommend::{Reason, Recommendation, recommend, recommend_server};
pub use report::{Labelled, Report};
pub use text::does_not_show;
pub use words::{summary, words};
