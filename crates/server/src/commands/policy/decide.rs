//! `policylayer policy decide`: calls in, decisions out, line by line, with counters in memory.
//! Time is only what the lines say, so the same lines always give the same answers.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, Read, Write};

use counters::{Counters, Memory, Opening, Refusal, Standing};
use futures_util::FutureExt;
use policy::{Amount, Call, Client, Context, Decision, Denial, Identity, Judgement, Permit, Policy, Subject};
use serde_json::value::RawValue;

use super::line::{CallLine, ErrorLine, Fault, parse};
use super::tools::Tool;

/// Longest line, in bytes: the largest call that the gateway takes, and as much again for its context.
const LONGEST: u64 = 8 << 20;

/// Judges every line of the input; with `explain` each decision says how it came about.
pub(super) fn run(
    policy: &Policy,
    tools: &[Tool],
    explain: bool,
    mut input: impl BufRead,
    mut output: impl Write,
) -> io::Result<()> {
    let mut judge = Judge::new(policy, tools, explain);
    let mut line = Vec::new();
    while (&mut input).take(LONGEST).read_until(b'\n', &mut line)? > 0 {
        let whole = line.ends_with(b"\n") || (line.len() as u64) < LONGEST;
        let judged = if whole { parse(line.trim_ascii()) } else { Err(too_long(&mut input)?) };
        match judged.and_then(|call| judge.decide(&call)) {
            Ok(decision) => serde_json::to_writer(&mut output, &decision)?,
            Err(error) => serde_json::to_writer(&mut output, &ErrorLine { error })?,
        }
        // Whoever asks line by line waits for the answer.
        output.write_all(b"\n")?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}

/// Passes over the rest of a line that is too long.
fn too_long(input: &mut impl BufRead) -> io::Result<Fault> {
    loop {
        let part = input.fill_buf()?;
        let end = part.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(part.len(), |end| end + 1);
        let done = end.is_some() || part.is_empty();
        input.consume(length);
        if done {
            let message = format!("the line has more than the {LONGEST} bytes that may be");
            return Ok(Fault { code: "too_large", message });
        }
    }
}

struct Judge<'p> {
    policy: &'p Policy,
    /// By tool.
    annotations: HashMap<&'p str, &'p str>,
    counters: Counters,
    time_ms: i64,
    explain: bool,
}

impl<'p> Judge<'p> {
    fn new(policy: &'p Policy, tools: &'p [Tool], explain: bool) -> Self {
        let annotations = tools
            .iter()
            .filter_map(|tool| Some((tool.name.as_str(), tool.annotations.as_deref()?.get())))
            .collect();
        Self { policy, annotations, counters: Counters::Memory(Memory::new()), time_ms: 0, explain }
    }

    fn decide(&mut self, line: &CallLine<'_>) -> Result<Judgement, Fault> {
        let known = &line.context;
        self.time_ms = known.time_ms.unwrap_or(self.time_ms);
        let or = |given: &'_ Option<String>, fixed: &'static str| {
            given.clone().unwrap_or_else(|| fixed.to_owned())
        };
        let (org, team, server) =
            (or(&known.org, "org"), or(&known.team, "team"), or(&known.server, "server"));
        let (grant, session) = (or(&known.grant, "grant"), or(&known.session, "session"));
        let identity = &known.identity;
        let annotations = known.annotations.map(RawValue::get);
        let context = Context {
            time_ms: self.time_ms,
            enabled: true,
            definition_changed: false,
            org: &org,
            team: &team,
            team_id: &team,
            server: &server,
            grant: &grant,
            session: &session,
            identity: Identity {
                id: &identity.id,
                kind: &identity.kind,
                label: &identity.label,
                email: identity.email.as_deref(),
                labels: &identity.labels,
            },
            client: known
                .client
                .as_ref()
                .map(|client| Client { name: &client.name, version: &client.version }),
            category: known.category,
            risk: known.risk.as_deref(),
            annotations: annotations.or_else(|| self.annotations.get(line.tool.as_str()).copied()),
            approved: false,
        };
        let call =
            Call { subject: Subject::Tool, name: &line.tool, arguments: line.arguments.map(RawValue::get) };
        let trace = self.explain.then(|| policy::explain(Some(self.policy), &call, &context));
        let decided = match policy::decide(Some(self.policy), &call, &context) {
            Decision::Deny(denial) => Judgement::deny(denial),
            Decision::Permit(permit) => match self.reserve(&permit, &org)? {
                Ok(remaining) => Judgement::allow(remaining),
                Err(denial) => Judgement::deny(denial),
            },
        };
        Ok(decided.explained(trace))
    }

