//! JSON-RPC as a trusting server reads it: arrays are served, and the last of two equal keys counts.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// The members of a JSON object, each as the bytes it came in.
pub(super) type Object = BTreeMap<String, Box<RawValue>>;

/// One message: a request when it has a method and an id.
pub(super) struct Message {
    pub(super) id: Option<Box<RawValue>>,
    pub(super) method: Option<String>,
    pub(super) params: Object,
}

/// A request body.
pub(super) enum Body {
    One(Message),
    Batch(Vec<Message>),
}

impl Body {
    /// `None` when the bytes are no JSON-RPC.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        if let Ok(members) = serde_json::from_slice::<Object>(bytes) {
            return Some(Self::One(Message::from_members(members)));
        }
        let batch: Vec<Object> = serde_json::from_slice(bytes).ok()?;
        Some(Self::Batch(batch.into_iter().map(Message::from_members).collect()))
    }
}

impl Message {
    fn from_members(mut members: Object) -> Self {
        let method = text(&members, "method");
        let params = child(&members, "params");
        Self { id: members.remove("id"), method, params }
    }

    /// The bytes of the id, or `null`.
    pub(super) fn id_text(&self) -> &str {
        self.id.as_deref().map_or("null", RawValue::get)
    }

    /// A member of `params` as text.
    pub(super) fn param(&self, name: &str) -> Option<String> {
        text(&self.params, name)
    }

    /// `params._meta`, empty when absent.
    pub(super) fn meta(&self) -> Object {
        child(&self.params, "_meta")
    }
}

/// A member that is a string.
pub(super) fn text(object: &Object, name: &str) -> Option<String> {
    member(object, name)
}

/// A member that is an object; empty otherwise.
fn child(object: &Object, name: &str) -> Object {
    member(object, name).unwrap_or_default()
}

fn member<T: DeserializeOwned>(object: &Object, name: &str) -> Option<T> {
    serde_json::from_str(object.get(name)?.get()).ok()
}

/// `text` as a JSON string.
pub(super) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
