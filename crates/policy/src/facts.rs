//! What conditions ask: the call and its context, with the arguments opened at most once.

use std::cell::OnceCell;

use crate::value::json::Members;
use crate::value::{Unclear, Unreadable, Value};
use crate::{Call, Context};

/// One call under judgement.
pub(crate) struct Facts<'a> {
    pub(crate) call: &'a Call<'a>,
    pub(crate) context: &'a Context<'a>,
    arguments: OnceCell<Option<Members<'a>>>,
}

impl<'a> Facts<'a> {
    pub(crate) const fn new(call: &'a Call<'a>, context: &'a Context<'a>) -> Self {
        Self { call, context, arguments: OnceCell::new() }
    }

    /// All arguments.
    pub(crate) fn arguments(&self) -> Value<'a> {
        Value::Object(self.call.arguments.unwrap_or("{}"))
    }

    /// One argument.
    pub(crate) fn argument(&self, name: &str) -> Result<Value<'a>, Unclear> {
        let Some(text) = self.call.arguments else { return Ok(Value::Missing) };
        let members = self.arguments.get_or_init(|| Members::of(text)).as_ref().ok_or(Unreadable)?;
        argument_member(members, name)
    }

    /// One annotation of the tool.
    pub(crate) fn annotation(&self, name: &str) -> Result<Value<'a>, Unreadable> {
        let Some(text) = self.context.annotations else { return Ok(Value::Missing) };
        let members = Members::of(text).ok_or(Unreadable)?;
        members.get(name).map_or(Ok(Value::Missing), Value::read)
    }
}

/// A member of an object among the arguments, by its key.
pub(crate) fn argument_member<'a>(members: &Members<'a>, name: &str) -> Result<Value<'a>, Unclear> {
    Ok(members.get_alone(name)?.map_or(Ok(Value::Missing), Value::read)?)
}
