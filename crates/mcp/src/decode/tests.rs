//! What is accepted and what is refused, as tables.

use serde_json::Value;

use super::*;
use crate::params::Reference;
use crate::reject::code;

fn call(params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{params}}}"#)
}

#[track_caller]
fn refused(body: impl AsRef<[u8]>, code: i64, words: &str) -> Reject {
    let body = body.as_ref();
    let reject = decode(body).expect_err(&String::from_utf8_lossy(body));
    assert_eq!((reject.status, reject.code), (400, code), "{}: {reject:?}", String::from_utf8_lossy(body));
    assert!(reject.message.contains(words), "{words:?} is not in {:?}", reject.message);
    reject
}

#[test]
fn a_call_gives_its_parts_in_the_bytes_it_came_in() {
    let body = r#" { "jsonrpc":"2.0", "id": "a\u0062" ,"method":"tools\/call","params":{"arguments": { "b" : [1.50, "x"],"a":null } ,
        "name":"ech\u006f","_meta":{"progressToken": 7,"x":1},"task":{},"inputResponses":{}}} "#;
    let message = decode(body.as_bytes()).unwrap();
    assert_eq!(message.kind, Kind::Request);
    assert_eq!(message.id, Some(r#""a\u0062""#));
    assert_eq!(message.id_key().as_deref(), Some(r#""ab""#));
    assert_eq!(message.method.as_deref(), Some("tools/call"));
    assert_eq!(message.params.name.as_deref(), Some("echo"));
    assert_eq!(message.params.arguments, Some(r#"{ "b" : [1.50, "x"],"a":null }"#));
    assert_eq!(message.params.meta.progress_token, Some("7"));
    assert_eq!(message.argument_names(), ["a", "b"]);
    assert!(message.params.as_task && message.params.retried);
}

#[test]
fn a_message_is_exactly_one_of_three_kinds() {
    for (body, kind) in [
        (r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, Kind::Request),
        (r#"{"jsonrpc":"2.0","id":"","method":"vendor/x","params":{"level":1}}"#, Kind::Request),
        (r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, Kind::Notification),
        (r#"{"jsonrpc":"2.0","id":-3,"result":null}"#, Kind::Response),
        (r#"{"jsonrpc":"2.0","id":9007199254740992,"error":{"code":-1,"message":"no"}}"#, Kind::Response),
    ] {
        assert_eq!(decode(body.as_bytes()).unwrap().kind, kind, "{body}");
    }
    for (members, words) in [
        (r#""id":1"#, "method is missing"),
        (r#""method":"ping","id":1,"result":{}"#, "neither result nor error"),
        (r#""method":"notifications/x","error":{}"#, "neither result nor error"),
        (r#""id":1,"result":{},"error":{}"#, "not both"),
        (r#""result":{}"#, "needs the id"),
        (r#""id":1,"result":{},"params":{}"#, "no params"),
        (r#""id":1,"error":"no""#, "error must be an object"),
        (r#""method":"tools/call","params":{"name":"x"}"#, "send it with an id"),
        (r#""method":7,"id":1"#, "method must be a string"),
    ] {
        refused(format!(r#"{{"jsonrpc":"2.0",{members}}}"#), code::INVALID_REQUEST, words);
    }
}

#[test]
fn bytes_that_are_not_one_json_object_are_refused() {
    for (body, code, words) in [
        (&b""[..], code::PARSE, "empty"),
        (b" \n", code::PARSE, "empty"),
        (b"\xef\xbb\xbf{}", code::PARSE, "byte order mark"),
        (b"{\"jsonrpc\":\"2.\xff\"}", code::PARSE, "UTF-8"),
        (b"{\"jsonrpc\":\"\xed\xa0\x80\"}", code::PARSE, "UTF-8"),
        (b"[]", code::INVALID_REQUEST, "batches"),
        (br#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, code::INVALID_REQUEST, "batches"),
        (b"null", code::INVALID_REQUEST, "must be a JSON object"),
        (br#"{"jsonrpc":"2.0","id":1,"method":"ping"}{}"#, code::PARSE, "after the end"),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\0", code::PARSE, "after the end"),
        (br#"{"jsonrpc":"2.0","id":1,"method":"ping",}"#, code::PARSE, "comma"),
        (b"{\"jsonrpc\":\"2.0\",\"method\":\"a\nb\",\"id\":1}", code::PARSE, "control character"),
        (br#"{"jsonrpc":"2.0""#, code::PARSE, "comma or the closing"),
        (br#"{"jsonrpc":"2.0","id":1,"method":"pi"#, code::PARSE, "does not end"),
        (br#"{"jsonrpc":"2.0","id":01,"method":"ping"}"#, code::PARSE, "number"),
        (br#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":NaN}}"#, code::PARSE, "value"),
        (br#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\x41"}}"#, code::PARSE, "backslash"),
    ] {
        refused(body, code, words);
    }
}

#[test]
fn the_envelope_takes_only_what_json_rpc_knows() {
    for (body, words) in [
        (r#"{"id":1,"method":"ping"}"#, "jsonrpc is missing"),
        (r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, "must be \"2.0\""),
        (r#"{"jsonrpc":2.0,"id":1,"method":"ping"}"#, "must be \"2.0\""),
        (r#"{"jsonrpc":"2.0","id":1,"method":"ping","extra":1}"#, "does not know"),
        (r#"{"jsonrpc":"2.0","id":1,"method":"ping","Method":"x"}"#, "read as \"method\""),
        (r#"{"jsonrpc":"2.0","id":1,"method":"ping","PARAMS":{}}"#, "read as \"params\""),
        (r#"{"jsonrpc":"2.0","id":1,"method":"ping","param\u017f":{}}"#, "read as \"params\""),
        (r#"{"jsonrpc":"2.0","id":1,"method":"ping","id\u0000":2}"#, "U+0000"),
        (r#"{"jsonrpc":"2.0","ID":1,"id":1,"method":"ping"}"#, "read as \"id\""),
    ] {
        refused(body, code::INVALID_REQUEST, words);
    }
}

#[test]
fn ids_are_strings_or_integers_that_survive_a_double() {
    for id in ["null", "1.0", "1e2", "true", "{}", "[1]", "9007199254740993", "-9007199254740993", "-0"] {
        refused(format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#), code::INVALID_REQUEST, "");
    }
}

#[test]
fn duplicate_keys_are_refused_at_every_depth_and_after_unescaping() {
    for params in [
        r#"{"name":"a","name":"b"}"#,
        r#"{"name":"a","na\u006de":"b"}"#,
        r#"{"name":"a","arguments":{},"arguments":{}}"#,
        r#"{"name":"a","arguments":{"x":1,"\u0078":2}}"#,
        r#"{"name":"a","arguments":{"l":[{"d":{"x":1,"x":1}}]}}"#,
        r#"{"name":"a","_meta":{"t":1,"t":1}}"#,
        r#"{"name":"a","vendor":{"":1,"":1}}"#,
        r#"{"name":"a","_meta":{},"_meta":{}}"#,
    ] {
        refused(call(params), code::INVALID_REQUEST, "twice");
    }
    refused(
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}"#,
        code::INVALID_REQUEST,
        "twice",
    );
    refused(r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, code::INVALID_REQUEST, "twice");
}

#[test]
fn look_alikes_of_known_members_are_refused() {
    for (params, name) in [
        (r#"{"name":"a","Name":"b"}"#, "name"),
        (r#"{"name":"a","ARGUMENTS":{}}"#, "arguments"),
        (r#"{"name":"a","argument\u017f":{}}"#, "arguments"),
        (r#"{"name":"a","tas\u212a":{}}"#, "task"),
        (r#"{"name":"a","Uri":"x"}"#, "uri"),
        (r#"{"name":"a","Cursor":"x"}"#, "cursor"),
        (r#"{"name":"a","_Meta":{}}"#, "_meta"),
        (r#"{"name":"a","meta":{}}"#, "_meta"),
        (r#"{"name":"a","input_responses":{}}"#, "inputResponses"),
        (r#"{"name":"a","requeststate":""}"#, "requestState"),
        (r#"{"name":"a","protocolversion":""}"#, "protocolVersion"),
        (r#"{"name":"a","Ref":{}}"#, "ref"),
        (r#"{"name":"a","_meta":{"io.modelcontextprotocol/ProtocolVersion":"x"}}"#, "protocolVersion"),
        (r#"{"name":"a","_meta":{"io.modelcontextprotocol/clientinfo":{}}}"#, "clientInfo"),
        (r#"{"name":"a","_meta":{"progresstoken":1}}"#, "progressToken"),
    ] {
        refused(call(params), code::INVALID_REQUEST, name);
    }
    let innocent =
        call(r#"{"name":"a","arguments":{"Name":1,"name":2,"NAME":3},"_meta":{"name":1},"names":1}"#);
    assert!(decode(innocent.as_bytes()).is_ok(), "arguments and vendor members may be called anything");
}

#[test]
fn half_surrogates_and_zero_keys_are_refused_anywhere() {
    for value in [r#""\ud800""#, r#""\udc00""#, r#""\udc00\ud800""#, r#""\ud83d\u0041""#, r#"{"\ud800":1}"#] {
        let body = call(&format!(r#"{{"name":"a","arguments":{{"x":[{value}]}}}}"#));
        refused(body, code::INVALID_REQUEST, "surrogate");
    }
    refused(call(r#"{"name":"a","arguments":{"x":{"a\u0000":1}}}"#), code::INVALID_REQUEST, "U+0000");
    let fine = call(r#"{"name":"a","arguments":{"x":"\ud83d\ude00 a\u0000b"}}"#);
    assert!(decode(fine.as_bytes()).is_ok(), "a whole pair, and U+0000 in a value");
}

#[test]
fn numbers_two_parsers_could_read_differently_are_refused() {
    for (number, words) in [
        ("9007199254740993", "±2^53"),
        ("-123456789012345678901234567890", "±2^53"),
        ("-1e400", "larger than a double"),
        ("99.999999999999999999", "more digits than a double"),
    ] {
        let body = call(&format!(r#"{{"name":"a","arguments":{{"x":{number}}}}}"#));
        refused(body, code::INVALID_REQUEST, words);
    }
}

#[test]
fn known_methods_need_their_subject() {
    for (method, params, words) in [
        ("tools/call", "{}", "needs params.name"),
        ("tools/call", r#"{"name":7}"#, "params.name must be a string"),
        ("tools/call", r#"{"name":null}"#, "params.name must be a string"),
        ("tools/call", r#"{"name":"a","arguments":[]}"#, "must be an object"),
        ("tools/call", r#"{"name":"a","arguments":null}"#, "must be an object"),
        ("prompts/get", r#"{"name":"a","arguments":"x"}"#, "must be an object"),
        ("resources/read", r#"{"name":"a"}"#, "needs params.uri"),
        ("resources/read", r#"{"uri":{}}"#, "params.uri must be a string"),
        ("completion/complete", r#"{"ref":"x"}"#, "needs params.ref"),
        ("completion/complete", r#"{"ref":{"type":"ref/prompt","uri":"x"}}"#, "needs params.ref"),
        ("tasks/get", r#"{"taskId":1}"#, "params.taskId must be a string"),
        ("tools/list", "[]", "params must be an object"),
        ("tools/list", "null", "params must be an object"),
        ("tools/list", r#"{"_meta":null}"#, "_meta must be an object"),
        ("tools/list", r#"{"_meta":{"io.modelcontextprotocol/protocolVersion":1}}"#, "must be a string"),
    ] {
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#);
        let reject = refused(body, code::INVALID_PARAMS, words);
        assert_eq!(reject.id.as_deref(), Some("1"));
    }
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/resource","uri":"u"}}}"#;
    let message = decode(body.as_bytes()).unwrap();
    assert_eq!(message.params.reference, Some(Reference::Resource("u".into())));
    for method in ["resources/subscribe", "resources/unsubscribe", "tasks/get"] {
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{}}}}"#);
        assert!(decode(body.as_bytes()).is_ok(), "{method} without a subject is the server's to refuse");
    }
    assert!(
        decode(br#"{"jsonrpc":"2.0","id":1,"method":"vendor/x","params":{"ref":"main","arguments":[1]}}"#)
            .is_ok()
    );
}

#[test]
fn depth_and_members_are_bounded() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        call(&format!(r#"{{"name":"a","arguments":{{"x":{open}{close}}}}}"#))
    };
    assert!(decode(nested(61).as_bytes()).is_ok(), "64 with the message, params and arguments");
    refused(nested(62), code::INVALID_REQUEST, "64 deep");
    refused(nested(100_000), code::INVALID_REQUEST, "64 deep");
    let wide = |members: usize| {
        let members: Vec<_> = (0..members).map(|index| format!(r#""k{index}":0"#)).collect();
        call(&format!(r#"{{"name":"a","arguments":{{{}}}}}"#, members.join(",")))
    };
    assert!(decode(wide(10_000 - 6).as_bytes()).is_ok());
    refused(wide(10_000 - 5), code::INVALID_REQUEST, "10000 members");
}

#[test]
fn a_refusal_echoes_an_id_that_is_beyond_doubt() {
    for (body, id) in [
        (r#"{"jsonrpc":"2.0","id":"x\/y","method":"ping","method":"x"}"#, None),
        (r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":1},"id":"x\/y"}"#, Some(r#""x\/y""#)),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, None),
        (r#"{"jsonrpc":"2.0","id":1,"method":"ping""#, None),
    ] {
        let reject = decode(body.as_bytes()).unwrap_err();
        assert_eq!(reject.id.as_deref(), id, "{body}");
        let answer: Value = serde_json::from_slice(&reject.body()).unwrap();
        assert_eq!(answer["error"]["code"], reject.code);
        assert_eq!(answer["id"].is_null(), id.is_none());
    }
}

#[test]
fn a_request_has_one_canonical_text_for_all_its_spellings() {
    let canonical = |params: &str| {
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{params}}}"#);
        decode(body.as_bytes()).unwrap().canonical().unwrap()
    };
    let text = canonical(
        r#"{"name":"pay","arguments":{"to":"\u0061b","n":{"b":1.50,"a":[2,1]}},"_meta":{"progressToken":1}}"#,
    );
    assert_eq!(text, r#"{"arguments":{"n":{"a":[2e0,1e0],"b":15e-1},"to":"ab"},"name":"pay"}"#);
    assert_eq!(text, canonical(r#"{ "arguments": {"n":{"a":[2,1],"b":15e-1},"to":"ab"}, "name": "pay" }"#));
    for other in [
        r#"{"name":"pay","arguments":{"to":"ab","n":{"b":1.51,"a":[2,1]}}}"#,
        r#"{"name":"pay","arguments":{"to":"ab","n":{"b":1.5,"a":[1,2]}}}"#,
        r#"{"name":"pay","arguments":{"to":"ab","n":{"b":"1.5","a":[2,1]}}}"#,
        r#"{"name":"pay","arguments":{"to":"ab","n":{"b":1.5,"a":[2,1]}},"requestState":"x"}"#,
    ] {
        assert_ne!(text, canonical(other), "{other}");
    }
}

#[test]
fn what_a_request_asks_for_is_given_as_it_was_sent() {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"progressToken":1},"name":"pay" , "arguments":{"b":1.50, "a":"\u0061"}}}"#;
    let asked = decode(body.as_bytes()).unwrap().asked().unwrap();
    assert_eq!(asked, r#"{"name":"pay","arguments":{"b":1.50, "a":"\u0061"}}"#);
}
