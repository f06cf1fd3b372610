//! A file of cases, read as strictly as a policy.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use crate::Category;
use crate::cases::{Case, CaseCall, Expected, Outcome, PriorCall, Setting, Trial, Who};
use crate::wording::quoted;

use super::Reader;
use super::node::{Kind, Node};

/// Most calls that may come before the one that a case is about, repeated ones counted.
const PRIOR: u32 = 10_000;
const CONTEXT: [&str; 12] = [
    "identity",
    "time",
    "category",
    "prior",
    "org",
    "team",
    "server",
    "grant",
    "session",
    "client",
    "risk",
    "annotations",
];
const OUTCOMES: [(&str, Outcome); 2] = [("allow", Outcome::Allow), ("deny", Outcome::Deny)];

/// Lines of the names met so far.
type Seen = HashMap<String, u32>;

impl Reader<'_> {
    /// All cases, without what is wrong with them.
    pub(super) fn cases(&mut self, root: &Node<'_>) -> Vec<Case> {
        let (list, base) = match &root.kind {
            Kind::Object(_) => {
                let fields = self.fields(root, "a file of cases", &["$schema", "cases"]);
                let Some(fields) = fields else { return Vec::new() };
                fields.get("$schema").map(|node| self.text(node, "$schema").map(drop));
                (self.required(&fields, "cases"), "/cases")
            }
            _ => (Some(root), ""),
        };
        let nodes = list.map(|node| self.array(node, "a list of cases")).unwrap_or_default();
        let mut seen = Seen::new();
        nodes
            .iter()
            .enumerate()
            .filter_map(|(index, node)| self.case(node, format!("{base}/{index}"), &mut seen))
            .collect()
    }

    fn case(&mut self, node: &Node<'_>, pointer: String, seen: &mut Seen) -> Option<Case> {
        let fields = self.fields(node, "a case", &["name", "call", "context", "expect"])?;
        let line = self.report.lines.place(node.start).line;
        let name = self.required(&fields, "name").and_then(|node| self.case_name(node, seen));
        let trial = self.trial_in(&fields);
        let expect = self.required(&fields, "expect").and_then(|node| self.expected(node));
        Some(Case { name: name?, pointer, line, trial: trial?, expect: expect? })
    }

    /// A trial: a case without a name and an expectation.
    pub(super) fn trial(&mut self, root: &Node<'_>) -> Option<Trial> {
        let fields = self.fields(root, "a trial", &["call", "context"])?;
        self.trial_in(&fields)
    }

    fn trial_in(&mut self, fields: &super::fields::Fields<'_, '_>) -> Option<Trial> {
        let call = self.required(fields, "call").and_then(|node| {
            let fields = self.fields(node, "a call", &["tool", "arguments"])?;
            self.call(&fields)
        });
        let mut time_ms = 0;
        let mut prior = Vec::new();
        let setting = match fields.get("context") {
            Some(node) => self.setting(node, &mut time_ms, &mut prior),
            None => Some(Setting::default()),
        };
        Some(Trial { call: call?, time_ms, setting: setting?, prior })
    }

    fn case_name(&mut self, node: &Node<'_>, seen: &mut Seen) -> Option<String> {
        let name = self.text(node, "a case's name")?;
        let line = self.report.lines.place(node.start).line;
        if name.is_empty() {
            let hint = "say what the case shows".to_owned();
            self.report.error("empty_name", node.start, "A case's name is empty.", Some(hint));
            return None;
        }
        if let Some(first) = seen.insert(name.to_owned(), line) {
            let message = format!("The case {} is there twice; the first is in line {first}.", quoted(name));
            self.report.error("duplicate_case", node.start, message, Some("rename one of them".to_owned()));
        }
        Some(name.to_owned())
    }

    fn call(&mut self, fields: &super::fields::Fields<'_, '_>) -> Option<CaseCall> {
        let tool = self.required(fields, "tool").and_then(|node| self.text(node, "tool"));
        let arguments = fields.get("arguments").map(|node| self.object_text(node, "arguments"));
        Some(CaseCall {
            tool: tool?.to_owned(),
            arguments: arguments.map_or(Some(None), |text| text.map(Some))?,
        })
    }

    /// An object's own text: values keep every digit that they are written with.
    fn object_text(&mut self, node: &Node<'_>, what: &str) -> Option<String> {
        self.members(node, what)?;
        self.report.lines.slice(node.start..node.end).map(str::to_owned)
    }

    /// The context; `time_ms` and `prior` are filled with what it says of them.
    fn setting(&mut self, node: &Node<'_>, time_ms: &mut i64, prior: &mut Vec<PriorCall>) -> Option<Setting> {
        let fields = self.fields(node, "a context", &CONTEXT)?;
        let mut setting = Setting::default();
        let texts = [
            ("org", &mut setting.org),
            ("team", &mut setting.team),
            ("server", &mut setting.server),
            ("grant", &mut setting.grant),
            ("session", &mut setting.session),
        ];
        for (name, place) in texts {
            if let Some(text) = fields.get(name).and_then(|node| self.text(node, name)) {
                text.clone_into(place);
            }
        }
        if let Some(node) = fields.get("identity") {
            setting.identity = self.who(node)?;
        }
        if let Some(node) = fields.get("client") {
            let fields = self.fields(node, "a client", &["name", "version"])?;
            let name = self.required(&fields, "name").and_then(|node| self.text(node, "name"))?;
            let version = fields.get("version").and_then(|node| self.text(node, "version")).unwrap_or("");
            setting.client = Some((name.to_owned(), version.to_owned()));
        }
        setting.category = fields
            .get("category")
            .and_then(|node| self.choice(node, "category", "unknown_value", &Category::NAMES));
        setting.risk = fields.get("risk").and_then(|node| self.text(node, "risk")).map(str::to_owned);
        setting.annotations =
            fields.get("annotations").and_then(|node| self.object_text(node, "annotations"));
        if let Some(time) = fields.get("time").and_then(|node| self.time(node)) {
            *time_ms = time;
        }
        if let Some(node) = fields.get("prior") {
            *prior = self.prior(node, *time_ms);
        }
        Some(setting)
    }

    fn who(&mut self, node: &Node<'_>) -> Option<Who> {
        let fields = self.fields(node, "an identity", &["id", "kind", "label", "email", "labels"])?;
        let mut who = Who::default();
        for (name, place) in [("id", &mut who.id), ("kind", &mut who.kind), ("label", &mut who.label)] {
            if let Some(text) = fields.get(name).and_then(|node| self.text(node, name)) {
                text.clone_into(place);
            }
        }
        who.email = fields.get("email").and_then(|node| self.text(node, "email")).map(str::to_owned);
        let labels = fields.get("labels").and_then(|node| self.members(node, "labels")).unwrap_or_default();
        let texts = labels.iter().filter_map(|label| {
            Some((label.key.to_string(), self.text(&label.value, "a label")?.to_owned()))
        });
        who.labels = texts.collect::<BTreeMap<_, _>>();
        Some(who)
    }

    /// Calls before the one at `time_ms`.
    fn prior(&mut self, node: &Node<'_>, time_ms: i64) -> Vec<PriorCall> {
        let mut calls: Vec<PriorCall> = Vec::new();
        let mut count = 0_u32;
        for node in self.array(node, "prior") {
            let known = ["tool", "arguments", "time", "repeat"];
            let Some(fields) = self.fields(node, "a prior call", &known) else { continue };
            let call = self.call(&fields);
            let time = fields.get("time").and_then(|node| self.time(node)).unwrap_or(time_ms);
            let repeat = fields
                .get("repeat")
                .and_then(|node| self.whole(node, "repeat", "invalid_repeat", (1, PRIOR)))
                .unwrap_or(1);
            let earliest = calls.last().map_or(i64::MIN, |before| before.time_ms);
            if time < earliest || time > time_ms {
                let message = "A prior call is made after the one that follows it.";
                let hint =
                    "list prior calls in order of time, none later than the case's own time".to_owned();
                self.report.error("invalid_time", node.start, message, Some(hint));
            }
            let before = count;
            count = count.saturating_add(repeat);
            if before <= PRIOR && count > PRIOR {
                let message = format!("A case has more than {PRIOR} prior calls.");
                let hint = "test a smaller limit, or split the case".to_owned();
                self.report.error("too_many_calls", node.start, message, Some(hint));
            }
            calls.extend(call.map(|call| PriorCall { call, time_ms: time, repeat }));
        }
        calls
    }

    /// A moment: milliseconds since 1970, or a date and time with its offset.
    fn time(&mut self, node: &Node<'_>) -> Option<i64> {
        let time = match &node.kind {
            Kind::Number(text) => text.parse::<i64>().ok(),
            Kind::Text(text) => text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond),
            other => return self.wrong_type(node, "a time", "a date and time, or milliseconds", other),
        };
        if time.is_none() {
            let hint = r#"write "2026-01-05T09:30:00Z", or whole milliseconds since 1970"#.to_owned();
            self.report.error("invalid_time", node.start, "This is no moment in time.", Some(hint));
        }
        time
    }

    fn expected(&mut self, node: &Node<'_>) -> Option<Expected> {
        let fields = self.fields(node, "an expectation", &["outcome", "rule", "message"])?;
        let outcome = self
            .required(&fields, "outcome")
            .and_then(|node| self.choice(node, "outcome", "unknown_value", &OUTCOMES));
        let rule = fields.get("rule").and_then(|node| self.text(node, "rule"));
        let message = fields.get("message").and_then(|node| self.text(node, "message"));
        let words = [rule, message].iter().flatten().any(|text| !text.is_empty());
        if outcome == Some(Outcome::Allow) && words {
            let text = "A call that is allowed has neither rule nor message, so this never comes true.";
            let hint = "expect deny, or drop rule and message".to_owned();
            self.report.error("never_matches", node.start, text, Some(hint));
        }
        Some(Expected {
            outcome: outcome?,
            rule: rule.map(str::to_owned),
            message: message.map(str::to_owned),
        })
    }
}
