//! Recorded calls: copies of one that a gateway made, with other tools and arguments.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use model::{Captured, Event, EventId, Intent, OrgId, SealedArguments, Slug, Verdict};
use secrets::KeyName;
use secrets::sealed::{Purpose, Sealer};
use serde_json::{Value, json};
use store::{EventSpan, Store};
use testkit::account::Account;

/// Events in a batch, as gateways send them.
const BATCH: usize = 1_000;
/// How far back the calls go.
const SPAN: SignedDuration = SignedDuration::from_hours(40);

/// Records so many calls, and says which of them the draft decides otherwise, and how.
pub(crate) async fn make(
    store: &Store,
    account: &Account,
    data_dir: &Path,
    count: usize,
) -> anyhow::Result<BTreeMap<String, String>> {
    let org = account.send(Method::GET, "", &Value::Null).await?;
    let org: OrgId = org.get("id").and_then(Value::as_str).context("no id")?.parse()?;
    let (now, template) = (Timestamp::now(), template(store, org).await?);
    let sealer = Sealer::new(&KeyName::Seal.read(&data_dir.join("keys"))?, Purpose::Arguments);
    let begin = now.saturating_sub(SPAN)?.as_millisecond();
    let step = (now.as_millisecond() - begin) / i64::try_from(count)?.max(1);
    let mut expected = BTreeMap::new();
    let mut batch = Vec::with_capacity(BATCH);
    for number in 0..count {
        let [a, b, c, d, e, f, g, h] = u64::try_from(number)?.to_be_bytes();
        let id = EventId::mint(begin + step * i64::try_from(number)?, [a, b, c, d, e, f, g, h, 0, 0]);
        let seal = |arguments: &Value| -> anyhow::Result<SealedArguments> {
            let captured = Captured::of(&arguments.to_string()).context("no JSON")?;
            let context = SealedArguments::context(org, id);
            Ok(SealedArguments(sealer.seal(
                captured.to_text().as_bytes(),
                context.as_bytes(),
                &mut rand::rng(),
            )?))
        };
        let mut intent =
            Intent { id, seq: u64::try_from(number)?, boot: 1, values: None, ..template.clone() };
        let named = match number % 10 {
            // Payments from 0 to 199, nine in ten with their arguments' values.
            0..=3 => {
                let amount = number / 10 % 200;
                "pay".clone_into(intent.subject.get_or_insert_default());
                intent.arguments = vec!["amount".to_owned()];
                if number % 100 < 90 {
                    intent.values = Some(seal(&json!({"amount": amount, "to": "somebody"}))?);
                    (amount > 100).then_some("would_deny")
                } else {
                    Some("undecidable")
                }
            }
            4 => {
                "delete".clone_into(intent.subject.get_or_insert_default());
                Some("would_deny")
            }
            5 => {
                "export".clone_into(intent.subject.get_or_insert_default());
                intent.verdict = Verdict::Deny;
                "(default deny)".clone_into(&mut intent.rule);
                Some("would_allow")
            }
            _ => None,
        };
        expected.extend(named.map(|effect| (id.to_string(), effect.to_owned())));
        batch.push(Event::Intent(Box::new(intent)));
        if batch.len() == BATCH || number + 1 == count {
            store.insert_events(&batch, now).await?;
            batch.clear();
        }
    }
    Ok(expected)
}

/// The one call that was really made, of `read`.
async fn template(store: &Store, org: OrgId) -> anyhow::Result<Intent> {
    let mut tx = store.begin(org).await?;
    let server = tx.server(&"bank".parse::<Slug>()?).await?.id;
    let span = EventSpan { server, policy: None, from: Timestamp::UNIX_EPOCH, to: Timestamp::MAX };
    let events = tx.events_in_order(&span, None, 1_000).await?;
    events.into_iter().find(|intent| intent.subject.as_deref() == Some("read")).context("no call recorded")
}
