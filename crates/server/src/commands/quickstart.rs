//! `policylayer quickstart`: from nothing to a client that is under a policy, over the public API alone.
//! Each step looks first and makes only what is missing, so that running it again changes nothing but the token,
//! which cannot be shown twice.

mod account;
mod name;
mod report;
mod setup;
mod wire;

use std::path::PathBuf;
use std::process::ExitCode;

use url::Url;

use self::report::Report;
use self::setup::Document;
use crate::commands::remote::{self, Client, Failure};
use crate::settings::{base_address, http_address};

/// What `quickstart` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Address of the PolicyLayer to set up, without a path.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080", value_parser = base_address)]
    api: Url,
    /// Email address of the account; it is made when there is none.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Its password. Better left out: then POLICYLAYER_PASSWORD is taken, or else it is asked for.
    #[arg(long, value_name = "PASSWORD", env = "POLICYLAYER_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// The MCP server to put under a policy (streamable HTTP).
    #[arg(long, value_name = "URL", value_parser = http_address)]
    server_url: Url,
    /// Name of that server in the gateway URL; made from its address unless given.
    #[arg(long, value_name = "NAME")]
    server_name: Option<String>,
    /// The policy document. Without one, what the grant has already is kept; a new grant gets a policy that
    /// denies everything.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Who will call, for example `my-laptop` or `ci-runner`.
    #[arg(long, value_name = "NAME")]
    identity: String,
    /// Organisation to work in, when the account is in several.
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
    /// Team to work in, when the organisation has several.
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
    /// Print one JSON object and nothing else on standard output.
    #[arg(long)]
    json: bool,
}

/// Does the whole path; a failure is told on standard error and is exit code 1.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match quickstart(&args).await {
        Ok(report) => {
            report.print(args.json)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(failure) => {
            crate::say(&format!("{failure}\n"));
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn quickstart(args: &Args) -> Result<Report, Failure> {
    let document = Document::read(args.policy.as_deref())?;
    let mut client = Client::new(&args.api);
    let password = remote::password(args.password.clone())?;
    let session = account::enter(&mut client, &args.email, password).await?;
    let report = set_up(&client, args, &document).await;
    let left = remote::leave(&client, &session).await;
    let report = report?;
    left?;
    Ok(report)
}

async fn set_up(client: &Client, args: &Args, document: &Document) -> Result<Report, Failure> {
    let me = client.get("/v1/me").await?;
    let place = account::place(&me, args.org.as_deref(), args.team.as_deref())?;

    let server = setup::server(client, &place, &args.server_url, args.server_name.as_deref()).await?;
    let identity = setup::identity(client, &place, &args.identity).await?;
    let grant = setup::grant(client, &place, &server, &identity, document).await?;
    let token = setup::token(client, &place, &server, &identity).await?;
    Ok(Report::new(&args.api, &place, server, identity, grant, token))
}
