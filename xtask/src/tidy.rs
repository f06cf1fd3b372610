//! What the compiler does not see: headers, sizes, and words that must not be committed.

use anyhow::bail;

use crate::repo::Repo;

/// A source file longer than this is worth splitting.
const LONG: usize = 400;
/// A source file longer than this is refused.
const TOO_LONG: usize = 600;

/// Marks of unfinished or silenced code. Spelled in two parts so that this file passes its own check.
const IN_SOURCES: &[(&str, &str)] = &[
    (concat!("todo", "!("), "unfinished code"),
    (concat!("unimplemented", "!("), "unfinished code"),
    (concat!("dbg", "!("), "left-over debugging"),
    (concat!("#[", "allow("), "write #[expect(lint, reason = \"…\")]"),
    (concat!("#![", "allow("), "write #![expect(lint, reason = \"…\")]"),
    (concat!("#[", "ignore"), "a test that does not run is no test"),
];

/// Words that have no place in any text file.
const ANYWHERE: &[(&str, &str)] = &[
    (concat!("TO", "DO"), "open work belongs in an issue"),
    (concat!("FIX", "ME"), "open work belongs in an issue"),
    (concat!("/wo", "rk/"), "a path of one machine"),
    (concat!("/ro", "ot/"), "a path of one machine"),
    (concat!("/Us", "ers/"), "a path of one machine"),
    (concat!("<<<<", "<<< "), "a merge conflict"),
];

/// Lock files name packages and digests, not where one machine fetched them from.
const IN_LOCKS: &[(&str, &str)] = &[("\"resolved\": \"http", "a registry's address in a lock file")];

/// Cargo writes this name for the default registry wherever it is really fetched from.
const DEFAULT_REGISTRY: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// What a look at one file brings.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    faults: Vec<String>,
    warnings: Vec<String>,
}

/// Looks at every file of the checkout.
pub(crate) fn run(repo: &Repo) -> anyhow::Result<()> {
    let mut found = Findings::default();
    let files = repo.files()?;
    for name in &files {
        // Binary files have nothing to read.
        if let Ok(text) = String::from_utf8(std::fs::read(repo.path(name))?) {
            look(name, &text, &mut found);
        }
    }
    for warning in &found.warnings {
        println!("tidy: warning: {warning}");
    }
    for fault in &found.faults {
        eprintln!("tidy: {fault}");
    }
    if !found.faults.is_empty() {
        bail!("{} findings", found.faults.len());
    }
    println!("{} files are tidy", files.len());
    Ok(())
}

fn look(name: &str, text: &str, found: &mut Findings) {
    let is_lock = name.ends_with("package-lock.json") || name.ends_with("Cargo.lock");
    if is_lock {
        mark(name, text, IN_LOCKS, found);
        foreign_sources(name, text, found);
    } else {
        mark(name, text, ANYWHERE, found);
    }
    if name.ends_with(".rs") {
        mark(name, text, IN_SOURCES, found);
        header(name, text, found);
        size(name, text, found);
    }
}

fn mark(name: &str, text: &str, marks: &[(&str, &str)], found: &mut Findings) {
    for (number, line) in text.lines().enumerate() {
        for (word, why) in marks.iter().filter(|(word, _)| line.contains(word)) {
            found.faults.push(format!("{name}:{}: {word} ({why})", number + 1));
        }
    }
}

fn foreign_sources(name: &str, text: &str, found: &mut Findings) {
    for (number, line) in text.lines().enumerate() {
        if line.starts_with("source = ") && line != DEFAULT_REGISTRY {
            found
                .faults
                .push(format!("{name}:{}: a package that is not from the default registry", number + 1));
        }
    }
}

fn header(name: &str, text: &str, found: &mut Findings) {
    if !text.starts_with("//! ") {
        found.faults.push(format!("{name}:1: opens without a `//!` header that says what the module is for"));
    }
}

fn size(name: &str, text: &str, found: &mut Findings) {
    let lines = text.lines().count();
    if lines > TOO_LONG {
        found.faults.push(format!("{name}: {lines} lines; at most {TOO_LONG} are accepted"));
    } else if lines > LONG {
        found.warnings.push(format!("{name}: {lines} lines; more than {LONG} is worth splitting"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &str, text: &str) -> Vec<String> {
        let mut found = Findings::default();
        look(name, text, &mut found);
        found.faults
    }

    #[test]
    fn a_tidy_source_has_no_findings() {
        assert!(faults("a.rs", "//! What it is for.\n\nfn a() {}\n").is_empty());
    }

    #[test]
    fn a_source_without_header_or_with_marks_is_named_with_its_line() {
        let text = format!("fn a() {{}}\n{}unused)]\n", concat!("#[", "allow("));
        let found = faults("a.rs", &text);
        assert!(found.iter().any(|fault| fault.starts_with("a.rs:2: #[")), "{found:?}");
        assert!(found.iter().any(|fault| fault.starts_with("a.rs:1: opens without")), "{found:?}");
    }

    #[test]
    fn a_long_file_warns_and_a_longer_one_fails() {
        let file = |lines: usize| format!("//! x\n{}", "\n".repeat(lines - 1));
        let mut found = Findings::default();
        look("a.rs", &file(LONG + 1), &mut found);
        assert_eq!((found.warnings.len(), found.faults.len()), (1, 0));
        look("a.rs", &file(TOO_LONG + 1), &mut found);
        assert_eq!((found.warnings.len(), found.faults.len()), (1, 1));
    }

    #[test]
    fn lock_files_may_not_name_a_registry_of_their_own() {
        assert_eq!(
            faults("x/package-lock.json", "  \"resolved\": \"https://registry.example/a.tgz\"").len(),
            1
        );
        assert_eq!(faults("Cargo.lock", "source = \"registry+https://mirror.example/index\"").len(), 1);
        assert!(faults("Cargo.lock", DEFAULT_REGISTRY).is_empty());
    }
}