    /// Takes what a permit costs: what its counters have left, or the denial.
    fn reserve(&self, permit: &Permit, org: &str) -> Result<Result<BTreeMap<String, Amount>, Denial>, Fault> {
        // Counters in memory never wait for anything.
        let at = Standing { org, epoch: 1, identity: "", version: 0 };
        let reserved = async {
            let opening = Opening { epoch: at.epoch, complete: true, seeds: Vec::new() };
            // Changes nothing after the first time, and nobody else opens these.
            let _ = self.counters.open(org, &opening, self.time_ms).await;
            self.counters.reserve(&at, permit.charges(), self.time_ms).await
        };
        match reserved.now_or_never() {
            None => {
                Err(Fault { code: "internal", message: "the counters in memory did not answer".to_owned() })
            }
            Some(Err(Refusal::Over { index, used, retry_after_ms })) => {
                Ok(Err(permit.over(index, used, retry_after_ms)))
            }
            Some(Err(Refusal::Closed { index, retry_after_ms })) => {
                Ok(Err(permit.closed(index, retry_after_ms)))
            }
            Some(Err(Refusal::Unavailable { index, .. })) => Ok(Err(permit.counters_unavailable(index))),
            Some(Err(Refusal::Lost { .. } | Refusal::Fenced { .. })) => {
                Ok(Err(permit.counters_unavailable(0)))
            }
            Some(Ok(reservation)) => {
                let mut remaining: BTreeMap<String, Amount> = BTreeMap::new();
                for (charge, left) in permit.charges().iter().zip(reservation.remaining()) {
                    // Counters of one name in several scopes: the one that runs out first says how far one may go.
                    let least = remaining.entry(charge.counter.name.to_string()).or_insert(left);
                    *least = (*least).min(left);
                }
                Ok(Ok(remaining))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tools;
    use super::*;

    /// Decisions for lines under a policy with this body.
    fn check(body: &str, lines: &[(&str, &str)]) {
        let document = format!(r#"{{"version": "1", {body}}}"#);
        let policy = Policy::compile(document.as_bytes()).unwrap().policy;
        let tools = tools::read(br#"[{"name": "t", "annotations": {"safe": true}}]"#).unwrap();
        let input = lines.iter().map(|(line, _)| format!("{line}\n")).collect::<String>();
        let mut output = Vec::new();
        run(&policy, &tools, false, input.as_bytes(), &mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        assert_eq!(output.lines().count(), lines.len(), "{output}");
        for ((line, expected), found) in lines.iter().zip(output.lines()) {
            let found: serde_json::Value = serde_json::from_str(found).unwrap();
            let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
            for (key, value) in expected.as_object().unwrap() {
                assert_eq!(&found[key], value, "{key} for {line}: {found}");
            }
        }
    }

    const TWICE: &str = r#""default": "deny", "tools": {"t": {"limits": [{"counter": "c", "window": "minute", "max": 2, "scope": "grant"}]}}"#;

    #[test]
    fn counters_run_in_the_time_that_the_lines_give() {
        check(
            TWICE,
            &[
                (
                    r#"{"tool": "t", "context": {"time_ms": 50000}}"#,
                    r#"{"outcome": "allow", "rule": "", "message": "", "remaining": {"c": "1"}}"#,
                ),
                (r#"{"tool": "t"}"#, r#"{"outcome": "allow", "remaining": {"c": "0"}}"#),
                (
                    r#"{"tool": "t", "context": {"time_ms": 59999}}"#,
                    r#"{"outcome": "deny", "rule": "/tools/t/limits/0", "retry_after_ms": 1, "remaining": {"c": "0"}}"#,
                ),
                (r#"{"tool": "t", "context": {"grant": "other"}}"#, r#"{"outcome": "allow"}"#),
                (r#"{"tool": "t", "context": {"org": "other"}}"#, r#"{"outcome": "allow"}"#),
                (r#"{"tool": "t"}"#, r#"{"outcome": "deny"}"#),
                (
                    r#"{"tool": "t", "context": {"time_ms": 60000}}"#,
                    r#"{"outcome": "allow", "remaining": {"c": "1"}}"#,
                ),
                (r#"{"tool": "u"}"#, r#"{"outcome": "deny", "rule": "(default deny)"}"#),
            ],
        );
    }

    #[test]
    fn a_line_that_is_no_call_is_an_error_and_the_rest_goes_on() {
        let call = |line| (line, r#"{"outcome": null}"#);
        let lines = [
            "",
            "{",
            "[]",
            "1",
            "{}",
            r#"{"tool": 1}"#,
            r#"{"tool": "t", "arguments": []}"#,
            r#"{"tool": "t", "extra": 1}"#,
            r#"{"tool": "t", "tool": "t"}"#,
            r#"{"tool": "t", "arguments": {"a": 1, "a": 2}}"#,
            r#"{"tool": "t", "context": {"time_ms": "5"}}"#,
            r#"{"tool": "t", "context": {"category": "odd"}}"#,
            r#"{"tool": "t", "context": {"annotations": 5}}"#,
            r#"{"tool": "t"} x"#,
            r#"{"tool": "\ud800"}"#,
        ];
        let mut lines: Vec<_> = lines.into_iter().map(call).collect();
        lines.push((r#"{"tool": "t"}"#, r#"{"outcome": "allow", "remaining": {"c": "1"}}"#));
        check(TWICE, &lines);
        let fault = parse(b"{").unwrap_err();
        assert_eq!(fault.code, "invalid_json");
        assert_eq!(parse(b"{}").unwrap_err().code, "invalid_call");
        assert_eq!(parse(b"\xff").unwrap_err().code, "invalid_json");
    }

    #[test]
    fn the_context_reaches_the_conditions() {
        let all = r#""default": "deny", "categories": {"read": {"require": [{"conditions": [
            {"path": "identity.labels.env", "op": "eq", "value": "prod"}, {"path": "client.name", "op": "eq", "value": "c"},
            {"path": "team.slug", "op": "eq", "value": "team"}, {"path": "tool.annotations.safe", "op": "eq", "value": true}], "on_deny": "no"}]}}"#;
        let line = r#"{"tool": "t", "context": {"category": "read", "identity": {"id": "i", "labels": {"env": "prod"}}, "client": {"name": "c", "version": "1"}}}"#;
        check(
            all,
            &[(line, r#"{"outcome": "allow"}"#), (r#"{"tool": "t"}"#, r#"{"rule": "(default deny)"}"#)],
        );
        let other = line.replace(r#""category""#, r#""annotations": {"safe": false}, "category""#);
        check(
            all,
            &[(&other, r#"{"outcome": "deny", "rule": "/categories/read/require/0", "message": "no"}"#)],
        );
    }

    #[test]
    fn an_explained_decision_carries_a_trace_that_agrees_with_it() {
        let document = format!(r#"{{"version": "1", {TWICE}}}"#);
        let policy = Policy::compile(document.as_bytes()).unwrap().policy;
        let mut output = Vec::new();
        let input = "{\"tool\": \"t\"}\n".repeat(3) + "{\"tool\": \"u\"}\n";
        run(&policy, &[], true, input.as_bytes(), &mut output).unwrap();
        let lines: Vec<serde_json::Value> = output
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect();
        let rules: Vec<&str> = lines.iter().map(|line| line["rule"].as_str().unwrap()).collect();
        assert_eq!(rules, ["", "", "/tools/t/limits/0", "(default deny)"]);
        for line in &lines {
            for field in ["outcome", "rule", "message"] {
                assert_eq!(line["trace"][field], line[field], "{line}");
            }
            let passed = line["trace"]["steps"].as_array().unwrap().iter().all(|step| step["passed"] == true);
            assert_eq!(passed, line["outcome"] == "allow", "{line}");
        }
    }

    #[test]
    fn an_approval_that_is_needed_says_its_terms() {
        check(
            r#""default": "allow", "tools": {"t": {"approval": {"quorum": 2}}}"#,
            &[(
                r#"{"tool": "t"}"#,
                r#"{"outcome": "deny", "rule": "/tools/t/approval", "approval": {"approvers": "admin", "quorum": 2, "expires_in": 1800}}"#,
            )],
        );
    }

    #[test]
    fn a_line_that_is_too_long_is_an_error_and_the_next_is_judged() {
        let policy = Policy::compile(br#"{"version": "1", "default": "allow"}"#).unwrap().policy;
        let endless = io::Read::take(io::repeat(b' '), LONGEST + 70_000);
        let input = io::BufReader::new(endless.chain(&b"\n{\"tool\": \"t\"}"[..]));
        let mut output = Vec::new();
        run(&policy, &[], false, input, &mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        let lines: Vec<&str> = output.lines().collect();
        assert_eq!(lines.len(), 2, "{output}");
        assert!(lines[0].starts_with(r#"{"error":{"code":"too_large""#), "{output}");
        assert!(lines[1].starts_with(r#"{"outcome":"allow""#), "{output}");
    }
}
