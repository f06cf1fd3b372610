//! Records in every form, good and bad.

use super::*;

#[test]
fn a_row_says_what_it_says_and_no_more() {
    let record = row(
        r#"{"name": "Ledger", "repo": "https://github.com/acme/ledger.git", "category": "finance", "transport": "sse",
            "url": "https://ledger.example/sse", "sources": ["a", "b"], "package": "npm:ledger", "colour": "red"}"#,
    )
    .unwrap();
    assert_eq!((record.slug.as_str(), record.repo.as_deref()), ("ledger", Some("acme/ledger")));
    assert_eq!(record.remote_url.as_deref(), Some("https://ledger.example/sse"));
    assert_eq!((record.homepage, record.tools, record.topic.as_deref()), (None, None, Some("finance")));
    assert_eq!(record.listed_in, ["a", "b"]);
    let local = row(r#"{"name": "x", "url": "https://x.example", "tools": []}"#).unwrap();
    assert_eq!((local.homepage.as_deref(), local.tools), (Some("https://x.example"), None));
}

#[test]
fn a_bad_row_says_why() {
    for (line, reason) in [
        ("{", "EOF while parsing an object"),
        (r#"{"slug": "x"}"#, "missing field `name`"),
        (r#"{"name": 5}"#, "invalid type: integer `5`, expected a string"),
        (r#"{"name": " "}"#, "the name is empty"),
        ("[1]", "invalid type: integer `1`, expected a string"),
    ] {
        assert_eq!(row(line).unwrap_err().0, reason, "{line}");
    }
}

#[test]
fn tools_that_cannot_be_taken_are_named_and_the_others_stay() {
    let long = "x".repeat(LONGEST_TOOL_NAME + 1);
    let record = row(&format!(
        r#"{{"name": "x", "tools": [{{"name": "a", "description": "A", "more": 1}}, {{"name": ""}}, {{"name": "{long}"}},
            5, {{"name": "z\u0000"}}, {{"name": "b"}}]}}"#
    ))
    .unwrap();
    let tools = record.tools.unwrap();
    let names: Vec<_> = tools.iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(tools[0].definition, r#"{"name": "a", "description": "A", "more": 1}"#);
    let faults: Vec<_> = record.faults.iter().map(|fault| fault.0.as_str()).collect();
    assert_eq!(
        faults,
        [
            "tool 2: its name is empty",
            "tool 3: its name has 513 bytes; at most 512 are kept",
            "tool 4: invalid type: integer `5`, expected struct ToolText",
            "tool 5: its name holds the character U+0000",
        ]
    );
}

#[test]
fn a_registry_page_holds_the_latest_versions_in_either_form() {
    let page = page(
        r#"{"servers": [
            {"server": {"name": "io.example/one", "title": "One", "description": "First", "version": "1.2.0",
              "repository": {"url": "https://github.com/example/one", "source": "github"},
              "packages": [{"registryType": "npm", "identifier": "@example/one", "transport": {"type": "stdio"}}],
              "remotes": [{"type": "streamable-http", "url": "https://one.example/mcp"}]},
             "_meta": {"io.modelcontextprotocol.registry/official": {"status": "active", "isLatest": true}}},
            {"server": {"name": "io.example/one", "version": "1.1.0"},
             "_meta": {"io.modelcontextprotocol.registry/official": {"isLatest": false}}},
            {"server": {"title": "no name"}},
            {"name": "io.example/old", "packages": [{"registry_name": "pypi", "name": "old"}], "_meta": {"x": {"is_latest": true}}}
          ], "metadata": {"nextCursor": "abc", "count": 4}}"#,
    )
    .unwrap();
    assert_eq!(page.next.as_deref(), Some("abc"));
    let [Ok(one), Err(fault), Ok(old)] = page.records.as_slice() else { panic!("{:?}", page.records) };
    assert_eq!((one.slug.as_str(), one.name.as_str()), ("io-example-one", "One"));
    assert_eq!(one.transports, ["stdio", "streamable-http"]);
    assert_eq!(one.package.as_deref(), Some("npm:@example/one"));
    assert_eq!(fault.0, "server 3: missing field `name`");
    assert_eq!((old.name.as_str(), old.package.as_deref()), ("io.example/old", Some("pypi:old")));
}

#[test]
fn a_tool_list_is_read_alone_in_its_message_and_as_a_bare_array() {
    let tools = r#"[{"name": "a"}]"#;
    for (text, name) in [
        (format!(r#"{{"serverInfo": {{"name": "srv", "version": "3"}}, "tools": {tools}}}"#), "srv"),
        (format!(r#"{{"jsonrpc": "2.0", "id": 1, "result": {{"tools": {tools}}}}}"#), "file__name"),
        (tools.to_owned(), "file__name"),
    ] {
        let record = tool_list(&text, "file__name").unwrap();
        assert_eq!((record.slug.as_str(), record.name.as_str()), ("file-name", name));
        assert_eq!(record.tools.unwrap().len(), 1);
    }
    assert_eq!(tool_list("{}", "x").unwrap_err().0, "there is no list of tools in it");
    let other = tool_list(r#"[{"server": "a"}]"#, "x").unwrap_err().0;
    assert_eq!(other, "none of what it lists is a tool: tool 1: missing field `name`");
}

#[test]
fn a_slug_is_never_empty_and_never_strange() {
    for (text, expected) in [
        ("io.github.Seey215/tavily-mcp", "io-github-seey215-tavily-mcp"),
        ("--A  b--", "a-b"),
        ("百度地图", "server"),
        ("", "server"),
        ("../../etc", "etc"),
    ] {
        assert_eq!(slug(text), expected);
    }
    assert_eq!(slug(&"ab ".repeat(100)).len(), LONGEST_SLUG);
}
