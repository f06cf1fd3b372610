//! The classifier beside labels: a confusion matrix and the figures that it is held to.

use std::fmt;

use policy::Category;
use serde::Deserialize;

use crate::{Class, Definition, Server, classify};

/// One labelled tool.
#[derive(Debug, Clone, Deserialize)]
pub struct Labelled {
    /// The tool's name.
    pub tool: String,
    /// Its server's name.
    #[serde(default)]
    pub server: Option<String>,
    /// Its description, where one is known.
    #[serde(default)]
    pub description: Option<String>,
    /// The class that it was given.
    pub category: String,
    /// The sort of page that the label was read from; labels of `B` and `C` pages are the best.
    #[serde(default)]
    pub page_style: Option<String>,
}

const ORDER: [Category; 6] = [
    Category::Read,
    Category::Write,
    Category::Execute,
    Category::Destructive,
    Category::Financial,
    Category::Other,
];

/// Labels and classes, counted.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// By label, then by class.
    matrix: [[u32; 6]; 6],
    /// Of the best-labelled: how many, and how many agree.
    best: (u32, u32),
    /// Of the rest that is not labelled `other`.
    rest: (u32, u32),
    /// Labelled destructive or financial: how many, and how many were taken for read or other.
    critical: (u32, u32),
}

impl Report {
    /// Classifies one labelled tool and counts it. `None` when the label is no category.
    pub fn add(&mut self, labelled: &Labelled) -> Option<(Category, Class)> {
        let label = Category::named(&labelled.category.to_ascii_lowercase())?;
        let definition = Definition {
            name: &labelled.tool,
            description: labelled.description.as_deref(),
            ..Definition::default()
        };
        let class = classify(&definition, &Server { name: labelled.server.as_deref() });
        let same = u32::from(class.category == label);
        if let (Some(row), Some(column)) = (place(label), place(class.category))
            && let Some(cell) = self.matrix.get_mut(row).and_then(|row| row.get_mut(column))
        {
            *cell += 1;
        }
        let best = labelled.page_style.as_deref().is_some_and(|style| style.starts_with(['B', 'C']));
        if best {
            self.best = (self.best.0 + 1, self.best.1 + same);
        } else if label != Category::Other {
            self.rest = (self.rest.0 + 1, self.rest.1 + same);
        }
        if matches!(label, Category::Destructive | Category::Financial) {
            let missed = u32::from(matches!(class.category, Category::Read | Category::Other));
            self.critical = (self.critical.0 + 1, self.critical.1 + missed);
        }
        Some((label, class))
    }
}

fn place(category: Category) -> Option<usize> {
    ORDER.iter().position(|known| *known == category)
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:>13}", "label \\ class")?;
        for category in ORDER {
            write!(out, "{:>13}", category.as_str())?;
        }
        writeln!(out)?;
        for (category, row) in ORDER.iter().zip(&self.matrix) {
            write!(out, "{:>13}", category.as_str())?;
            for cell in row {
                write!(out, "{cell:>13}")?;
            }
            writeln!(out)?;
        }
        share(out, "same category, pages of style B or C", self.best, "at least 90 %")?;
        share(out, "same category, the rest without other", self.rest, "at least 93 %")?;
        share(out, "destructive or financial in read or other", self.critical, "at most 2 %")
    }
}

fn share(out: &mut fmt::Formatter<'_>, what: &str, (all, some): (u32, u32), goal: &str) -> fmt::Result {
    let percent = if all == 0 { 0.0 } else { 100.0 * f64::from(some) / f64::from(all) };
    writeln!(out, "{what:<42} {some:>5} of {all:>5}  {percent:>5.1} %  (goal: {goal})")
}
