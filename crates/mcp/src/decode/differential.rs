//! Nothing accepted is read differently by another parser, and everything ambiguous is refused.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::json::quote;

/// A string and whether its characters are written as `\u` escapes.
type Text = (String, bool);

/// What damage is mostly made of.
const PUNCTUATION: &[u8] = br#"{}[]":,\u0e+-."#;

/// A JSON value whose spelling, and whose ambiguities, are known.
#[derive(Clone, Debug)]
enum Tree {
    Scalar(String),
    Text(Text),
    List(Vec<Tree>),
    Map(Vec<(Text, Tree)>),
}

fn spell((text, escaped): &Text) -> String {
    if !escaped {
        return quote(text);
    }
    let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    format!("\"{units}\"")
}

impl Tree {
    fn write(&self) -> String {
        match self {
            Self::Scalar(text) => text.clone(),
            Self::Text(text) => spell(text),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Self::write).collect();
                format!("[ {} ]", items.join(" ,"))
            }
            Self::Map(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| format!("{}\t:\n{}", spell(key), value.write()))
                    .collect();
                format!("{{{}}}", members.join(",\r"))
            }
        }
    }

    fn ambiguous(&self) -> bool {
        match self {
            Self::Scalar(_) | Self::Text(_) => false,
            Self::List(items) => items.iter().any(Self::ambiguous),
            Self::Map(members) => {
                let mut keys = HashSet::new();
                members
                    .iter()
                    .any(|((key, _), value)| !keys.insert(key) || key.contains('\0') || value.ambiguous())
            }
        }
    }
}

fn text() -> impl Strategy<Value = Text> {
    (prop_oneof![4 => "[a-c]{0,2}", 1 => any::<String>()], any::<bool>())
}

fn map(value: impl Strategy<Value = Tree>) -> impl Strategy<Value = Tree> {
    prop::collection::vec((text(), value), 0..5).prop_map(Tree::Map)
}

fn tree() -> impl Strategy<Value = Tree> {
    let scalar = prop_oneof![
        Just(Tree::Scalar("null".to_owned())),
        Just(Tree::Scalar("false".to_owned())),
        any::<i32>().prop_map(|number| Tree::Scalar(number.to_string())),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(|number| Tree::Scalar(format!("{number:e}"))),
        text().prop_map(Tree::Text),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::List), map(inner)]
    })
}

fn message(name: &Text, arguments: &Tree, vendor: &Tree) -> String {
    let (name, arguments, vendor) = (spell(name), arguments.write(), vendor.write());
    format!(
        r#"{{"jsonrpc":"2.0","id":"q","params":{{"vendor":{vendor},"arguments": {arguments} ,"name":{name}}},"method":"tools/call"}}"#
    )
}

/// What was accepted must be what another parser, one that takes the last of two keys, reads.
fn agrees(body: &[u8]) -> Result<bool, TestCaseError> {
    let Ok(message) = decode(body) else { return Ok(false) };
    let value: Value = serde_json::from_slice(body).expect("what is accepted is JSON");
    prop_assert_eq!(message.method.as_deref(), value["method"].as_str());
    prop_assert_eq!(message.params.name.as_deref(), value["params"]["name"].as_str());
    prop_assert_eq!(message.params.uri.as_deref(), value["params"]["uri"].as_str());
    if let Some(arguments) = message.params.arguments {
        let arguments: Value = serde_json::from_str(arguments).expect("a slice of JSON");
        prop_assert_eq!(&arguments, &value["params"]["arguments"]);
        let mut names: Vec<_> = arguments.as_object().expect("an object").keys().cloned().collect();
        names.sort_unstable();
        prop_assert_eq!(message.argument_names(), names);
    }
    let id: Option<Value> = message.id.map(|id| serde_json::from_str(id).expect("a slice of JSON"));
    prop_assert_eq!(id.as_ref(), value.get("id"));
    Ok(true)
}

/// Whether the lenient reader takes the text as one JSON value.
fn lenient(text: &str) -> bool {
    let mut reader = Reader::new(text, crate::envelope::LENIENT);
    reader.value().and_then(|_| reader.finish()).is_ok()
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
}

proptest! {
    #[test]
    fn unambiguous_calls_are_accepted_as_others_read_them_and_ambiguous_ones_are_not(
        name in text(), arguments in map(tree()), vendor in tree(),
    ) {
        let body = message(&name, &arguments, &vendor);
        let fine = !arguments.ambiguous() && !vendor.ambiguous();
        prop_assert_eq!(agrees(body.as_bytes())?, fine, "{}", body);
    }

    #[test]
    fn a_damaged_message_is_refused_or_read_as_others_read_it(
        arguments in map(tree()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..4),
    ) {
        let mut body = message(&("n".to_owned(), false), &arguments, &Tree::List(Vec::new())).into_bytes();
        for (place, byte, how) in damage {
            let place = place.index(body.len());
            let byte = if byte < 128 { byte } else { PUNCTUATION[usize::from(byte) % PUNCTUATION.len()] };
            match how {
                0 => body[place] = byte,
                1 => body.insert(place, byte),
                _ => drop(body.remove(place)),
            }
        }
        agrees(&body)?;
        if let Ok(text) = str::from_utf8(&body) {
            prop_assert_eq!(lenient(text), is_json(text), "{}", text);
        }
    }

    #[test]
    fn the_lenient_reader_accepts_exactly_what_is_json(text in r#"[\[\]{}:,"\\ut0-9eE+. \-da-f]{0,24}"#) {
        prop_assert_eq!(lenient(&text), is_json(&text), "{}", text);
    }

    #[test]
    fn a_string_ends_where_it_ends_whatever_it_holds(text in any::<String>(), escaped: bool) {
        let spelled = spell(&(text.clone(), escaped));
        let rest = format!("{spelled}\"");
        let mut reader = Reader::new(&rest, crate::envelope::LENIENT);
        prop_assert_eq!(&*reader.string().expect("a string"), &*text);
        prop_assert_eq!(reader.at(), spelled.len());
    }
}
