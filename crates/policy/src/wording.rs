//! The engine's own words for a refusal. The reader is a language model in the middle of a task, so every text
//! says what is refused, why, and what to do next; and it never names what is hidden.

use crate::charge::Charge;
use crate::decision::{ApprovalTerms, Denial};
use crate::pattern::LONGEST_NAME;
use crate::rule::limit::{Increment, Limit, Unchargeable};
use crate::rule::path::Mismatch;
use crate::rule::{Group, Rule};
use crate::{Amount, Call, Subject};

/// Longest part of a name that a message repeats, in characters.
const SHOWN: usize = 120;

/// A name as a message shows it: quoted, on one line, not too long.
pub(crate) fn quoted(name: &str) -> String {
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}", [name.get(..end).unwrap_or(""), "…"].concat()),
        None => format!("{name:?}"),
    }
}

fn denial(rule: impl Into<String>, message: impl Into<String>) -> Denial {
    Denial {
        rule: rule.into(),
        message: message.into(),
        hidden: false,
        retry_after_ms: None,
        limit: None,
        remaining: None,
        approval: None,
    }
}

pub(crate) fn no_policy() -> Denial {
    let text = "No policy is in force for this server, and without one every call is refused. Calling again will not help; \
                ask an administrator to give this grant a policy.";
    denial("(no policy)", text)
}

pub(crate) fn disabled() -> Denial {
    let text = "Access is switched off or has expired: the grant, identity, server, team or organisation is not active. \
                Calling again will not help; ask an administrator to restore it.";
    denial("(disabled)", text)
}

pub(crate) fn hidden(call: &Call<'_>) -> Denial {
    let text = match call.subject {
        Subject::Tool => format!("Unknown tool: {}", call.name),
        Subject::Prompt => format!("Unknown prompt: {}", call.name),
        Subject::Resource => format!("Resource not found: {}", call.name),
    };
    Denial { hidden: true, ..denial("(hidden)", text) }
}

pub(crate) fn definition_changed(call: &Call<'_>) -> Denial {
    let name = quoted(call.name);
    let text = format!(
        "The server's definition of the tool {name} is not the one that was accepted, so the tool is held back. \
         Use one of the tools that the server lists, or ask an administrator to look at the change and accept it."
    );
    denial("(definition changed)", text)
}

pub(crate) fn unclassified(call: &Call<'_>) -> Denial {
    let name = quoted(call.name);
    let text = format!(
        "The policy goes by what tools do, and nothing is known yet of the tool {name}: the server did not list it when it was \
         last asked. Use one of the tools that are known, or ask an administrator to list this server's tools again."
    );
    denial("(unknown class)", text)
}

pub(crate) fn by_default(call: &Call<'_>) -> Denial {
    let (kind, name) = (call.subject.as_str(), quoted(call.name));
    let text = format!(
        "The {kind} {name} has no rule in the policy, and the policy refuses whatever it does not name. \
         Use one of the {kind}s that the server lists, or ask an administrator to add a rule for this one."
    );
    denial("(default deny)", text)
}

pub(crate) fn name_too_long() -> Denial {
    let text = format!(
        "The name has more than {LONGEST_NAME} bytes, and no policy names anything so long. Use a name that the server lists."
    );
    denial("(default deny)", text)
}

pub(crate) fn by_action(rule: &Rule, call: &Call<'_>) -> Denial {
    let engine = || {
        let (kind, name) = (call.subject.as_str(), quoted(call.name));
        format!(
            "The policy blocks the {kind} {name}, whatever its arguments. Calling again will not help; \
             do without it, or ask an administrator to change the rule."
        )
    };
    denial(format!("{}/action", rule.pointer), rule.reason.as_deref().map_or_else(engine, str::to_owned))
}

/// A group of `require` or `deny_if` that refuses, in the author's words.
pub(crate) fn by_group(pointer: String, group: &Group) -> Denial {
    if group.on_deny.is_empty() {
        let text = format!(
            "The policy's rule {pointer} refuses this call. Change its arguments, or ask an administrator."
        );
        return denial(pointer, text);
    }
    denial(pointer, &*group.on_deny)
}

/// A value of the wrong type, wherever it turned up.
pub(crate) fn by_mismatch(pointer: String, mismatch: Mismatch<'_>) -> Denial {
    let (path, wanted, found) = match mismatch {
        Mismatch::Type { path, wanted, found } => (path, wanted, found),
        Mismatch::LookAlike { path } => return by_look_alike(pointer, path),
    };
    let next = if path.starts_with("args") {
        format!("Send {path} as {wanted} and call again.")
    } else {
        "Calling again will not help; ask an administrator to correct the rule.".to_owned()
    };
    denial(pointer, format!("The policy judges {path} as {wanted}, but this call has {found} there. {next}"))
}

/// A key beside the one a rule asks for, which a server may take for it.
fn by_look_alike(pointer: String, path: &str) -> Denial {
    let text = format!(
        "The policy judges {path}, and this call has a key there that differs from it only in upper and lower case; \
         the server might take one for the other. Spell the key as in {path}, leave out the other spelling, and call again."
    );
    denial(pointer, text)
}

