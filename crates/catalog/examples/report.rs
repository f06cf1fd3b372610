//! The classifier beside labels, for working on its rules: a quarter of the tools, chosen by name, is held out.
//! `cargo run -p catalog --example report -- FILE learn|held-out|all [errors]`
#![expect(clippy::print_stdout, reason = "an example talks on its standard output")]

use catalog::{Labelled, Report};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (file, part) = (arguments.next().ok_or("which file?")?, arguments.next().unwrap_or_default());
    let errors = arguments.next().is_some();
    let mut report = Report::default();
    for line in std::fs::read_to_string(file)?.lines() {
        let labelled: Labelled = serde_json::from_str(line)?;
        let held_out = checksum(labelled.tool.as_bytes()).is_multiple_of(4);
        if (part == "learn" && held_out) || (part == "held-out" && !held_out) {
            continue;
        }
        let Some((label, class)) = report.add(&labelled) else { continue };
        if errors && label != class.category {
            let style = labelled.page_style.as_deref().and_then(|style| style.get(..1)).unwrap_or("-");
            let quotes: Vec<_> = class.evidence.iter().map(|found| &found.quote).collect();
            let (tool, about) = (&labelled.tool, labelled.description.as_deref().unwrap_or("-"));
            println!(
                "{style} {} taken for {} {:.2} {tool} | {about:.110} | {quotes:?}",
                label.as_str(),
                class.category.as_str(),
                class.confidence
            );
        }
    }
    println!("{report}");
    Ok(())
}

/// CRC-32, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    };
    !bytes.iter().fold(!0, step)
}
