//! The fixture MCP server as a process: `fixture-server --tools FILE --listen 127.0.0.1:7400 [--sse]`.

use std::{path::PathBuf, time::Duration};

use clap::Parser;
use testkit::upstream::{Eras, Upstream};

/// Replays a tool list over streamable HTTP and echoes every call.
#[derive(Parser)]
struct Options {
    /// A JSON file with `tools`, or an array of tools.
    #[arg(long)]
    tools: PathBuf,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: std::net::SocketAddr,
    /// Answer with event streams.
    #[arg(long)]
    sse: bool,
    /// Open legacy event streams with an event that has no data.
    #[arg(long)]
    priming: bool,
    /// Mint no session ids.
    #[arg(long)]
    stateless: bool,
    /// Which protocol eras to speak: both, legacy or modern.
    #[arg(long, default_value = "both", value_parser = eras)]
    eras: Eras,
    /// Tools a page.
    #[arg(long)]
    page_size: Option<usize>,
    /// Milliseconds to wait before each answer.
    #[arg(long, default_value_t = 0)]
    delay_ms: u64,
    /// `Name: value` that every request must carry.
    #[arg(long)]
    require_header: Option<String>,
    /// Append every request to this file.
    #[arg(long)]
    log: Option<PathBuf>,
    /// Append every executed call to this file.
    #[arg(long)]
    call_log: Option<PathBuf>,
}

fn eras(name: &str) -> Result<Eras, String> {
    match name {
        "both" => Ok(Eras::Both),
        "legacy" => Ok(Eras::Legacy),
        "modern" => Ok(Eras::Modern),
        _ => Err("one of both, legacy, modern".to_owned()),
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut builder = Upstream::builder()
        .tools_file(options.tools)
        .listen(options.listen)
        .sse(options.sse)
        .priming(options.priming)
        .stateless(options.stateless)
        .eras(options.eras)
        .delay(Duration::from_millis(options.delay_ms))
        .forget(true);
    if let Some(tools) = options.page_size {
        builder = builder.page_size(tools);
    }
    if let Some((name, value)) = options.require_header.as_deref().and_then(|header| header.split_once(": "))
    {
        builder = builder.require_header(name, value);
    }
    if let Some(path) = options.log {
        builder = builder.log(path);
    }
    if let Some(path) = options.call_log {
        builder = builder.call_log(path);
    }
    let upstream = builder.start().await?;
    eprintln!("listening on {}", upstream.url);
    upstream.serve().await
}
