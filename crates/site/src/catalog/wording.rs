//! What the pages say about a tool, from its facts. Nothing in here may say more than the policy language does: every document is
//! compiled, and what is said of it is tried, in the tests below.

use catalog::{Finding, Signal};
use policy::Category;
use serde::Serialize;

/// A class as people are told of it.
pub(crate) const fn noun(category: Category) -> &'static str {
    match category {
        Category::Read => "Read",
        Category::Write => "Write",
        Category::Execute => "Execute",
        Category::Destructive => "Destructive",
        Category::Financial => "Financial",
        Category::Other => "Other",
    }
}

/// What tools of a class do.
pub(crate) const fn does(category: Category) -> &'static str {
    match category {
        Category::Read => "retrieves data and changes nothing",
        Category::Write => "creates or changes data",
        Category::Execute => "runs something, or sends something out",
        Category::Destructive => "deletes, or does what cannot be undone",
        Category::Financial => "moves or commits money or assets",
        Category::Other => "tidies up or connects; it neither reads, changes nor deletes data",
    }
}

/// Where in an agent's work such a tool is called.
pub(crate) const fn role(category: Category) -> &'static str {
    match category {
        Category::Read => "Agents call it to learn something before they act.",
        Category::Write => {
            "Agents call it to leave something behind: a record, a setting, a file. Each call changes what others see."
        }
        Category::Execute => {
            "Agents call it to make something happen outside their own conversation: a program runs, a message leaves."
        }
        Category::Destructive => "Agents call it to take something away. What is gone may not come back.",
        Category::Financial => "Agents call it to commit money or assets, in your name.",
        Category::Other => "Agents call it between the steps that matter: to open, close or clean up.",
    }
}

/// Why a policy should say something about it.
pub(crate) const fn reason(category: Category) -> &'static str {
    match category {
        Category::Read => {
            "A careless call costs little. What it returns may be private, though, and what is in it may be written by strangers; so allow \
                           it by name, and nothing beside it by accident."
        }
        Category::Write => {
            "An agent calls faster than anybody reviews. One misunderstanding repeated for a minute is hundreds of changes; a cap keeps it \
                            to a number that can be put right."
        }
        Category::Execute => {
            "What runs has consequences of its own, and arguments decide which. Ten calls a minute are plenty for work that is looked at, \
                              and few for work that is not."
        }
        Category::Destructive => {
            "There is no cap low enough for a call that must not happen once. An agent that does not see the tool does not try it."
        }
        Category::Financial => {
            "There is no undo. The person whose money it is should see the exact call before it is made."
        }
        Category::Other => {
            "The worst case is a nuisance, and it is over when the next call opens again what this one closed. A cap ends a loop."
        }
    }
}

/// What the recommended policy does, in one sentence.
pub(crate) fn effect(category: Category, tool: &str, nameable: bool) -> String {
    if !nameable {
        return format!(
            "No policy can name {tool} without meaning other tools too, so it is denied, like everything else on the server."
        );
    }
    match category {
        Category::Read => {
            format!("{tool} passes whenever it is called; everything else on the server is denied.")
        }
        Category::Write => format!(
            "{tool} passes 30 times a minute for each grant; everything else on the server is denied."
        ),
        Category::Execute => format!(
            "{tool} passes 10 times a minute for each grant; everything else on the server is denied."
        ),
        Category::Other => format!(
            "{tool} passes 60 times a minute for each grant; everything else on the server is denied."
        ),
        Category::Destructive => {
            format!(
                "{tool} is hidden: agents do not see it, and a call of it is answered as if there were no such tool. Everything else on the server is denied."
            )
        }
        Category::Financial => format!(
            "Each call of {tool} waits until a person has approved it; everything else on the server is denied."
        ),
    }
}

/// What the reader is offered to do.
pub(crate) const fn offer(category: Category) -> &'static str {
    match category {
        Category::Read => "Cap this tool",
        Category::Write | Category::Execute => "Limit this tool",
        Category::Destructive => "Restrict this tool",
        Category::Financial => "Gate this tool",
        Category::Other => "Set a rule for this tool",
    }
}

