//! One strictly read message from a client.

use std::borrow::Cow;

use crate::id;
use crate::json::{Reader, Rules};
use crate::params::{Client, Params};

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
