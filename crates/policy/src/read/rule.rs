//! Rules, groups and approvals, read.

use std::sync::Arc;

use crate::Subject;
use crate::decision::{ApprovalTerms, Approvers};
use crate::problem::{Place, push_pointer};
use crate::rule::{Action, Approval, Group, Rule};

use super::Reader;
use super::node::Node;

pub(super) const KNOWN: [&str; 7] =
    ["action", "reason", "require", "deny_if", "approval", "limits", "rate_limit"];
pub(super) const GROUP: [&str; 2] = ["conditions", "on_deny"];
pub(super) const APPROVAL: [&str; 5] = ["conditions", "approvers", "quorum", "expires_in", "reason"];
pub(super) const APPROVERS: [(&str, Approvers); 3] =
    [("admin", Approvers::Admin), ("policy_manager", Approvers::PolicyManager), ("team", Approvers::Team)];
/// Fewest and most people that may have to approve.
pub(super) const QUORUM: (u32, u32) = (1, 2);

/// What a rule's parts must know of it.
pub(super) struct Home<'h> {
    pub(super) subject: Subject,
    pub(super) matching: Matching<'h>,
    pub(super) pointer: Arc<str>,
    pub(super) reason: Option<Arc<str>>,
}

/// What a rule is filed under.
#[derive(Clone, Copy)]
pub(super) enum Matching<'h> {
    Exactly(&'h str),
    Glob(&'h str),
    Category,
    All,
}

impl Reader<'_> {
    /// A rule; `at` is where its key is. What is wrong in it is left out of what is given back.
    pub(super) fn rule(
        &mut self,
        node: &Node<'_>,
        at: usize,
        subject: Subject,
        matching: Matching<'_>,
        steps: &[&str],
    ) -> Rule {
        let mut pointer = String::new();
        steps.iter().for_each(|step| push_pointer(&mut pointer, step));
        let mut home = Home { subject, matching, pointer: pointer.into(), reason: None };
        let place = self.report.lines.place(at);
        let Some(fields) = self.fields(node, "a rule", &KNOWN) else { return empty(&home, place) };
        let reason = fields.get("reason").and_then(|node| self.message(node, "reason"));
        home.reason = reason.filter(|reason| !reason.is_empty()).map(Arc::from);
        let action = fields.get("action");
        let action = action.and_then(|node| self.choice(node, "action", "unknown_value", &Action::NAMES));
        let require = fields.get("require").map(|node| self.groups(node, "require", subject));
        let deny_if = fields.get("deny_if").map(|node| self.groups(node, "deny_if", subject));
        let approval = fields.get("approval").and_then(|node| self.approval(node, subject));
        let mut limits = fields.get("limits").map(|node| self.limits(node, &home)).unwrap_or_default();
        limits.extend(fields.get("rate_limit").and_then(|node| self.rate_limit(node, &home)));
        Rule {
            action,
            require: require.unwrap_or_default(),
            deny_if: deny_if.unwrap_or_default(),
            approval,
            limits: limits.into(),
            ..empty(&home, place)
        }
    }

    fn groups(&mut self, node: &Node<'_>, what: &str, subject: Subject) -> Box<[Group]> {
        let nodes = self.array(node, what);
        nodes.iter().filter_map(|node| self.group(node, what, subject)).collect()
    }

    fn group(&mut self, node: &Node<'_>, what: &str, subject: Subject) -> Option<Group> {
        let fields = self.fields(node, "a group", &GROUP)?;
        let conditions = self.required(&fields, "conditions");
        let on_deny = self.required(&fields, "on_deny").and_then(|node| self.message(node, "on_deny"));
        let conditions = conditions?;
        if conditions.is_empty_array() && what == "require" {
            let hint = Some("give it a condition, or use deny_if to refuse always".to_owned());
            self.report.warn(
                "no_effect",
                fields.at,
                "A group of require without conditions refuses nothing.",
                hint,
            );
        }
        let conditions = self.conditions(conditions, subject);
        Some(Group { conditions, on_deny: on_deny?.into() })
    }

    fn approval(&mut self, node: &Node<'_>, subject: Subject) -> Option<Approval> {
        let fields = self.fields(node, "an approval", &APPROVAL)?;
        let conditions =
            fields.get("conditions").map(|node| self.conditions(node, subject)).unwrap_or_default();
        let approvers = fields
            .get("approvers")
            .and_then(|node| self.choice(node, "approvers", "unknown_value", &APPROVERS));
        let quorum =
            fields.get("quorum").and_then(|node| self.whole(node, "quorum", "invalid_quorum", QUORUM));
        let expires_in = fields
            .get("expires_in")
            .and_then(|node| self.whole(node, "expires_in", "invalid_duration", (1, u32::MAX)));
        let reason = fields.get("reason").and_then(|node| self.message(node, "reason"));
        let unsaid = ApprovalTerms::UNSAID;
        Some(Approval {
            conditions,
            terms: ApprovalTerms {
                approvers: approvers.unwrap_or(unsaid.approvers),
                quorum: if quorum == Some(2) { 2 } else { 1 },
                expires_in: expires_in.unwrap_or(unsaid.expires_in),
            },
            reason: reason.filter(|reason| !reason.is_empty()).map(Box::from),
        })
    }

    /// A text for the agent; an empty one leaves it to the engine's words.
    fn message<'d>(&mut self, node: &'d Node<'_>, what: &str) -> Option<&'d str> {
        let text = self.text(node, what)?;
        if text.is_empty() {
            let message = format!("{what} is empty, so the agent gets a general message.");
            self.report.warn("empty_message", node.start, message, Some("say what to do instead".to_owned()));
        }
        Some(text)
    }
}

fn empty(home: &Home<'_>, place: Place) -> Rule {
    Rule {
        pointer: Arc::clone(&home.pointer),
        place,
        action: None,
        reason: home.reason.clone(),
        require: Box::default(),
        deny_if: Box::default(),
        approval: None,
        limits: Box::default(),
    }
}
