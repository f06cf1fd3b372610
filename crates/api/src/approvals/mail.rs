//! The mail that tells people of a call that waits for them. It holds no value of any argument.

use jiff::Timestamp;

/// What the mail speaks of.
pub(super) struct Waiting<'a> {
    pub(super) caller: &'a str,
    pub(super) tool: &'a str,
    pub(super) server: &'a str,
    pub(super) message: &'a str,
    pub(super) until: Timestamp,
    pub(super) url: &'a str,
}

pub(super) const SUBJECT: &str = "A call waits for your approval";

/// Names and words come from agents and policies: each is quoted on a line of its own.
pub(super) fn text(waiting: &Waiting<'_>) -> String {
    let Waiting { caller, tool, server, message, until, url } = waiting;
    format!(
        "A call waits for approval.\n\n\
         Caller   {caller:?}\n\
         Tool     {tool:?}\n\
         Server   {server:?}\n\
         Why      {message:?}\n\
         Until    {until}\n\n\
         Look at its arguments and decide:\n\n\
         {url}\n\n\
         If nobody does, it stays denied. An approval is good for this one call, once.\n"
    )
}