/// A call that needs an approval and has none.
pub(crate) fn by_approval(rule: &Rule, terms: ApprovalTerms, call: &Call<'_>) -> Denial {
    let engine = || {
        format!(
            "The {} {} needs the approval of {} before it may run. Once it is approved, make the same call again, unchanged.",
            call.subject.as_str(),
            quoted(call.name),
            terms.whose(),
        )
    };
    let own = rule.approval.as_ref().and_then(|approval| approval.reason.as_deref());
    let message = own.or(rule.reason.as_deref()).map_or_else(engine, str::to_owned);
    Denial { approval: Some(terms), ..denial(format!("{}/approval", rule.pointer), message) }
}

/// A limit that does not know what to count, or for whom.
pub(crate) fn by_unchargeable(limit: &Limit, fault: &Unchargeable<'_>, counter: Option<&str>) -> Denial {
    let pointer = limit.pointer();
    let refusal = match fault {
        Unchargeable::Mismatch(mismatch) => by_mismatch(pointer, *mismatch),
        Unchargeable::NoKey(path) => {
            let path = path.text();
            denial(
                pointer,
                format!(
                    "A limit is kept for each value of {path}, and this call has none. Give {path} a value and call again."
                ),
            )
        }
        Unchargeable::NoAmount(path) => {
            let path = path.text();
            denial(
                pointer,
                format!(
                    "A limit counts {path}, and this call has none. Send {path} as a number and call again."
                ),
            )
        }
        Unchargeable::Amount(path, error) => {
            let path = path.text();
            denial(
                pointer,
                format!(
                    "A limit counts {path}, but its number {error}. Send a number from 0 with at most 9 decimal digits and call again."
                ),
            )
        }
    };
    Denial { limit: counter.map(str::to_owned), ..refusal }
}

pub(crate) fn limit_reached(limit: &Limit, charge: &Charge, used: Amount, retry_after_ms: u64) -> Denial {
    let never_fits = charge.amount > limit.max;
    let engine = || limit_text(limit, charge, used, (!never_fits).then_some(retry_after_ms));
    Denial {
        retry_after_ms: (!never_fits).then_some(retry_after_ms),
        limit: Some(charge.counter.name.to_string()),
        remaining: Some(limit.max.saturating_sub(used)),
        ..denial(limit.pointer(), limit.reason.as_deref().map_or_else(engine, str::to_owned))
    }
}

fn limit_text(limit: &Limit, charge: &Charge, used: Amount, retry_after_ms: Option<u64>) -> String {
    let (max, amount, name) = (limit.max, charge.amount, quoted(&charge.counter.name));
    let (window, scope) = (limit.window.describe(), limit.scope.as_str());
    let left = max.saturating_sub(used);
    let head = format!(
        "The limit {name} allows {max} per {window} for this {scope}; {left} is left and this call takes {amount}."
    );
    match (retry_after_ms, &limit.increment) {
        (Some(wait), Increment::From(path)) if left > Amount::ZERO => {
            let (path, wait) = (path.text(), wait.div_ceil(1000));
            format!("{head} Send {path} as at most {left}, or wait {wait} s, then call again.")
        }
        (Some(wait), _) => format!("{head} Wait {} s, then call again.", wait.div_ceil(1000)),
        (None, Increment::From(path)) => {
            format!(
                "{head} Waiting will not help: send {} as at most {max}, or ask an administrator.",
                path.text()
            )
        }
        (None, Increment::Fixed(_)) => {
            format!("{head} Waiting will not help; ask an administrator to raise the limit.")
        }
    }
}

pub(crate) fn limit_unavailable(limit: &Limit, charge: &Charge) -> Denial {
    let name = quoted(&charge.counter.name);
    let text = format!(
        "The limit {name} cannot be checked just now, so the call is refused and nothing was sent. Call again in a moment."
    );
    Denial { limit: Some(charge.counter.name.to_string()), ..denial(limit.pointer(), text) }
}

/// For counters that will be back in a moment.
pub(crate) fn limit_lost(limit: &Limit, charge: &Charge, retry_after_ms: u64) -> Denial {
    let (name, wait) = (quoted(&charge.counter.name), retry_after_ms.div_ceil(1000));
    let text = format!(
        "Limits are being restored, {name} among them, so the call is refused and nothing was sent. Wait {wait} s, then call again."
    );
    Denial {
        retry_after_ms: Some(retry_after_ms),
        limit: Some(charge.counter.name.to_string()),
        ..denial(limit.pointer(), text)
    }
}

/// For a window whose beginning nobody knows any more.
pub(crate) fn limit_closed(limit: &Limit, charge: &Charge, retry_after_ms: u64) -> Denial {
    let (name, wait) = (quoted(&charge.counter.name), retry_after_ms.div_ceil(1000));
    let text = format!(
        "What the limit {name} has counted was lost, so it admits nothing until its window begins anew, and nothing was sent. Wait {wait} s, then call again."
    );
    Denial {
        retry_after_ms: Some(retry_after_ms),
        limit: Some(charge.counter.name.to_string()),
        ..denial(limit.pointer(), text)
    }
}

/// For an index that no charge has; whoever counts has mixed up two permits.
pub(crate) fn limit_unknown() -> Denial {
    denial(
        "(limits)",
        "The limits of this call could not be checked, so it is refused. Call again in a moment.",
    )
}
