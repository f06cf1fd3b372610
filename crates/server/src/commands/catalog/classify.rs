//! `policylayer catalog classify`: tools in, classes out, line by line.

use std::io::{self, BufRead, Write};

use ::catalog::{Class, Definition, Recommendation, Server, classify, recommend};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use worker::lines::{self, LONGEST, Line};

/// A tool; members beyond these say nothing about its class.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToolLine<'a> {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(borrow, default)]
    input_schema: Option<&'a RawValue>,
    #[serde(borrow, default)]
    annotations: Option<&'a RawValue>,
    #[serde(default)]
    server: Option<String>,
}

/// A class.
#[derive(Serialize)]
struct ClassLine<'a> {
    name: &'a str,
    #[serde(flatten)]
    class: &'a Class,
    recommended_policy: Recommendation,
}

/// A line that is no tool.
#[derive(Serialize)]
struct ErrorLine {
    error: Fault,
}

/// Why it is none.
#[derive(Serialize)]
struct Fault {
    code: &'static str,
    message: String,
    /// Counted from 1.
    line: u64,
}

/// Classifies every line of the input.
pub(super) fn run(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut buffer = Vec::new();
    let mut number = 0;
    while let Some(line) = lines::next(&mut input, &mut buffer)? {
        number += 1;
        let tool = match line {
            Line::Whole => read(&buffer),
            Line::TooLong => Err(("line_too_long", format!("a line has at most {LONGEST} bytes"))),
        };
        match tool {
            Ok(tool) => print(&tool, &mut output)?,
            Err((code, message)) => {
                let error = Fault { code, message, line: number };
                serde_json::to_writer(&mut output, &ErrorLine { error })?;
            }
        }
        // Whoever asks line by line waits for the answer.
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}

fn read(line: &[u8]) -> Result<ToolLine<'_>, (&'static str, String)> {
    let text = str::from_utf8(line).map_err(|_| ("invalid_json", "the line is not UTF-8".to_owned()))?;
    serde_json::from_str(text).map_err(|error| {
        let code = if error.is_data() { "invalid_tool" } else { "invalid_json" };
        (code, error.to_string())
    })
}

fn print(tool: &ToolLine<'_>, output: &mut impl Write) -> io::Result<()> {
    let definition = Definition {
        name: &tool.name,
        description: tool.description.as_deref(),
        input_schema: tool.input_schema.map(RawValue::get),
        annotations: tool.annotations.map(RawValue::get),
    };
    let class = classify(&definition, &Server { name: tool.server.as_deref() });
    let recommended_policy = recommend(&tool.name, &class);
    Ok(serde_json::to_writer(output, &ClassLine { name: &tool.name, class: &class, recommended_policy })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<serde_json::Value> {
        let mut output = Vec::new();
        run(input, &mut output).unwrap();
        output
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect()
    }

    #[test]
    fn a_tool_becomes_a_class_with_evidence_and_a_policy() {
        let found = lines(
            br#"{"name": "wipe_disk", "description": "Wipe a disk", "title": "x", "inputSchema": {"properties": {"path": {}}}}"#,
        );
        let class = &found[0];
        assert_eq!(class["name"], "wipe_disk");
        assert_eq!((&class["category"], &class["risk"]), (&"destructive".into(), &"critical".into()));
        let evidence = serde_json::json!({"field": "name", "quote": "wipe", "signal": "destroys"});
        assert_eq!(class["evidence"][0], evidence);
        assert_eq!(class["signals"], serde_json::json!(["takes_path"]));
        let policy = serde_json::json!({"version": "1", "default": "deny", "hide": ["wipe_disk"]});
        assert_eq!(class["recommended_policy"], policy);
    }

    #[test]
    fn a_bad_line_is_an_error_with_its_number_and_the_rest_goes_on() {
        let found = lines(b"{\"name\": \"a\"}\n{\n{\"name\": 5}\n\xff\n\n{\"name\": \"get_b\"}");
        let codes: Vec<_> = found.iter().map(|line| line["error"]["code"].as_str().unwrap_or("-")).collect();
        assert_eq!(codes, ["-", "invalid_json", "invalid_tool", "invalid_json", "invalid_json", "-"]);
        let numbers: Vec<_> = found.iter().filter_map(|line| line["error"]["line"].as_u64()).collect();
        assert_eq!(numbers, [2, 3, 4, 5]);
        assert_eq!(found[5]["category"], "read");
    }
}
