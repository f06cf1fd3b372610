//! The one function that judges a call, and its order. The first refusal wins:
//!
//! 1. no policy
//! 2. something switched off or expired
//! 3. hidden
//! 4. a definition that nobody accepted, where definitions are pinned
//! 5. no rule, under `default: deny` (the rule for all tools does not count)
//! 6. the action in force is `deny`
//! 7. `require`, layer by layer from general to specific
//! 8. `deny_if`, likewise
//! 9. approval, unless the context says that one was given for this call
//! 10. limits, of all layers together; here they are only priced, and the permit carries the bill
//!
//! Where the language leaves room:
//! - An action `require_approval` asks always, whatever `approval.conditions` say (a warning tells the author). Its
//!   refusal points at the rule's `approval`, written out or not.
//! - Several layers may ask for approval. The first is the one that is named, and one approval serves them all, so it
//!   takes what the strictest of them asks: the most people, the highest of the roles, the shortest time.
//! - A rule's `reason` is the message of every refusal of that rule that has no words of its own: its action,
//!   its approval, its limits once they are reached.
//! - A name of more than 4,096 bytes is refused as one that has no rule, whatever the default.
//! - When several limits are full at once, the first counter in layer order that cannot take its charge is named, and on
//!   it the first limit whose `max` would be passed. Counter stores, cases and replays all keep to that.
//! - `action: allow` lifts a more general `deny` or `require_approval`, but not a more general rule's `approval`
//!   block, conditions or limits: those of all layers apply.

use std::sync::Arc;

use crate::facts::Facts;
use crate::pattern::LONGEST_NAME;
use crate::rule::condition::all_hold;
use crate::rule::limit::{CounterName, Limit};
use crate::rule::path::Mismatch;
use crate::rule::section::Layers;
use crate::rule::{Action, Group, Rule};
use crate::trace::{Step, Unwatched, Watch};
use crate::{
    ApprovalTerms, Call, Charge, Context, Decision, Denial, OnOutage, Permit, Policy, Subject, wording,
};

/// Judges one call. The same policy, call and context always give the same decision, word for word.
#[must_use]
pub fn decide(policy: Option<&Policy>, call: &Call<'_>, context: &Context<'_>) -> Decision {
    match judge(policy, call, context, &mut Unwatched) {
        Ok(permit) => Decision::Permit(permit),
        Err(denial) => Decision::Deny(*denial),
    }
}

/// Boxed, because most calls are let through.
type Refusal = Box<Denial>;

/// Decides, and tells a listener how.
pub(crate) fn judge<W: Watch>(
    policy: Option<&Policy>,
    call: &Call<'_>,
    context: &Context<'_>,
    watch: &mut W,
) -> Result<Permit, Refusal> {
    watch.step(Step::Policy, String::new);
    let policy = policy.ok_or_else(wording::no_policy)?;
    watch.step(Step::Enabled, String::new);
    if !context.enabled {
        return Err(wording::disabled().into());
    }
    watch.step(Step::Name, String::new);
    if call.name.len() > LONGEST_NAME {
        return Err(wording::name_too_long().into());
    }
    let section = policy.section(call.subject);
    watch.step(Step::Hidden, String::new);
    if section.hide.covers(call.name) {
        return Err(wording::hidden(call).into());
    }
    watch.step(Step::Definition, String::new);
    if context.definition_changed && call.subject == Subject::Tool {
        return Err(wording::definition_changed(call).into());
    }
    let layers = section.layers(call.name, context.category);
    watch.layers(&layers);
    watch.step(Step::Default, String::new);
    if !section.default_allow && !layers.is_named() {
        return Err(wording::by_default(call).into());
    }
    let action = layers.action();
    watch.step(Step::Action, || {
        action.map(|(_, rule)| format!("{}/action", rule.pointer)).unwrap_or_default()
    });
    if let Some((Action::Deny, rule)) = action {
        return Err(wording::by_action(rule, call).into());
    }
    let facts = Facts::new(call, context);
    for rule in layers.iter() {
        check_groups((Step::Require, rule), &rule.require, &facts, watch)?;
    }
    for rule in layers.iter() {
        check_groups((Step::DenyIf, rule), &rule.deny_if, &facts, watch)?;
    }
    check_approval(&layers, action, &facts, watch)?;
    price(&layers, &facts, watch)
}

