//! The blocks of code in a page, with where they stand.

use std::path::PathBuf;

/// A block between fences.
#[derive(Debug)]
pub(super) struct Fence {
    /// Page and line, for what a failure says.
    pub(super) at: String,
    /// The first word behind the fence.
    pub(super) language: String,
    /// What follows: the name of a file.
    pub(super) name: String,
    pub(super) text: String,
}

impl Fence {
    /// Whether a reader is to type it at a terminal.
    pub(super) fn is_typed(&self) -> bool {
        matches!(self.language.as_str(), "sh" | "console")
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/guide")
}

/// The text of a page.
pub(super) fn read(page: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{page}.md"))).unwrap()
}

/// The names of all pages.
pub(super) fn pages() -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    texts.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// The blocks of a page, in order.
pub(super) fn fences(page: &str) -> Vec<Fence> {
    let (mut fences, mut open) = (Vec::new(), None);
    for (number, line) in read(page).lines().enumerate() {
        let Some(info) = line.strip_prefix("```") else {
            if let Some(Fence { text, .. }) = &mut open {
                text.push_str(line);
                text.push('\n');
            }
            continue;
        };
        if let Some(fence) = open.take() {
            fences.push(fence);
            continue;
        }
        let (language, name) = info.split_once(' ').unwrap_or((info, ""));
        let known = ["sh", "console", "json", "jsonl", "text"];
        assert!(known.contains(&language), "{page}.md:{}: {language:?} is not one of {known:?}", number + 1);
        open = Some(Fence {
            at: format!("{page}.md:{}", number + 1),
            language: language.to_owned(),
            name: name.to_owned(),
            text: String::new(),
        });
    }
    assert!(open.is_none(), "{page}.md: a block without end");
    fences
}
