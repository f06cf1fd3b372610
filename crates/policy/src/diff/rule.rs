//! Two rules compared that are filed under the same.

use super::{Change, Findings, limit, pair};
use crate::Approvers;
use crate::rule::limit::Limit;
use crate::rule::written::conditions;
use crate::rule::{Action, Approval, Group, Rule};

/// What rules no more specific than the compared one do with a call.
#[derive(Default)]
pub(super) struct General {
    /// One asks for approval.
    pub(super) asks: bool,
    /// One denies.
    pub(super) denies: bool,
}

/// A group and its index in the rule.
type Indexed = (usize, Group);

/// A rule that is not there has nothing to say.
pub(super) fn compare(
    whose: &str,
    old: Option<&Rule>,
    new: Option<&Rule>,
    general: &General,
    found: &mut Findings,
) {
    let Some(pointer) = new.or(old).map(|rule| &*rule.pointer) else { return };
    action(
        whose,
        pointer,
        old.and_then(|rule| rule.action),
        new.and_then(|rule| rule.action),
        general,
        found,
    );
    for field in ["require", "deny_if"] {
        let of = |rule: Option<&'_ Rule>| -> Vec<Indexed> {
            let all = rule.map(|rule| if field == "require" { &rule.require } else { &rule.deny_if });
            all.into_iter()
                .flatten()
                .cloned()
                .enumerate()
                .filter(|(_, group)| field == "deny_if" || !group.conditions.is_empty())
                .collect()
        };
        groups(whose, field, pointer, (&of(old), &of(new)), found);
    }
    let asked = |rule: Option<&'_ Rule>| rule.and_then(|rule| rule.approval.clone());
    approval(whose, &format!("{pointer}/approval"), asked(old).as_ref(), asked(new).as_ref(), found);
    let of = |rule: Option<&'_ Rule>| -> Vec<Limit> {
        rule.map(|rule| rule.limits.iter().map(|limit| Limit::clone(limit)).collect()).unwrap_or_default()
    };
    limit::compare(whose, &of(old), &of(new), found);
    if let (Some(old), Some(new)) = (old, new)
        && old.reason != new.reason
    {
        found.add(Change::Changed, format!("{pointer}/reason"), format!("{whose} is refused in other words"));
    }
}

fn action(
    whose: &str,
    pointer: &str,
    old: Option<Action>,
    new: Option<Action>,
    general: &General,
    found: &mut Findings,
) {
    // How saying nothing compares with each action, given what then applies instead.
    let over_nothing = |stated: Action| match stated {
        Action::Allow => (general.denies || general.asks).then_some(Change::Looser),
        Action::RequireApproval if general.denies => Some(Change::Changed),
        Action::RequireApproval | Action::Deny => Some(Change::Tighter),
    };
    let change = match (old, new) {
        (None, None) => None,
        (Some(old), Some(new)) => Change::of_strictness(&old, &new),
        (None, Some(new)) => over_nothing(new),
        (Some(old), None) => over_nothing(old).map(|change| match change {
            Change::Looser => Change::Tighter,
            Change::Tighter => Change::Looser,
            Change::Changed => Change::Changed,
        }),
    };
    let what = match new {
        Some(Action::Allow) => format!("{whose} is now allowed, whatever more general rules do with it"),
        Some(Action::RequireApproval) => format!("{whose} now needs approval"),
        Some(Action::Deny) => format!("{whose} is now denied, whatever its arguments"),
        None => match old {
            Some(Action::Allow) => format!("{whose} no longer escapes what more general rules do with it"),
            Some(Action::RequireApproval) => format!("{whose} no longer needs approval by its action"),
            _ => format!("{whose} is no longer denied by its action"),
        },
    };
    if let Some(change) = change {
        found.add(change, format!("{pointer}/action"), what);
    }
}

