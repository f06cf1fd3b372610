//! One strictly read message from a client.

use std::borrow::Cow;

use crate::json::{Reader, Rules, quote};
use crate::params::{Client, Params};
use crate::{canonical, id};

/// The member of `params` that is about the exchange and not about what is asked for.
const META: &str = "_meta";

/// What a message is. It is exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A method and an id: wants an answer.
    Request,
    /// A method without an id; its name starts with `notifications/`.
    Notification,
    /// An id and either a result or an error: the client answers a server's request (legacy only).
    Response,
}

/// A message as the policy sees it. Everything borrows from the body, which is forwarded as it is.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// Which of the three it is.
    pub kind: Kind,
    /// The id in its raw JSON bytes: a string or an integer within ±2^53.
    pub id: Option<&'a str>,
    /// The method, unescaped; `None` for a response.
    pub method: Option<Cow<'a, str>>,
    /// The parameters; empty where the message has none.
    pub params: Params<'a>,
}

impl<'a> Message<'a> {
    /// Names of the call's top-level arguments, sorted. Values are never looked at.
    #[must_use]
    pub fn argument_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let Some(arguments) = self.params.arguments else { return names };
        let rules = Rules { strict: false, max_depth: usize::MAX, max_members: usize::MAX };
        let mut reader = Reader::new(arguments, rules);
        // The text was read strictly once; a fault here is impossible and would only shorten the list.
        let _ = reader.object(|reader, name| {
            names.push(name.into_owned());
            reader.value().map(drop)
        });
        names.sort_unstable();
        names
    }

    /// What the request asks for, as it was sent: its parameters without `_meta`, which is about the exchange. `None`
    /// would take parameters that were never read strictly.
    #[must_use]
    pub fn asked(&self) -> Option<String> {
        let mut reader = self.reader();
        let mut members = Vec::new();
        let read = reader.object(|reader, key| {
            let value = reader.value()?.text;
            if key != META {
                members.push(format!("{}:{value}", quote(&key)));
            }
            Ok(())
        });
        read.ok()?;
        Some(format!("{{{}}}", members.join(",")))
    }

    /// The same in canonical JSON, to compare requests by: two that mean the same give the same text, whatever the order
    /// of their keys and the spelling of their numbers and strings.
    #[must_use]
    pub fn canonical(&self) -> Option<String> {
        let mut canonical = Vec::new();
        canonical::write_object(&mut self.reader(), &mut canonical, |key| key != META).ok()?;
        String::from_utf8(canonical).ok()
    }

    fn reader(&self) -> Reader<'a> {
        let rules = Rules { strict: false, max_depth: usize::MAX, max_members: usize::MAX };
        Reader::new(self.params.raw.unwrap_or("{}"), rules)
    }

    /// Who the client says it is: `_meta` in the modern era, `clientInfo` on a legacy `initialize`. Self-reported.
    #[must_use]
    pub fn client(&self) -> Option<&Client<'a>> {
        self.params.meta.client.as_ref().or(self.params.client.as_ref())
    }

    /// The id in the one spelling all its equals share, to find the answer to this request by.
    #[must_use]
    pub fn id_key(&self) -> Option<Cow<'a, str>> {
        self.id.map(id::key)
    }
}
