//! What the parts of a document are for, in a sentence or two each; editors show them beside what is typed.

/// What a kind of object is.
pub(super) fn whole(what: &str) -> &'static str {
    match what {
        "policy" => {
            "Which calls of an MCP server pass. What cannot be enforced is refused, unknown fields too."
        }
        "rule" => {
            "What holds for the calls that it matches. An empty rule under default deny allows. All rules that match apply, from general to specific: all_tools, the category, globs, the exact name."
        }
        "group" => "Conditions with one message.",
        "condition" => "A value against an operator, or conditions under one of any, all and not.",
        "approval" => {
            "When people have to approve a call, and which. A parked call passes once when it is made again."
        }
        "limit" => {
            "What may be spent in a window. All limits of all rules that match are taken together before a call is forwarded, or none is."
        }
        "rate_limit" => "So many calls in a window, counted by session under the tool's name and _rate.",
        "section" => "Rules for prompts, or for resources by their URI.",
        _ => "",
    }
}

/// What a field is for.
pub(super) fn field(what: &str, field: &str) -> &'static str {
    match what {
        "policy" | "section" => of_document(what, field),
        "rule" | "group" | "approval" => of_rule(what, field),
        "condition" => of_condition(field),
        _ => of_limit(what, field),
    }
}

fn of_document(what: &str, field: &str) -> &'static str {
    match (what, field) {
        ("policy", "$schema") => "Where this schema is served; for editors, without effect.",
        ("policy", "version") => "The version of the language.",
        ("policy", "default") => {
            "What happens to a tool that neither a pattern in tools nor a rule in categories matches. With deny it is not listed either."
        }
        ("policy", "description") => "What the policy is for; without effect.",
        ("policy" | "section", "hide") => {
            "Names, or globs with * and ?, that are not listed and answered as if they did not exist."
        }
        ("policy", "all_tools") => "The rule for every tool. It does not count as a rule under default deny.",
        ("policy", "categories") => "Rules by what the catalogue says that a tool does.",
        ("policy", "tools") => {
            "Rules by name, or by glob with * for any run of characters and ? for one. The order of the document never matters."
        }
        ("policy", "prompts") => "Rules for prompts; without them the default holds.",
        ("policy", "resources") => "Rules for resources; without them the default holds.",
        ("section", "default") => "What happens to what no rule matches.",
        ("section", "rules") => "Rules by name or glob; for resources, by URI.",
        _ => "",
    }
}

fn of_rule(what: &str, field: &str) -> &'static str {
    match (what, field) {
        ("rule", "action") => {
            "deny refuses always, require_approval asks people always. The most specific rule that states an action decides; of equally specific globs the stricter."
        }
        ("rule", "reason") => {
            "What the agent is told by refusals of this rule that have no words of their own."
        }
        ("rule", "require") => "Groups of which every one must hold: all its conditions do.",
        ("rule", "deny_if") => {
            "Groups of which none may hold. A group without conditions always holds, and so refuses every call."
        }
        ("rule", "approval") => "Asks people, when its conditions hold; without conditions, always.",
        ("rule", "limits") => "At most 16 limits may apply to one call, those of all its rules counted.",
        ("rule", "rate_limit") => "A short form of the most frequent limit.",
        ("group", "conditions") => "All of them count together.",
        ("group", "on_deny") => "What the agent is told. Say what to do instead.",
        ("approval", "conditions") => "When to ask: all must hold.",
        ("approval", "approvers") => "Who may approve; admins always may.",
        ("approval", "quorum") => "How many people it takes.",
        ("approval", "expires_in") => "After how many seconds a request is over.",
        ("approval", "reason") => "What the agent is told meanwhile.",
        _ => "",
    }
}

fn of_condition(field: &str) -> &'static str {
    match field {
        "path" => {
            "What is looked at: args.name, args.list[0], args.list[*].name, or what is known of caller, tool and time. With [*] the condition holds if any element does."
        }
        "op" => {
            "How it is compared. A missing value fails every operator but neq, not_in and exists with false; one of the wrong type refuses the call."
        }
        "value" => {
            "What it is compared with. Numbers compare exactly, strings by code point. exists takes true, false or nothing."
        }
        "any" => "Holds when one of them does.",
        "all" => "Holds when all of them do.",
        "not" => "Holds when it does not.",
        _ => "",
    }
}

fn of_limit(what: &str, field: &str) -> &'static str {
    match (what, field) {
        ("limit", "counter") => {
            "What is counted. Limits with the same counter, scope and key share it; it has one sort of window in a document."
        }
        ("limit" | "rate_limit", "window") => {
            "The span that is counted in, aligned to UTC: a unit of time, or a number of seconds counted from 1970."
        }
        ("limit", "max") => "At most so much in a window, with up to nine decimal digits.",
        ("limit", "scope") => "Whose calls are added up.",
        ("limit", "key") => "Counts apart for each value here; a call without one is refused.",
        ("limit", "increment") => "What one call takes; 1 unless said.",
        ("limit", "increment_from") => {
            "The argument that says what a call takes. A negative, missing, quoted or too large amount refuses the call."
        }
        ("limit", "rolling") => {
            "Whether no span of the window's length may hold more, instead of the aligned ones."
        }
        ("limit", "on_outage") => "What happens to calls while counters cannot be reached; deny unless said.",
        ("rate_limit", "max") => "At most so many calls in a window.",
        _ => "",
    }
}
