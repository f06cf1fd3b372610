//! Values to compare with, read and checked against what the path leads to.

use crate::Category;
use crate::nearest::offer;
use crate::rule::path::{Path, Root, WEEKDAYS};
use crate::value::decimal::Decimal;
use crate::value::literal::Literal;
use crate::wording::quoted;

use super::Reader;
use super::node::{Kind, Node};

impl Reader<'_> {
    pub(super) fn list(&mut self, value: &Node<'_>, path: &Path, positive: bool) -> Option<Box<[Literal]>> {
        let Kind::Array(elements) = &value.kind else {
            return self.wrong_type(value, "the value of in and not_in", "an array", &value.kind);
        };
        if elements.is_empty() {
            let (code, message) = match positive {
                true => ("never_matches", "Nothing is in an empty list, so this never holds."),
                false => ("no_effect", "Nothing is in an empty list, so this always holds."),
            };
            self.report.warn(code, value.start, message, None);
        }
        self.literals(elements, path, positive)
    }

    pub(super) fn literals(
        &mut self,
        nodes: &[Node<'_>],
        path: &Path,
        positive: bool,
    ) -> Option<Box<[Literal]>> {
        let mut literals = Vec::with_capacity(nodes.len());
        let mut fine = true;
        for node in nodes {
            let literal = self.literal(node);
            if let Some(literal) = &literal {
                fine &= self.check_literal(literal, node, path, positive);
            }
            fine &= literal.is_some();
            literals.extend(literal);
        }
        let text = literals.iter().any(|literal| matches!(literal, Literal::Text(_)));
        let number = literals.iter().any(|literal| matches!(literal, Literal::Number(_)));
        if let (Root::Weekday, true, true, Some(node)) = (&path.root, text, number, nodes.first()) {
            let message = "Weekdays are either all names or all numbers.";
            self.report.error("wrong_type", node.start, message, None);
            return None;
        }
        fine.then(|| literals.into())
    }

    /// Whether a literal can be compared with what the path leads to.
    fn check_literal(&mut self, literal: &Literal, node: &Node<'_>, path: &Path, positive: bool) -> bool {
        if *literal == Literal::Null {
            let code = if positive { "never_matches" } else { "no_effect" };
            let message = "Null counts as missing, and nothing equals it.";
            let hint =
                r#"use {"op": "exists", "value": false} to ask whether something is missing"#.to_owned();
            self.report.warn(code, node.start, message, Some(hint));
            return true;
        }
        let fits = match &path.root {
            Root::Arguments | Root::ToolAnnotation(_) => return true,
            Root::ToolCategory => return self.check_category(literal, node),
            Root::Weekday => return self.check_weekday(literal, node),
            Root::Hour => matches!(literal, Literal::Number(_)),
            _ => matches!(literal, Literal::Text(_)),
        };
        if !fits {
            let wanted = if path.root == Root::Hour { "a number" } else { "a string" };
            let message = format!("{} is {wanted}, and this is {}.", path.text, literal.type_name());
            self.report.error("wrong_type", node.start, message, None);
        }
        fits
    }

    fn check_category(&mut self, literal: &Literal, node: &Node<'_>) -> bool {
        let known: Vec<&str> = Category::NAMES.iter().map(|(name, _)| *name).collect();
        let Literal::Text(text) = literal else {
            let hint = Some(offer("", &known));
            let message = format!("tool.category is a string, and this is {}.", literal.type_name());
            self.report.error("wrong_type", node.start, message, hint);
            return false;
        };
        let fits = known.contains(&&**text);
        if !fits {
            let message = format!("{} is no category.", quoted(text));
            self.report.error("unknown_value", node.start, message, Some(offer(text, &known)));
        }
        fits
    }

    fn check_weekday(&mut self, literal: &Literal, node: &Node<'_>) -> bool {
        let fits = match literal {
            Literal::Text(text) => WEEKDAYS.contains(&&**text),
            Literal::Number(text) => ["1", "2", "3", "4", "5", "6", "7"]
                .iter()
                .any(|day| Decimal::parse(day) == Decimal::parse(text)),
            _ => false,
        };
        if !fits {
            let hint = "Monday is 1 and Sunday 7, or write monday to sunday".to_owned();
            self.report.error("unknown_value", node.start, "This is no weekday.", Some(hint));
        }
        fits
    }

    fn literal(&mut self, node: &Node<'_>) -> Option<Literal> {
        Some(match &node.kind {
            Kind::Null => Literal::Null,
            Kind::Bool(value) => Literal::Bool(*value),
            Kind::Text(text) => Literal::Text((**text).into()),
            Kind::Number(text) => Literal::Number(self.number_text(text, node)?),
            Kind::Array(elements) => {
                Literal::Array(elements.iter().map(|node| self.literal(node)).collect::<Option<_>>()?)
            }
            Kind::Object(members) => {
                let mut members: Vec<_> = members
                    .iter()
                    .map(|member| Some((Box::from(&*member.key), self.literal(&member.value)?)))
                    .collect::<Option<_>>()?;
                members.sort_by(|(a, _): &(Box<str>, Literal), (b, _)| a.cmp(b));
                Literal::Object(members.into())
            }
        })
    }

    pub(super) fn number_text(&mut self, text: &str, node: &Node<'_>) -> Option<Box<str>> {
        if Decimal::parse(text).is_none() {
            let message = "This number's exponent is too large to read.";
            self.report.error("invalid_number", node.start, message, None);
            return None;
        }
        Some(text.into())
    }
}