/// What a quoted place means.
pub(crate) const fn means(finding: Finding) -> &'static str {
    match finding {
        Finding::Reads => "says that something is retrieved",
        Finding::Writes => "says that something is created or changed",
        Finding::Executes => "says that something is run, sent or driven",
        Finding::Destroys => "says that something is deleted or given up",
        Finding::MovesMoney => "says that money or assets move",
        Finding::Housekeeping => "says that the tool tidies up or connects",
        Finding::CannotBeUndone => "says that there is no way back",
        Finding::ReadOnly => "says that something is only read",
        Finding::PaymentRecord => "concerns records of payments",
        Finding::OffersAction => "an argument offers this action",
        Finding::ServerHint => "the server's own hint",
        Finding::Unclear => "does not say what it does, so the worst that is common is assumed",
        Finding::Oversized => "is longer than is read; what follows is not known",
    }
}

/// A chip for what else there is to know, and whether it is a warning.
pub(crate) const fn chip(signal: Signal) -> (&'static str, bool) {
    match signal {
        Signal::TakesUrl => ("takes an address", false),
        Signal::TakesPath => ("takes a path", false),
        Signal::TakesCode => ("takes code, a command or a query", false),
        Signal::TakesCredentials => ("takes credentials", false),
        Signal::ManyParameters => ("more than ten arguments", false),
        Signal::SendsOut => ("sends something out", false),
        Signal::HiddenCharacters => ("holds characters that do not show", true),
        Signal::MixedAlphabets => ("mixes alphabets within a word", true),
        Signal::OversizedDescription => ("description longer than is read", true),
        Signal::UnderstatedByHints => ("its hints say less than its text", true),
    }
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Question {
    pub(crate) question: String,
    pub(crate) answer: String,
    /// A document that does what the answer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document: Option<String>,
}

/// A document with one rule for one tool.
fn document(tool: &str, rule: &serde_json::Value) -> Option<String> {
    #[derive(Serialize)]
    struct Document<'a> {
        version: &'a str,
        default: &'a str,
        tools: std::collections::BTreeMap<&'a str, &'a serde_json::Value>,
    }
    let tools = std::collections::BTreeMap::from([(tool, rule)]);
    serde_json::to_string_pretty(&Document { version: "1", default: "deny", tools }).ok()
}

/// A document that caps the tool.
pub(crate) fn capped(tool: &str) -> Option<String> {
    document(tool, &serde_json::json!({"rate_limit": {"max": 10, "window": 60}}))
}

/// A document that denies it and says why.
pub(crate) fn blocked(tool: &str) -> Option<String> {
    document(tool, &serde_json::json!({"action": "deny", "reason": "Not for agents."}))
}

/// What readers ask. `tool` is the exact name, `shown` what is shown of it.
pub(crate) fn questions(
    (tool, shown): (&str, &str),
    summary: &str,
    server: &str,
    from: Option<&str>,
    category: Category,
    nameable: bool,
) -> Vec<Question> {
    let ask = |question: String, answer: String| Question { question, answer, document: None };
    let (noun, risk) = (noun(category), category.risk());
    let told = if summary.is_empty() {
        "Its server does not say.".to_owned()
    } else {
        format!("In its server's words: “{summary}”")
    };
    let mut questions = vec![
        ask(
            format!("What does {shown} do?"),
            format!("{told} It is classed as {noun}: it {}.", does(category)),
        ),
        ask(
            format!("How is a policy put on {shown}?"),
            format!(
                "Register {server} here, add a policy that names {shown}, and point your MCP client at the gateway URL. Each call is decided by the policy \
                 before it reaches the server. The server stays as it is."
            ),
        ),
        ask(
            format!("How risky is {shown}?"),
            format!(
                "Its risk is {risk}, as that of every tool in the class {noun}: a tool of this class {}.",
                does(category)
            ),
        ),
    ];
    if nameable {
        questions.push(Question {
            document: capped(tool),
            ..ask(
                format!("Can calls of {shown} be limited?"),
                "Yes. This policy lets 10 calls pass in a minute for each session, and denies further ones until the minute is over. A limit with the scope \
                 grant counts all sessions of a grant together."
                    .to_owned(),
            )
        });
        questions.push(Question {
            document: blocked(tool),
            ..ask(
                format!("How is {shown} blocked?"),
                "This policy denies every call and gives the agent the reason. Put the name under hide instead, and agents are not even told that there is \
                 such a tool."
                    .to_owned(),
            )
        });
    }
    let place = from.map(|from| format!(" ({from})")).unwrap_or_default();
    questions.push(ask(
        format!("Which server has {shown}?"),
        format!("{server}{place}. Other servers may have a tool of the same name that does something else."),
    ));
    questions
}

