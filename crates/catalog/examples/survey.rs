//! Classes of unlabelled tools, one line each, from JSON lines of `{name, description?, inputSchema?, annotations?, server?}`.
#![expect(clippy::print_stdout, reason = "an example talks on its standard output")]

use catalog::{Definition, Server, classify};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lines: Vec<serde_json::Value> = std::io::stdin()
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect::<Result<_, Box<dyn std::error::Error>>>()?;
    let started = std::time::Instant::now();
    for line in &lines {
        let text = |key: &str| line.get(key).and_then(|value| value.as_str());
        let raw = |key: &str| line.get(key).filter(|value| !value.is_null()).map(ToString::to_string);
        let (schema, annotations) = (raw("inputSchema"), raw("annotations"));
        let definition = Definition {
            name: text("name").unwrap_or_default(),
            description: text("description"),
            input_schema: schema.as_deref(),
            annotations: annotations.as_deref(),
        };
        let class = classify(&definition, &Server { name: text("server") });
        let about = text("description").unwrap_or("-").replace('\n', " ");
        let quotes: Vec<_> = class.evidence.iter().map(|found| &found.quote).collect();
        println!(
            "{} {:.2} {} | {about:.100} | {quotes:?} {:?}",
            class.category.as_str(),
            class.confidence,
            definition.name,
            class.signals
        );
    }
    eprintln!("{} tools in {:?}", lines.len(), started.elapsed());
    Ok(())
}
