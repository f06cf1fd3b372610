//! Random documents out of few names, paths and values, so that rules, calls and counters meet often.

use super::random::Random;
use super::situation::Kind;
use super::words::*;

/// Writes one document.
pub(crate) struct Writer<'r> {
    random: &'r mut Random,
    /// Each counter's window and whether it rolls, so that most documents compile.
    counters: Vec<(&'static str, &'static str, bool)>,
    /// The window of rate limits.
    rate_window: &'static str,
    groups: usize,
    /// What the section being written is about: prompts have no tool, resources no arguments either.
    about: Kind,
}

impl<'r> Writer<'r> {
    pub(crate) fn new(random: &'r mut Random) -> Self {
        let counters = COUNTERS.iter().map(|name| (*name, random.pick(WINDOWS), random.once_in(2))).collect();
        let rate_window = random.pick(WINDOWS);
        Self { random, counters, rate_window, groups: 0, about: Kind::Tool }
    }

    pub(crate) fn document(mut self) -> String {
        let mut parts = vec!["\"version\": \"1\"".to_owned(), self.default()];
        self.hide(&mut parts, TOOLS);
        if self.random.once_in(3) {
            parts.push(format!("\"all_tools\": {}", self.rule()));
        }
        if self.random.once_in(2) {
            parts.push(format!("\"categories\": {}", self.rules(CATEGORIES, 3)));
        }
        parts.push(format!("\"tools\": {}", self.rules(TOOLS, 6)));
        for (name, patterns, about) in
            [("prompts", PROMPTS, Kind::Prompt), ("resources", RESOURCES, Kind::Resource)]
        {
            self.about = about;
            if self.random.once_in(3) {
                let mut section = vec![self.default()];
                self.hide(&mut section, patterns);
                section.push(format!("\"rules\": {}", self.rules(patterns, 3)));
                parts.push(format!("\"{name}\": {{{}}}", section.join(", ")));
            }
        }
        let turn = self.random.below(parts.len());
        parts.rotate_left(turn);
        format!("{{{}}}", parts.join(", "))
    }

    fn default(&mut self) -> String {
        format!("\"default\": \"{}\"", self.random.pick(&["allow", "deny"]))
    }