#[cfg(test)]
mod tests {
    use catalog::{Class, recommend};
    use policy::{Call, Decision, Policy, Setting, Subject};

    use super::*;

    /// What a document does with a tool: the rule that denies, or what a call takes.
    fn does_to(document: &str, tool: &str) -> String {
        let compiled = Policy::compile(document.as_bytes()).unwrap();
        assert!(compiled.warnings.is_empty(), "{document}");
        let setting = Setting::default();
        let context = setting.context(0);
        let call = Call { subject: Subject::Tool, name: tool, arguments: None };
        match policy::decide(Some(&compiled.policy), &call, &context) {
            Decision::Deny(denial) => denial.rule,
            Decision::Permit(permit) => permit
                .charges()
                .iter()
                .map(|charge| {
                    format!("{} {:?} {:?}", charge.max, charge.counter.window, charge.counter.scope)
                })
                .collect(),
        }
    }

    #[test]
    fn each_recommended_document_does_what_its_sentence_says() {
        for (category, word, done) in [
            (Category::Read, "passes whenever it is called", ""),
            (Category::Other, "60 times a minute for each grant", "60 Minute Grant"),
            (Category::Write, "30 times a minute for each grant", "30 Minute Grant"),
            (Category::Execute, "10 times a minute for each grant", "10 Minute Grant"),
            (Category::Destructive, "is hidden", "(hidden)"),
            (Category::Financial, "until a person has approved it", "/tools/a_tool/approval"),
        ] {
            let document =
                serde_json::to_string_pretty(&recommend("a_tool", &Class::found(category, 1.0))).unwrap();
            let sentence = effect(category, "a_tool", true);
            assert!(sentence.contains(word), "{sentence}");
            assert!(sentence.ends_with("verything else on the server is denied."));
            let found = does_to(&document, "a_tool");
            assert!(found.starts_with(done) && found.is_empty() == done.is_empty(), "{category:?}: {found}");
            assert_eq!(does_to(&document, "another"), "(default deny)");
        }
    }

    #[test]
    fn the_documents_in_answers_do_what_the_answers_say() {
        let asked = questions(("a_tool", "a_tool"), "x", "Server", None, Category::Write, true);
        let documents: Vec<&str> = asked.iter().filter_map(|one| one.document.as_deref()).collect();
        let [capped, blocked] = documents.as_slice() else { panic!("{documents:?}") };
        let found = does_to(capped, "a_tool");
        assert!(found.starts_with("10 ") && found.ends_with("Session"), "{found}");
        assert_eq!(does_to(blocked, "a_tool"), "/tools/a_tool/action");
    }

    #[test]
    fn a_name_that_no_policy_can_hold_is_said_to_be_denied_and_is() {
        let document = serde_json::to_string(&recommend("*", &Class::found(Category::Read, 1.0))).unwrap();
        assert!(effect(Category::Read, "*", false).contains("it is denied"));
        assert_eq!(does_to(&document, "*"), "(default deny)");
    }
}
