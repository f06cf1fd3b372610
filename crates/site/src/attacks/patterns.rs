//! How tools are abused, in our own words, and what a policy can do about each. What is said here of policies is the policy
//! language's word, not more.

use catalog::Signal;
use policy::Category::{self, Destructive, Execute, Financial, Other, Read, Write};
use serde::Serialize;

/// A way in which tools are abused.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Pattern {
    /// Its name in addresses.
    pub(crate) slug: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// What happens.
    pub(crate) what: &'static str,
    /// What to do about it here.
    pub(crate) control: &'static str,
    /// Which classes of tools it needs; all six where any will do.
    pub(crate) classes: &'static [Category],
    /// What about a tool makes it more likely.
    #[serde(skip)]
    pub(crate) signals: &'static [Signal],
}

const ANY: &[Category] = &[Read, Write, Execute, Destructive, Financial, Other];

/// All of them, those that need most first.
pub(crate) const ALL: &[Pattern] = &[
    Pattern {
        slug: "unauthorised-spend",
        name: "Unauthorised spend",
        what: "An agent is talked into a refund, a transfer, an order or a swap that nobody wanted, or drifts into it by itself. The money is gone \
               before anybody reads the log.",
        control: "Let a person approve each call. Where that is too slow, cap the amount with a condition on the argument and the sum with a limit \
                  that counts it.",
        classes: &[Financial],
        signals: &[],
    },
    Pattern {
        slug: "destructive-autonomy",
        name: "Deletion on the agent's own initiative",
        what: "Nobody attacks. The agent reads its task so that something has to be deleted or overwritten, and does it at once, with confidence.",
        control: "Hide tools that delete: what is not in the list is not tried. Where one is needed, ask for approval, or require that its arguments \
                  name a place meant for it.",
        classes: &[Destructive],
        signals: &[],
    },
    Pattern {
        slug: "repository-damage",
        name: "Damage to repositories and branches",
        what: "Tools of source control rewrite history, delete branches or merge what nobody has looked at.",
        control: "Require that the branch argument is not a protected one, and ask for approval where a merge is to be had.",
        classes: &[Destructive, Execute],
        signals: &[],
    },
    Pattern {
        slug: "code-execution",
        name: "Abuse of shells, scripts and queries",
        what: "A tool that runs a command, a script or a query is steered by a text the agent has read: into deleting, into sending data away, or into \
               taking over the machine behind the server.",
        control: "Limit how often it runs, deny arguments that match what you never want, and ask for approval where arguments are free text.",
        classes: &[Execute],
        signals: &[Signal::TakesCode],
    },
    Pattern {
        slug: "scope-escape",
        name: "Acting outside the intended environment",
        what: "An infrastructure tool that should work in one namespace, account or project works in another, because the argument says so and the \
               credentials allow it.",
        control: "Require that the argument is one of the names you allow. A call without it, or with another, is denied before it leaves.",
        classes: &[Destructive, Execute, Write],
        signals: &[],
    },
    Pattern {
        slug: "exfiltration",
        name: "Sending data away",
        what: "A tool that fetches addresses, sends mail or posts messages carries private data to somebody else's address, often in a query string \
               nobody looks at.",
        control: "Require that the address or recipient is one of yours, and limit how often the tool may be called.",
        classes: &[Execute, Write, Read],
        signals: &[Signal::TakesUrl, Signal::SendsOut],
    },
    Pattern {
        slug: "lethal-trifecta",
        name: "Private data, foreign text and a way out in one session",
        what: "One agent can read private data, reads text that strangers wrote, and has a tool that sends. Each alone is harmless; together, the foreign \
               text can make the agent send the private data.",
        control: "Give the three to different identities, so that no session holds them all. What an identity has no grant for it cannot call.",
        classes: &[Read, Write, Execute],
        signals: &[Signal::TakesUrl, Signal::SendsOut],
    },
    Pattern {
        slug: "result-injection",
        name: "Instructions in results",
        what: "An issue, a page, a ticket or a mail that a tool returns holds instructions. The agent takes them for part of its task and calls the next \
               tool as they say.",
        control: "Judge the call that follows and not the text: deny by default, and put conditions on the tools that act.",
        classes: &[Read],
        signals: &[Signal::TakesUrl],
    },
    Pattern {
        slug: "cost-exhaustion",
        name: "Cost without end",
        what: "Reads that are billed, or tools with a model behind them, are called again and again until a quota or a budget is used up.",
        control: "Limit calls for each grant by the minute and by the day.",
        classes: &[Read, Other, Execute],
        signals: &[],
    },
    Pattern {
        slug: "runaway-loop",
        name: "Runaway loop",
        what: "The agent repeats a call that fails or seems not to work, far faster than anybody could look: hundreds of records, messages or jobs.",
        control: "A limit for each grant stops it after so many calls in a minute; the agent is told when it may try again.",
        classes: ANY,
        signals: &[],
    },
    Pattern {
        slug: "tool-poisoning",
        name: "Tool poisoning",
        what: "The description of a tool, or of one of its arguments, holds instructions for the model, perhaps in characters that do not show. The agent \
               follows them whenever it sees the list.",
        control: "Allow tools by name and deny the rest; what is denied by default is not in the list that the agent gets. Definitions with characters \
                  that do not show are marked here.",
        classes: ANY,
        signals: &[Signal::HiddenCharacters, Signal::MixedAlphabets, Signal::OversizedDescription],
    },
    Pattern {
        slug: "rug-pull",
        name: "Rug pull",
        what: "A server is harmless when it is approved, and changes a description, a schema or what a tool does some weeks later.",
        control: "Every definition is kept with its hash, so a change shows. An approval that was given under one definition is void under another.",
        classes: ANY,
        signals: &[Signal::UnderstatedByHints],
    },
    Pattern {
        slug: "tool-shadowing",
        name: "Tool shadowing",
        what: "A second server offers a tool of the same name as a trusted one, or of one that looks the same, and calls go there.",
        control: "Every grant is for one server. Names are compared letter by letter, so a look-alike matches no rule of yours and is denied.",
        classes: ANY,
        signals: &[Signal::MixedAlphabets],
    },
    Pattern {
        slug: "indirect-prompt-injection",
        name: "Indirect prompt injection",
        what: "Any text from elsewhere that reaches the model may hold instructions. Nobody sees it happen; the agent simply does something else.",
        control: "What the agent may call does not depend on what it has been told: rules are applied outside the model, to each call.",
        classes: ANY,
        signals: &[],
    },
    Pattern {
        slug: "prompt-injection",
        name: "Prompt injection",
        what: "What is typed to the agent talks it out of its instructions, so that it calls tools that it should leave alone.",
        control: "Enforce outside the model: a condition on an argument holds whatever the model believes.",
        classes: ANY,
        signals: &[],
    },
    Pattern {
        slug: "tool-layer-injection",
        name: "Injection through the tool layer",
        what: "Instructions come by way of descriptions, schemas and results instead of the chat, and come again with every session that connects.",
        control: "Keep the list short: an agent sees only the tools that your policy allows it.",
        classes: ANY,
        signals: &[Signal::OversizedDescription],
    },
    Pattern {
        slug: "supply-chain",
        name: "Compromised package or server",
        what: "The package that a server is made of, or something it depends on, is taken over. Every agent that uses it inherits what it does now.",
        control: "Only registered servers are reached, and of each only the tools that a rule names.",
        classes: ANY,
        signals: &[],
    },
    Pattern {
        slug: "confused-deputy",
        name: "Confused deputy",
        what: "An agent with wide rights acts for somebody who has none: the request is theirs, the credentials are the agent's.",
        control: "Give each person and agent an identity and a grant. Rules can ask who is calling.",
        classes: ANY,
        signals: &[Signal::TakesCredentials],
    },
    Pattern {
        slug: "token-passthrough",
        name: "Token passed on",
        what: "A token that was meant for one service is handed to another, which can use it in the caller's name.",
        control: "A client's own Authorization header ends at the gateway. What the server needs is kept sealed and added there.",
        classes: ANY,
        signals: &[Signal::TakesCredentials],
    },
    Pattern {
        slug: "protocol-bypass",
        name: "Calls without proof of who calls",
        what: "Between client, gateway and server a check of identity is missing or wrong, so that anybody can list tools or call them.",
        control: "Every request to the gateway carries a token, which is checked each time; a session belongs to the identity that opened it.",
        classes: ANY,
        signals: &[],
    },
    Pattern {
        slug: "launch-injection",
        name: "Commands in connection settings",
        what: "Settings or addresses that a server sends reach a shell or the start of a program at the client.",
        control: "The gateway starts no programs, and connects only to registered addresses that were checked.",
        classes: ANY,
        signals: &[Signal::TakesCode],
    },
];

