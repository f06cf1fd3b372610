//! Lists before and after.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn keep_visible(item: &Item<'_>) -> bool {
    !item.subject.starts_with("hidden")
}

#[track_caller]
fn check(kind: ListKind, era: Era, message: &str, expected: Option<&str>) {
    let outcome = filter(message.as_bytes(), kind, era, keep_visible).unwrap();
    assert_eq!(outcome.map(|bytes| String::from_utf8(bytes).unwrap()).as_deref(), expected);
}

#[test]
fn hidden_entries_are_cut_out_and_every_other_byte_stays() {
    check(
        ListKind::Tools,
        Era::Legacy,
        r#"{"jsonrpc":"2.0", "id":1,"result":{"x":[1.0 ],"tools":[ {"name":"a","x-vendor":1e2} , {"name":"hidden_b"},
          {"\u006eame":"c"}],"nextCursor":"n","_meta":{"tools":1}}}"#,
        Some(
            r#"{"jsonrpc":"2.0", "id":1,"result":{"x":[1.0 ],"tools":[{"name":"a","x-vendor":1e2},{"\u006eame":"c"}],"nextCursor":"n","_meta":{"tools":1}}}"#,
        ),
    );
}

#[test]
fn an_emptied_page_keeps_its_cursor() {
    check(
        ListKind::Resources,
        Era::Legacy,
        r#"{"id":1,"result":{"resources":[{"uri":"hidden://a","name":"a"}],"nextCursor":"more"}}"#,
        Some(r#"{"id":1,"result":{"resources":[],"nextCursor":"more"}}"#),
    );
}

#[test]
fn nothing_hidden_means_nothing_touched_in_the_legacy_era() {
    check(ListKind::Tools, Era::Legacy, r#"{"id":1,"result":{"tools":[ {"name":"a"} ],"ttlMs":9e9}}"#, None);
    check(ListKind::Prompts, Era::Legacy, r#"{"id":1,"result":{"prompts":[]}}"#, None);
    check(
        ListKind::ResourceTemplates,
        Era::Legacy,
        r#"{"id":1,"result":{"resourceTemplates":[{"uriTemplate":"a"}]}}"#,
        None,
    );
}

#[test]
fn a_modern_list_is_private_and_short_lived_on_every_page() {
    let tools = r#""tools":[{"name":"a"}]"#;
    for (cache, expected) in [
        (r#","ttlMs":300000,"cacheScope":"public""#, Some(r#","ttlMs":5000,"cacheScope":"private""#)),
        (r#","cacheScope":"private","ttlMs":5000"#, None),
        (r#","cacheScope":"private","ttlMs":0"#, None),
        (r#","ttlMs":6e3"#, Some(r#","ttlMs":5000,"cacheScope":"private""#)),
        (r#","ttlMs":"long","cacheScope":7"#, Some(r#","ttlMs":5000,"cacheScope":"private""#)),
        ("", Some(r#","cacheScope":"private""#)),
    ] {
        let message = |cache: &str| format!(r#"{{"id":1,"result":{{{tools}{cache}}}}}"#);
        check(ListKind::Tools, Era::Modern, &message(cache), expected.map(message).as_deref());
    }
    let message =
        r#"{"result":{"cacheScope":"public","tools":[{"name":"hidden"},{"name":"b"}],"ttlMs":7000},"id":1}"#;
    let expected = r#"{"result":{"cacheScope":"private","tools":[{"name":"b"}],"ttlMs":5000},"id":1}"#;
    check(ListKind::Tools, Era::Modern, message, Some(expected));
}

#[test]
fn errors_requests_and_results_without_the_list_pass() {
    for message in [
        r#"{"id":1,"error":{"code":-32601,"message":"no","tools":[{}]}}"#,
        r#"{"method":"notifications/progress","params":{"tools":[{}]}}"#,
        r#"{"id":1,"result":{"prompts":[{"name":"hidden"}]}}"#,
        r#"{"id":1,"result":{}}"#,
    ] {
        check(ListKind::Tools, Era::Modern, message, None);
    }
}

#[test]
fn a_list_that_cannot_be_read_is_an_error_never_shown_whole() {
    for message in [
        r#"{"id":1,"result":{"tools":[{"name":"hidden"}]}"#,
        r#"[{"id":1,"result":{"tools":[{"name":"hidden"}]}}]"#,
        r#"{"id":1,"result":{"tools":[{"name":"a","name":"hidden"}]}}"#,
        r#"{"id":1,"result":{"tools":[{"name":"a","Name":"hidden"}]}}"#,
        r#"{"id":1,"result":{"tools":[{"title":"hidden"}]}}"#,
        r#"{"id":1,"result":{"tools":[{"name":7}]}}"#,
        r#"{"id":1,"result":{"tools":["hidden"]}}"#,
        r#"{"id":1,"result":{"tools":{"name":"hidden"}}}"#,
        r#"{"id":1,"result":{"tools":[],"tools":[{"name":"hidden"}]}}"#,
        r#"{"id":1,"result":{"Tools":[{"name":"hidden"}]}}"#,
        r#"{"id":1,"result":{"tools":[]},"result":{"tools":[{"name":"hidden"}]}}"#,
        r#"{"id":1,"result":{"tools":[{"name":"hidden"}]},"error":{}}"#,
        r#"{"id":1,"method":"x","result":{"tools":[{"name":"hidden"}]}}"#,
        r#"{"id":1,"result":[{"name":"hidden"}]}"#,
        "",
    ] {
        assert!(filter(message.as_bytes(), ListKind::Tools, Era::Legacy, |_| true).is_err(), "{message}");
    }
}

#[test]
fn a_list_of_unknown_origin_is_known_by_its_members() {
    let filtered = |message: &str| {
        let bytes = filter_any(message.as_bytes(), Era::Legacy, keep_visible).unwrap();
        bytes.map(|bytes| String::from_utf8(bytes).unwrap())
    };
    for (member, subject) in
        [("tools", "name"), ("prompts", "name"), ("resources", "uri"), ("resourceTemplates", "uriTemplate")]
    {
        let message = |items: &str| format!(r#"{{"id":1,"result":{{"{member}":[{items}]}}}}"#);
        let (hidden, shown) = (format!(r#"{{"{subject}":"hidden"}}"#), format!(r#"{{"{subject}":"b"}}"#));
        assert_eq!(filtered(&message(&format!("{hidden},{shown}"))), Some(message(&shown)));
    }
    for other in [r#"{"id":1,"result":{"content":[],"tools":7}}"#, r#"{"id":1,"result":"hidden"}"#] {
        assert_eq!(filtered(other), None, "{other}");
    }
    assert!(filter_any(br#"{"id":1,"result":{"tools":["hidden"]}}"#, Era::Legacy, |_| true).is_err());
}

proptest! {
    #[test]
    fn kept_entries_are_the_servers_bytes_in_the_servers_order(
        items in prop::collection::vec((any::<String>(), any::<bool>(), "[ \n]{0,3}"), 0..12),
        cursor in any::<Option<String>>(),
    ) {
        let written: Vec<_> = items.iter().enumerate().map(|(index, (text, _, blank))| {
            let text = crate::json::quote(text);
            format!("{{{blank}\"d\":{text},\"name\":\"{index}\",\"v\":{{\"d\":1,\"d\":[{blank}1.10]}}}}")
        }).collect();
        let next = cursor.map(|cursor| format!(",\"nextCursor\":{}", crate::json::quote(&cursor))).unwrap_or_default();
        let message = |items: &str| format!("{{\"id\":7,\"result\":{{\"tools\":[{items}]{next}}} }}");
        let given = message(&written.join(" , "));
        let outcome = filter(given.as_bytes(), ListKind::Tools, Era::Legacy, |item| {
            items[item.subject.parse::<usize>().unwrap()].1
        }).unwrap();
        let kept: Vec<_> = written.iter().zip(&items).filter(|(_, item)| item.1).map(|(text, _)| text.clone()).collect();
        let expected = (kept.len() < items.len()).then(|| message(&kept.join(",")).into_bytes());
        prop_assert_eq!(&outcome, &expected);
        if let Some(bytes) = outcome {
            prop_assert!(serde_json::from_slice::<Value>(&bytes).is_ok());
        }
    }
}
