//! The reference is whole, and the guide beside it says the same.

use super::*;

#[test]
fn every_field_has_its_type_meaning_and_an_example() {
    let facts = made().facts;
    let mut fields = 0;
    for part in facts["parts"].as_array().unwrap() {
        assert!(!part["what"].as_str().unwrap().is_empty(), "{part}");
        for field in part["fields"].as_array().unwrap() {
            for what in ["kind", "meaning", "example"] {
                assert!(!field[what].as_str().unwrap().is_empty(), "{}: {what} of {field}", part["id"]);
            }
            fields += 1;
        }
    }
    assert!(fields > 38, "{fields}");
}

/// A part of the language that the schema gains shows here.
#[test]
fn every_object_of_the_schema_is_a_part_of_this_page() {
    let schema = Schema { whole: policy::Policy::schema() };
    for (name, definition) in schema.whole["$defs"].as_object().unwrap() {
        if definition.get("properties").is_none() {
            continue;
        }
        let name = match plain(name) {
            "prompts" | "resources" => "section",
            name => name,
        };
        assert!(PARTS.iter().any(|(id, _)| *id == name), "{name}");
    }
    assert!(policy::Policy::compile(EXAMPLE.as_bytes()).unwrap().warnings.is_empty());
}

#[test]
fn the_guide_has_every_operator_and_every_path_with_where_it_counts() {
    let guide = include_str!("../../../../../docs/guide/policies.md");
    let facts = made().facts;
    for operator in facts["operators"].as_array().unwrap() {
        assert!(guide.contains(&format!("`{}`", operator["name"].as_str().unwrap())), "{operator}");
    }
    for path in facts["paths"].as_array().unwrap() {
        let name = format!("`{}`", path["name"].as_str().unwrap());
        let row = guide.lines().find(|line| line.starts_with('|') && line.contains(&name));
        let row = row.unwrap_or_else(|| panic!("{path}"));
        let told = |kind: &str| if path[kind] == true { "yes" } else { "no" };
        let end = format!("| {} | {} |", told("prompts"), told("resources"));
        assert!(row.ends_with(&end), "{row}: {path}");
    }
}