/// The pattern of this slug.
pub(crate) fn by_slug(slug: &str) -> Option<&'static Pattern> {
    ALL.iter().find(|pattern| pattern.slug == slug)
}

/// Those that abuse the access that such a tool gives, the most specific first.
pub(crate) fn of(category: Category, signals: &[Signal], most: usize) -> Vec<&'static Pattern> {
    let mut fitting: Vec<(usize, &Pattern)> = ALL
        .iter()
        .filter(|pattern| pattern.classes.contains(&category))
        .map(|pattern| {
            let signalled = pattern.signals.iter().filter(|signal| signals.contains(signal)).count();
            // A match of what is special about the tool counts more than a narrow choice of classes.
            (pattern.classes.len().saturating_sub(6 * signalled), pattern)
        })
        .collect();
    fitting.sort_by_key(|(rank, _)| *rank);
    fitting.into_iter().map(|(_, pattern)| pattern).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_abused_by_something_special_to_it_and_slugs_are_distinct() {
        for category in Category::ALL {
            let found = of(category, &[], 3);
            assert_eq!(found.len(), 3);
            assert!(found[0].classes.len() < 6, "{category:?}");
        }
        let mut slugs: Vec<_> = ALL.iter().map(|pattern| pattern.slug).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), ALL.len());
        assert_eq!(of(Read, &[Signal::HiddenCharacters], 1)[0].slug, "tool-poisoning");
    }
}
