//! Objects and scalars of a document, read strictly: what is not known is refused with what is.

use crate::nearest::offer;
use crate::wording::quoted;
use crate::{Amount, AmountError};

use super::Reader;
use super::node::{Kind, Member, Node};

/// An object whose keys are all known.
#[derive(Clone, Copy)]
pub(super) struct Fields<'d, 'a> {
    /// Where it starts.
    pub(super) at: usize,
    members: &'d [Member<'a>],
    /// What it is, with an article.
    what: &'static str,
}

impl<'d, 'a> Fields<'d, 'a> {
    pub(super) fn get(&self, name: &str) -> Option<&'d Node<'a>> {
        self.members.iter().find(|member| member.key == name).map(|member| &member.value)
    }
}

impl Reader<'_> {
    /// An object, with a problem for every key that is not known.
    pub(super) fn fields<'d, 'a>(
        &mut self,
        node: &'d Node<'a>,
        what: &'static str,
        known: &[&str],
    ) -> Option<Fields<'d, 'a>> {
        let members = self.members(node, what)?;
        for member in members.iter().filter(|member| !known.contains(&&*member.key)) {
            let message = format!("{} is no field of {what}.", quoted(&member.key));
            self.report.error("unknown_field", member.start, message, Some(offer(&member.key, known)));
        }
        Some(Fields { at: node.start, members, what })
    }

    /// An object with keys of any name.
    pub(super) fn members<'d, 'a>(&mut self, node: &'d Node<'a>, what: &str) -> Option<&'d [Member<'a>]> {
        match &node.kind {
            Kind::Object(members) => Some(members),
            other => {
                let message =
                    format!("{} must be an object, and this is {}.", capital(what), other.type_name());
                self.report.error("wrong_type", node.start, message, None);
                None
            }
        }
    }

    /// A field that must be there.
    pub(super) fn required<'d, 'a>(&mut self, fields: &Fields<'d, 'a>, name: &str) -> Option<&'d Node<'a>> {
        let found = fields.get(name);
        if found.is_none() {
            let message = format!("{} needs the field {name:?}.", capital(fields.what));
            self.report.error("missing_field", fields.at, message, Some(format!("add {name:?}")));
        }
        found
    }

    pub(super) fn array<'d, 'a>(&mut self, node: &'d Node<'a>, what: &str) -> &'d [Node<'a>] {
        match &node.kind {
            Kind::Array(elements) => elements,
            other => self.wrong_type(node, what, "an array", other).unwrap_or_default(),
        }
    }

    pub(super) fn text<'d>(&mut self, node: &'d Node<'_>, what: &str) -> Option<&'d str> {
        match &node.kind {
            Kind::Text(text) => Some(text),
            other => self.wrong_type(node, what, "a string", other),
        }
    }

    pub(super) fn boolean(&mut self, node: &Node<'_>, what: &str) -> Option<bool> {
        match &node.kind {
            Kind::Bool(value) => Some(*value),
            other => self.wrong_type(node, what, "true or false", other),
        }
    }

    /// One of the words that a field takes.
    pub(super) fn choice<T: Copy>(
        &mut self,
        node: &Node<'_>,
        what: &str,
        code: &'static str,
        known: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(node, what)?;
        let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let message = format!("{} is not a value that {what} takes.", quoted(text));
            self.report.error(code, node.start, message, Some(offer(text, &names)));
        }
        found
    }

    /// A decimal that can be counted with.
    pub(super) fn amount(&mut self, node: &Node<'_>, what: &str, code: &'static str) -> Option<Amount> {
        let Kind::Number(text) = &node.kind else {
            return self.wrong_type(node, what, "a number", &node.kind);
        };
        match Amount::parse(text) {
            Ok(amount) => Some(amount),
            Err(error) => {
                let message = match error {
                    AmountError::NotANumber => {
                        format!("{} has an exponent too large to read.", capital(what))
                    }
                    other => format!("{} {other}.", capital(what)),
                };
                let hint = "write a number from 0 with at most 9 decimal digits".to_owned();
                self.report.error(code, node.start, message, Some(hint));
                None
            }
        }
    }

    /// A whole number from `least` to `most`.
    pub(super) fn whole(
        &mut self,
        node: &Node<'_>,
        what: &str,
        code: &'static str,
        (least, most): (u32, u32),
    ) -> Option<u32> {
        let Kind::Number(text) = &node.kind else {
            return self.wrong_type(node, what, "a whole number", &node.kind);
        };
        let whole = Amount::parse(text).ok().map(Amount::parts).and_then(|parts| match parts {
            (whole, 0) => u32::try_from(whole).ok(),
            _ => None,
        });
        let fits = whole.filter(|whole| (least..=most).contains(whole));
        if fits.is_none() {
            let message = format!("{} must be a whole number from {least} to {most}.", capital(what));
            self.report.error(code, node.start, message, None);
        }
        fits
    }

    pub(super) fn wrong_type<T>(
        &mut self,
        node: &Node<'_>,
        what: &str,
        wanted: &str,
        found: &Kind<'_>,
    ) -> Option<T> {
        let message = format!("{} must be {wanted}, and this is {}.", capital(what), found.type_name());
        self.report.error("wrong_type", node.start, message, None);
        None
    }
}

/// A sentence's beginning.
pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
