//! Limits and rate limits, read.

use std::sync::Arc;

use crate::charge::{OnOutage, Scope};
use crate::nearest::offer;
use crate::rule::limit::{CounterName, Field, Increment, Limit, rate_counter};
use crate::rule::path::{Path, Root};
use crate::wording::quoted;
use crate::{Amount, Window};

use super::Reader;
use super::counter::Cut;
use super::fields::Fields;
use super::node::{Kind, Node};
use super::rule::{Home, Matching};

/// Longest counter name, in characters.
pub(super) const NAME_LONGEST: usize = 128;
pub(super) const KNOWN: [&str; 9] =
    ["counter", "window", "max", "scope", "key", "increment", "increment_from", "rolling", "on_outage"];

pub(super) const RATE_LIMIT: [&str; 2] = ["max", "window"];
pub(super) const ON_OUTAGE: [(&str, OnOutage); 2] = [("deny", OnOutage::Deny), ("allow", OnOutage::Allow)];

impl Reader<'_> {
    pub(super) fn limits(&mut self, node: &Node<'_>, home: &Home<'_>) -> Vec<Arc<Limit>> {
        let nodes = self.array(node, "limits");
        nodes
            .iter()
            .enumerate()
            .filter_map(|(index, node)| self.limit(node, index, home))
            .map(Arc::new)
            .collect()
    }

    fn limit(&mut self, node: &Node<'_>, index: usize, home: &Home<'_>) -> Option<Limit> {
        let fields = self.fields(node, "a limit", &KNOWN)?;
        let name = self.required(&fields, "counter").and_then(|node| self.counter(node));
        let window = self.required(&fields, "window").and_then(|node| self.window(node));
        let max = self.required(&fields, "max").and_then(|node| self.amount(node, "max", "invalid_max"));
        let scope = self
            .required(&fields, "scope")
            .and_then(|node| self.choice(node, "scope", "unknown_value", &Scope::NAMES));
        let key = fields.get("key").map(|node| self.single_path(node, "key", home));
        let increment = self.increment(&fields, home);
        let rolling = fields.get("rolling").map(|node| self.boolean(node, "rolling"));
        let on_outage =
            fields.get("on_outage").map(|node| self.choice(node, "on_outage", "unknown_value", &ON_OUTAGE));
        let (name, window, max, scope, increment) = (name?, window?, max?, scope?, increment?);
        let rolling = rolling.unwrap_or(Some(false))?;
        self.note_counter(&name, scope, Cut { window, rolling, at: fields.at });
        if matches!(increment, Increment::Fixed(amount) if amount > max) {
            let hint = Some("lower increment, or raise max".to_owned());
            self.report.warn(
                "never_fits",
                fields.at,
                "One call takes more than max, so none is ever let through.",
                hint,
            );
        }
        Some(Limit {
            name: CounterName::Fixed(name),
            window,
            rolling,
            max,
            scope,
            key: key.map_or(Some(None), |key| key.map(Some))?,
            increment,
            on_outage: on_outage.unwrap_or(Some(OnOutage::Deny))?,
            rule: Arc::clone(&home.pointer),
            field: Field::Limits(index),
            reason: home.reason.clone(),
        })
    }

    /// `rate_limit`: so many calls in a window, counted by session under the name of what is called.
    pub(super) fn rate_limit(&mut self, node: &Node<'_>, home: &Home<'_>) -> Option<Arc<Limit>> {
        let fields = self.fields(node, "a rate limit", &RATE_LIMIT)?;
        let most = (0, u32::MAX);
        let max = self.required(&fields, "max").and_then(|node| self.whole(node, "max", "invalid_max", most));
        let window = self.required(&fields, "window").and_then(|node| self.window(node));
        let (max, window) = (Amount::from_parts(u64::from(max?), 0)?, window?);
        let cut = Cut { window, rolling: false, at: fields.at };
        let name = match home.matching {
            Matching::Exactly(name) => {
                let name = rate_counter(home.subject, name);
                self.note_counter(&name, Scope::Session, cut);
                CounterName::Fixed(name)
            }
            many => {
                self.note_rate(home.subject, many, cut);
                CounterName::OfSubject
            }
        };
        Some(Arc::new(Limit {
            name,
            window,
            rolling: false,
            max,
            scope: Scope::Session,
            key: None,
            increment: Increment::Fixed(Amount::ONE),
            on_outage: OnOutage::Deny,
            rule: Arc::clone(&home.pointer),
            field: Field::RateLimit,
            reason: home.reason.clone(),
        }))
    }

    fn counter(&mut self, node: &Node<'_>) -> Option<Arc<str>> {
        let name = self.text(node, "counter")?;
        let (code, message) = if name.trim().is_empty() {
            ("empty_counter", "A counter needs a name.".to_owned())
        } else if name.chars().count() > NAME_LONGEST || name.chars().any(char::is_control) {
            let message =
                format!("A counter's name has at most {NAME_LONGEST} characters and no control characters.");
            ("invalid_counter", message)
        } else {
            return Some(name.into());
        };
        self.report.error(
            code,
            node.start,
            message,
            Some("name what is counted, such as refunds".to_owned()),
        );
        None
    }

    fn window(&mut self, node: &Node<'_>) -> Option<Window> {
        match &node.kind {
            Kind::Text(name) => {
                let known = Window::UNITS.iter().find(|(unit, _)| unit == name).map(|(_, window)| *window);
                if known.is_none() {
                    let units: Vec<&str> = Window::UNITS.iter().map(|(unit, _)| *unit).collect();
                    let message = format!("{} is no window.", quoted(name));
                    let hint = format!("{}; or a whole number of seconds", offer(name, &units));
                    self.report.error("unknown_value", node.start, message, Some(hint));
                }
                known
            }
            Kind::Number(_) => self
                .whole(node, "a window in seconds", "invalid_window", (1, u32::MAX))
                .and_then(Window::of_seconds),
            other => self.wrong_type(node, "window", "a unit of time or a whole number of seconds", other),
        }
    }

    fn increment(&mut self, fields: &Fields<'_, '_>, home: &Home<'_>) -> Option<Increment> {
        match (fields.get("increment"), fields.get("increment_from")) {
            (None, None) => Some(Increment::Fixed(Amount::ONE)),
            (Some(node), None) => self.amount(node, "increment", "invalid_amount").map(Increment::Fixed),
            (None, Some(node)) => self.amount_path(node, home).map(Increment::From),
            (Some(_), Some(node)) => {
                let message = "A limit takes increment or increment_from, not both.";
                let hint = Some("a call without the amount is refused anyway".to_owned());
                self.report.error("conflicting_fields", node.start, message, hint);
                None
            }
        }
    }

    fn amount_path(&mut self, node: &Node<'_>, home: &Home<'_>) -> Option<Path> {
        let path = self.single_path(node, "increment_from", home)?;
        if path.root == Root::Arguments && !path.steps.is_empty() {
            return Some(path);
        }
        let message = format!("{} is not an argument of the call.", quoted(&path.text));
        self.report.error("invalid_increment", node.start, message, Some("write args.<name>".to_owned()));
        None
    }

    fn single_path(&mut self, node: &Node<'_>, what: &str, home: &Home<'_>) -> Option<Path> {
        let path = self.path(node, home.subject)?;
        if path.is_plural() {
            let message = format!("{what} takes one value, and [*] may lead to many.");
            self.report.error(
                "invalid_path",
                node.start,
                message,
                Some("name one element, such as [0]".to_owned()),
            );
            return None;
        }
        Some(path)
    }
}