    fn hide(&mut self, parts: &mut Vec<String>, patterns: &[&'static str]) {
        if self.random.once_in(6) {
            parts.push(format!("\"hide\": [\"{}\"]", self.random.pick(patterns)));
        }
    }

    fn rules(&mut self, names: &[&'static str], most: usize) -> String {
        let mut chosen: Vec<&str> = Vec::new();
        for _ in 0..self.random.below(most + 1) {
            let name = self.random.pick(names);
            if !chosen.contains(&name) {
                chosen.push(name);
            }
        }
        let rules: Vec<String> =
            chosen.into_iter().map(|name| format!("\"{name}\": {}", self.rule())).collect();
        format!("{{{}}}", rules.join(", "))
    }

    fn rule(&mut self) -> String {
        let mut fields = Vec::new();
        if self.random.once_in(4) {
            let action = self.random.pick(&["allow", "allow", "allow", "deny", "require_approval"]);
            fields.push(format!("\"action\": \"{action}\""));
        }
        if self.random.once_in(4) {
            fields.push(format!("\"reason\": \"reason {}\"", self.random.below(100)));
        }
        for (field, rarity) in [("require", 4), ("deny_if", 3)] {
            if self.random.once_in(rarity) {
                let groups = self.several(2, Self::group);
                fields.push(format!("\"{field}\": [{groups}]"));
            }
        }
        if self.random.once_in(9) {
            fields.push(format!("\"approval\": {}", self.approval()));
        }
        if self.random.once_in(3) {
            let limits = self.several(3, Self::limit);
            fields.push(format!("\"limits\": [{limits}]"));
        }
        if self.random.once_in(6) {
            let max = self.random.pick(&["0", "1", "2", "3"]);
            let window = if self.random.once_in(12) { self.random.pick(WINDOWS) } else { self.rate_window };
            fields.push(format!("\"rate_limit\": {{\"max\": {max}, \"window\": {window}}}"));
        }
        format!("{{{}}}", fields.join(", "))
    }

    fn several(&mut self, most: usize, make: fn(&mut Self) -> String) -> String {
        let count = self.random.below(most + 1);
        (0..count).map(|_| make(self)).collect::<Vec<_>>().join(", ")
    }

    fn group(&mut self) -> String {
        self.groups += 1;
        let name = self.groups;
        let conditions = self.conditions();
        format!("{{\"conditions\": [{conditions}], \"on_deny\": \"group {name}\"}}")
    }

    fn approval(&mut self) -> String {
        let mut fields = Vec::new();
        if self.random.once_in(2) {
            let conditions = self.conditions();
            fields.push(format!("\"conditions\": [{conditions}]"));
        }
        if self.random.once_in(2) {
            fields.push("\"reason\": \"ask\"".to_owned());
        }
        if self.random.once_in(2) {
            fields.push("\"quorum\": 2, \"approvers\": \"team\", \"expires_in\": 60".to_owned());
        }
        format!("{{{}}}", fields.join(", "))
    }

    fn conditions(&mut self) -> String {
        let count = self.random.below(3).max(self.random.below(2));
        (0..count).map(|_| self.condition(0)).collect::<Vec<_>>().join(", ")
    }

    fn condition(&mut self, depth: usize) -> String {
        if depth < 3 && self.random.once_in(4) {
            return match self.random.below(3) {
                0 => format!("{{\"not\": {}}}", self.condition(depth + 1)),
                list => {
                    let count = self.random.below(3);
                    let parts: Vec<String> = (0..count).map(|_| self.condition(depth + 1)).collect();
                    format!("{{\"{}\": [{}]}}", if list == 1 { "any" } else { "all" }, parts.join(", "))
                }
            };
        }
        match self.random.below(10) {
            0..7 if self.about != Kind::Resource => self.on_argument(),
            0..9 => self.on_fact(),
            _ => self.on_time(),
        }
    }

    fn on_argument(&mut self) -> String {
        let path = self.random.pick(ARGUMENTS);
        let value = |writer: &mut Self| argument(writer.random, 2);
        let (operator, value) = match self.random.below(8) {
            0 => ("exists", self.random.pick(&["true", "false"]).to_owned()),
            1 => (self.random.pick(&["eq", "neq"]), value(self)),
            2 => {
                let list = self.random.several(3, |random| argument(random, 1));
                (self.random.pick(&["in", "not_in"]), format!("[{list}]"))
            }
            3 => ("regex", format!("\"{}\"", self.random.pick(REGEXES))),
            4 => (self.random.pick(TEXTUAL), format!("\"{}\"", self.random.pick(TEXTS))),
            _ => (self.random.pick(ORDERED), self.random.pick(NUMBERS).to_owned()),
        };
        if operator == "exists" && self.random.once_in(2) {
            return format!("{{\"path\": \"{path}\", \"op\": \"exists\"}}");
        }
        format!("{{\"path\": \"{path}\", \"op\": \"{operator}\", \"value\": {value}}}")
    }

    fn on_fact(&mut self) -> String {
        let path = match self.about {
            Kind::Tool => self.random.pick(FACTS),
            _ => self.random.pick(CALLER),
        };
        let text: fn(&mut Random) -> String = |random| format!("\"{}\"", random.pick(FACT_TEXTS));
        let (path, text): (_, fn(&mut Random) -> String) =
            if self.about == Kind::Tool && self.random.once_in(8) {
                ("tool.category", |random| format!("\"{}\"", random.pick(CATEGORIES)))
            } else {
                (path, text)
            };
        let (operator, value) = match self.random.below(5) {
            0 => ("exists", self.random.pick(&["true", "false"]).to_owned()),
            1 | 2 => (self.random.pick(&["eq", "neq"]), text(self.random)),
            3 => (self.random.pick(&["in", "not_in"]), format!("[{}]", self.random.several(3, text))),
            _ => (self.random.pick(TEXTUAL), text(self.random)),
        };
        format!("{{\"path\": \"{path}\", \"op\": \"{operator}\", \"value\": {value}}}")
    }

    fn on_time(&mut self) -> String {
        let hour = |random: &mut Random| random.below(24).to_string();
        let weekday = |random: &mut Random| (random.below(7) + 1).to_string();
        let day = |random: &mut Random| format!("\"{}\"", random.pick(DAYS));
        let (path, operator, value) = match self.random.below(5) {
            0 => ("time.hour", self.random.pick(ORDERED), hour(self.random)),
            1 => ("time.hour", "in", format!("[{}]", self.random.several(5, hour))),
            2 => ("time.weekday", self.random.pick(&["eq", "neq", "lt", "gte"]), weekday(self.random)),
            3 => ("time.weekday", self.random.pick(&["in", "not_in"]), {
                format!("[{}]", self.random.several(4, weekday))
            }),
            _ => ("time.weekday", "in", format!("[{}]", self.random.several(4, day))),
        };
        format!("{{\"path\": \"{path}\", \"op\": \"{operator}\", \"value\": {value}}}")
    }

    fn limit(&mut self) -> String {
        let index = self.random.below(self.counters.len());
        let (counter, window, rolling) = self.counters.get(index).copied().unwrap_or_default();
        let (max, scope) = (self.random.pick(MAXIMA), self.random.pick(SCOPES));
        let mut text = format!(
            "\"counter\": \"{counter}\", \"window\": {window}, \"max\": {max}, \"scope\": \"{scope}\", \
             \"rolling\": {rolling}"
        );
        if self.random.once_in(4) {
            let path = self.random.pick(&[
                "args.a",
                "args.o.a",
                "args.l[0]",
                "args.o",
                "identity.label",
                "tool.name",
            ]);
            text += &format!(", \"key\": \"{path}\"");
        }
        match self.random.below(5) {
            0 => text += &format!(", \"increment\": {}", self.random.pick(&["0", "1", "2.5", "1e-9", "0.1"])),
            1 if self.about != Kind::Resource => {
                let path = self.random.pick(&["args.sum", "args.sum", "args.a", "args.o.a", "args.l[0]"]);
                text += &format!(", \"increment_from\": \"{path}\"");
            }
            _ => {}
        }
        if self.random.once_in(5) {
            text += ", \"on_outage\": \"allow\"";
        }
        format!("{{{text}}}")
    }
}

/// A value as a call or a rule may carry it.
pub(super) fn argument(random: &mut Random, depth: usize) -> String {
    match random.below(if depth == 0 { 8 } else { 11 }) {
        0..4 => random.pick(NUMBERS).to_owned(),
        4..6 => format!("\"{}\"", random.pick(TEXTS)),
        6 => random.pick(&["true", "false"]).to_owned(),
        7 => "null".to_owned(),
        8 => format!("{{{}}}", members(random, depth - 1)),
        _ => format!("[{}]", random.several(3, |random| argument(random, depth - 1))),
    }
}

/// Members with the names that paths ask for, and now and then one in another case.
pub(super) fn members(random: &mut Random, depth: usize) -> String {
    let mut members = Vec::new();
    for name in ["a", "o", "b"] {
        if random.once_in(2) {
            members.push(format!("\"{name}\": {}", argument(random, depth)));
        }
    }
    if random.once_in(40) {
        members.push(format!("\"{}\": {}", random.pick(&["A", "O", "B", "x"]), argument(random, 0)));
    }
    members.join(", ")
}
