//! Logs: to standard error, for people on a terminal and as JSON lines otherwise.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// What is logged when `POLICYLAYER_LOG` says nothing.
const DEFAULT: &str = "info,sqlx=warn,hyper=warn";

/// Starts logging. `filter` is in the form of `tracing`'s environment filter, for example `gateway=debug`.
pub(crate) fn start(filter: Option<&str>) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter.unwrap_or(DEFAULT)).map_err(|error| {
        anyhow::anyhow!("POLICYLAYER_LOG is not a log filter such as \"info\" or \"gateway=debug\": {error}")
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_span_events(FmtSpan::NONE)
        .with_target(true);
    if std::io::stderr().is_terminal() {
        builder.compact().init();
    } else {
        builder.json().flatten_event(true).init();
    }
    Ok(())
}
