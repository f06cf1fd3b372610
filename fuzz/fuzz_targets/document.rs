//! Any bytes as a document: it is refused with problems that have a place, or compiles to a policy that is equal to itself.
#![no_main]

use fuzz::bounded;
use libfuzzer_sys::fuzz_target;
use policy::{Cases, Policy, Problem, Severity, Trial, diff};

fuzz_target!(|document: &[u8]| bounded(|| check(document)));

fn check(document: &[u8]) {
    match Policy::compile(document) {
        Err(problems) => {
            assert!(problems.iter().any(|problem| problem.severity == Severity::Error), "{problems:?}");
            problems.iter().for_each(placed);
        }
        Ok(compiled) => {
            assert!(compiled.warnings.iter().all(|warning| warning.severity == Severity::Warning));
            compiled.warnings.iter().for_each(placed);
            assert_eq!(diff(&compiled.policy, &compiled.policy), []);
            let again = Policy::compile(document).map(|again| again.warnings);
            assert_eq!(again.as_deref(), Ok(&*compiled.warnings));
            assert!(compiled.policy.lint(&[]).iter().all(|doubt| doubt.severity == Severity::Warning));
        }
    }
    if let Err(problems) = Cases::read(document) {
        problems.iter().for_each(placed);
    }
    if let Err(problems) = Trial::read(document) {
        problems.iter().for_each(placed);
    }
}

/// A finding says where it is, and what.
fn placed(problem: &Problem) {
    assert!(problem.line > 0 && problem.column > 0, "{problem:?}");
    assert!(problem.pointer.is_empty() || problem.pointer.starts_with('/'), "{problem:?}");
    assert!(!problem.message.is_empty() && !problem.code.is_empty(), "{problem:?}");
}