/// Refuses unless every group passes: in `require` when all its conditions hold, in `deny_if` when they do not.
fn check_groups<W: Watch>(
    (step, rule): (Step, &Rule),
    groups: &[Group],
    facts: &Facts<'_>,
    watch: &mut W,
) -> Result<(), Refusal> {
    let required = step == Step::Require;
    let field = if required { "require" } else { "deny_if" };
    let pointer = |index: usize| format!("{}/{field}/{index}", rule.pointer);
    for (index, group) in groups.iter().enumerate() {
        watch.step(step, || pointer(index));
        let holds = all_hold(&group.conditions, facts, watch)
            .map_err(|mismatch| wording::by_mismatch(pointer(index), mismatch))?;
        if holds != required {
            return Err(wording::by_group(pointer(index), group).into());
        }
    }
    Ok(())
}

/// Refuses a call that needs an approval and has none. A condition that cannot be answered refuses either way.
fn check_approval<W: Watch>(
    layers: &Layers<'_>,
    action: Option<(Action, &Rule)>,
    facts: &Facts<'_>,
    watch: &mut W,
) -> Result<(), Refusal> {
    let asking = action.filter(|(action, _)| *action == Action::RequireApproval).map(|(_, rule)| rule);
    let mut asked: Option<(&Rule, ApprovalTerms)> = None;
    for rule in layers.iter() {
        let by_action = asking.is_some_and(|asking| std::ptr::eq(asking, rule));
        if let Some((_, terms)) = &mut asked {
            // The refusal is settled, and so is its trace; only what it takes may still grow.
            if by_action || !matches!(by_conditions(rule, facts, &mut Unwatched), Ok(false)) {
                *terms = terms.stricter(&rule.terms());
            }
            continue;
        }
        if by_action || rule.approval.is_some() {
            watch.step(Step::Approval, || format!("{}/approval", rule.pointer));
        }
        let by_conditions = by_conditions(rule, facts, watch)
            .map_err(|mismatch| wording::by_mismatch(format!("{}/approval", rule.pointer), mismatch))?;
        if (by_action || by_conditions) && !facts.context.approved {
            asked = Some((rule, rule.terms()));
        }
    }
    asked.map_or(Ok(()), |(rule, terms)| Err(wording::by_approval(rule, terms, facts.call).into()))
}

/// Whether the conditions of a rule's approval ask for one.
fn by_conditions<'f, W: Watch>(
    rule: &'f Rule,
    facts: &'f Facts<'_>,
    watch: &mut W,
) -> Result<bool, Mismatch<'f>> {
    rule.approval.as_ref().map_or(Ok(false), |approval| all_hold(&approval.conditions, facts, watch))
}

/// The permit with what the limits of all layers cost.
fn price<W: Watch>(layers: &Layers<'_>, facts: &Facts<'_>, watch: &mut W) -> Result<Permit, Refusal> {
    let count = layers.iter().map(|rule| rule.limits.len()).sum();
    let (mut charges, mut limits) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for limit in layers.iter().flat_map(|rule| &rule.limits) {
        watch.step(Step::Limit, || limit.pointer());
        let supposed = watch.suppose_charge(limit);
        let charge = limit.charge(facts, &charges, supposed).map_err(|fault| {
            let counter = match &limit.name {
                CounterName::Fixed(name) => Some(&**name),
                CounterName::OfSubject => None,
            };
            wording::by_unchargeable(limit, &fault, counter)
        })?;
        watch.charge(&charge);
        add(charge, limit, &mut charges, &mut limits);
    }
    Ok(Permit::new(charges, limits))
}

/// Limits on the same counter make one charge of the largest amount; each keeps its own `max` in `limits`.
fn add(charge: Charge, limit: &Arc<Limit>, charges: &mut Vec<Charge>, limits: &mut Vec<(usize, Arc<Limit>)>) {
    // At most 16 limits apply to a call, so looking through them is cheap.
    let shared = charges.iter().position(|other| other.counter == charge.counter);
    let index = shared.unwrap_or(charges.len());
    limits.push((index, Arc::clone(limit)));
    let Some(shared) = charges.get_mut(index) else {
        charges.push(charge);
        return;
    };
    shared.amount = shared.amount.max(charge.amount);
    shared.max = shared.max.min(charge.max);
    if charge.on_outage == OnOutage::Deny {
        shared.on_outage = OnOutage::Deny;
    }
}
