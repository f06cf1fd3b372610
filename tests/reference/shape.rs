//! The JSON Schema of the language beside its compiler, on random documents and on broken ones.

use jsonschema::Validator;
use policy::{Policy, Severity};

use super::broken;
use super::compare::case;
use super::random::Random;

/// Documents, each with as many broken ones.
const DOCUMENTS: u64 = 1_500;
/// What no schema can say: of expressions, and of what is counted over a document.
const BEYOND: &[&str] = &["invalid_regex", "too_many_limits", "counter_windows"];

/// Numbers beyond a double are more than this validator can hold.
fn smaller(text: &str) -> String {
    text.replace("e400000000", "e4").replace("e399999999", "e3").replace("e400", "e40")
}

/// Whether the schema took it; `None` where it is no JSON, or has a key twice, of which a validator sees one.
fn check(schema: &Validator, text: &str) -> Option<bool> {
    let text = smaller(text);
    let document = serde_json::from_str(&text).ok()?;
    let problems = Policy::compile(text.as_bytes()).err().unwrap_or_default();
    if problems.iter().any(|problem| problem.code == "duplicate_key") {
        return None;
    }
    let mut errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let shapely = errors.all(|problem| BEYOND.contains(&problem.code));
    assert_eq!(schema.is_valid(&document), shapely, "schema and compiler ({problems:?}) of {text}");
    Some(shapely)
}

#[test]
fn the_schema_takes_and_refuses_what_the_compiler_does() {
    let schema = jsonschema::validator_for(&Policy::schema()).unwrap();
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..DOCUMENTS {
        let document = case(seed).unwrap().document;
        let broken = broken::changed(&mut Random::new(seed), &document);
        for text in [Some(document.to_string()), broken].into_iter().flatten() {
            match check(&schema, &text) {
                Some(true) => taken += 1,
                Some(false) => refused += 1,
                None => {}
            }
        }
    }
    assert!(taken > 1_000 && refused > 300, "{taken} taken, {refused} refused");
}