fn groups(
    whose: &str,
    field: &str,
    pointer: &str,
    (old, new): (&[Indexed], &[Indexed]),
    found: &mut Findings,
) {
    let asks = |group: &Indexed| conditions(&group.1.conditions);
    let same_words = |a: &Indexed, b: &Indexed| a.1.on_deny == b.1.on_deny;
    let same = |a: &Indexed, b: &Indexed| asks(a) == asks(b);
    let identical = |a: &Indexed, b: &Indexed| same_words(a, b) && same(a, b);
    let alike = |a: &Indexed, b: &Indexed| paths(&a.1) == paths(&b.1);
    let (pairs, gone, come) =
        pair(old.iter().collect(), new.iter().collect(), &[&identical, &same, &same_words, &alike]);
    let role = if field == "require" { "a requirement" } else { "a reason for denial" };
    for (before, after) in pairs {
        let at = format!("{pointer}/{field}/{}", after.0);
        if !same(before, after) {
            let (asked, asks) = (asks(before), asks(after));
            found.add(Change::Changed, at, format!("{whose} has {role} that was {asked} and is {asks}"));
        } else if !same_words(before, after) {
            found.add(Change::Changed, at, format!("{whose} is refused in other words"));
        }
    }
    for group in come {
        let what = format!("{whose} has {role} more: {}", asks(group));
        found.add(Change::Tighter, format!("{pointer}/{field}/{}", group.0), what);
    }
    for group in gone {
        let what = format!("{whose} has {role} less: {}", asks(group));
        found.add(Change::Looser, format!("{pointer}/{field}/{}", group.0), what);
    }
}

/// What a group looks at.
fn paths(group: &Group) -> Vec<&str> {
    let mut paths = Vec::new();
    group.conditions.iter().for_each(|part| part.each_test(&mut |test| paths.push(test.path.text())));
    paths.sort_unstable();
    paths.dedup();
    paths
}

fn approval(
    whose: &str,
    pointer: &str,
    old: Option<&Approval>,
    new: Option<&Approval>,
    found: &mut Findings,
) {
    let (old, new) = match (old, new) {
        (None, None) => return,
        (None, Some(_)) => return found.add(Change::Tighter, pointer, format!("{whose} now needs approval")),
        (Some(_), None) => {
            return found.add(Change::Looser, pointer, format!("{whose} no longer needs approval"));
        }
        (Some(old), Some(new)) => (old, new),
    };
    let (asked, asks) = (conditions(&old.conditions), conditions(&new.conditions));
    if asked != asks {
        let (change, what) = match (old.conditions.is_empty(), new.conditions.is_empty()) {
            (true, _) => (Change::Looser, format!("needs approval only if {asks}, no longer always")),
            (_, true) => (Change::Tighter, format!("needs approval always, no longer only if {asked}")),
            _ => (Change::Changed, format!("needed approval if {asked} and now if {asks}")),
        };
        found.add(change, format!("{pointer}/conditions"), format!("{whose} {what}"));
    }
    let (before, after) = (&old.terms, &new.terms);
    if let Some(change) = Change::of_strictness(&before.quorum, &after.quorum) {
        let what = format!("{whose} takes {} approvals, and took {}", after.quorum, before.quorum);
        found.add(change, format!("{pointer}/quorum"), what);
    }
    if before.approvers != after.approvers {
        let (was, is) = (who(before.approvers), who(after.approvers));
        let what = format!("{whose} is approved by {is}, and was by {was}");
        found.add(Change::Changed, format!("{pointer}/approvers"), what);
    }
    if let Some(change) = Change::of_strictness(&after.expires_in, &before.expires_in) {
        let (is, was) = (after.expires_in, before.expires_in);
        let what = format!("a request for approval stays open for {is} s, and did for {was} s");
        found.add(change, format!("{pointer}/expires_in"), what);
    }
    if old.reason != new.reason {
        found.add(Change::Changed, format!("{pointer}/reason"), format!("{whose} is refused in other words"));
    }
}

const fn who(approvers: Approvers) -> &'static str {
    match approvers {
        Approvers::Admin => "admins",
        Approvers::PolicyManager => "policy managers",
        Approvers::Team => "the team",
    }
}
