//! `policylayer policy replay DRAFT`: the recorded calls of the last days under a draft, judged by the API. What it would
//! change is printed call by call; how far it has come shows on a terminal.

mod table;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use crate::commands::remote::{self, Client, Failure};
use crate::settings::base_address;

/// What `policy replay` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The draft: a policy document.
    file: PathBuf,
    /// The server whose calls are replayed.
    #[arg(long, value_name = "NAME")]
    server: String,
    /// Only calls that were decided under this policy of the server.
    #[arg(long, value_name = "NAME")]
    policy: Option<String>,
    /// How many days back, 1 to 30.
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=30))]
    days: u32,
    /// Address of the PolicyLayer that has the records, without a path.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080", value_parser = base_address)]
    api: Url,
    /// The organisation, when the account is in several.
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
    /// Email address of an account that may change policies.
    #[arg(long, value_name = "EMAIL", required_unless_present = "token")]
    email: Option<String>,
    /// Its password. Better left out: then POLICYLAYER_PASSWORD is taken, or else it is asked for.
    #[arg(long, value_name = "PASSWORD", env = "POLICYLAYER_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// An access token of the API, in place of email address and password.
    #[arg(long, value_name = "TOKEN", env = "POLICYLAYER_API_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Print one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Where the draft is.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }
}

/// The body of the request.
#[derive(Serialize)]
struct Ask<'a> {
    document: &'a str,
    days: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'a str>,
}

/// A line of the answer.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Total(u64),
    Call(Box<RawValue>),
    Done(u64),
    Summary(Value),
    Error(String),
}

/// A call that the draft would decide otherwise, as far as the table shows it.
#[derive(Deserialize)]
struct Call {
    event: String,
    at: String,
    method: String,
    tool: Option<String>,
    effect: String,
    recorded_rule: String,
    rules: Vec<String>,
    message: String,
    unknown: Vec<String>,
}

/// What came of it.
#[derive(Serialize)]
struct Replay {
    summary: Value,
    /// As the API told them.
    calls: Vec<Box<RawValue>>,
}

/// The account's places.
#[derive(Deserialize)]
struct Me {
    memberships: Vec<Membership>,
}

#[derive(Deserialize)]
struct Membership {
    org: String,
}

/// Replays and prints; a failure is the API's or ours to explain.
pub(super) async fn run(args: &Args, document: &[u8]) -> Result<io::Result<()>, Failure> {
    let document = String::from_utf8_lossy(document);
    let mut client = Client::new(&args.api);
    let session = match (&args.token, &args.email) {
        (Some(token), _) => {
            client.log_in(token);
            None
        }
        (None, email) => {
            let password = remote::password(args.password.clone())?;
            Some(remote::log_in(&mut client, email.as_deref().unwrap_or_default(), &password).await?)
        }
    };
    let replay = replay(&client, args, &document).await;
    let left = match &session {
        Some(session) => remote::leave(&client, session).await,
        None => Ok(()),
    };
    let replay = replay?;
    left?;
    Ok(print(&replay, args.json, &mut io::stdout().lock()))
}

async fn replay(client: &Client, args: &Args, document: &str) -> Result<Replay, Failure> {
    let org = match &args.org {
        Some(org) => org.clone(),
        None => only(client.get("/v1/me").await?)?,
    };
    let path = format!("/v1/orgs/{org}/servers/{}/replay", args.server);
    let ask = Ask { document, days: args.days, policy: args.policy.as_deref() };
    // Hidden where standard error is no terminal.
    let bar = ProgressBar::no_length().with_style(style());
    let (mut calls, mut summary) = (Vec::new(), None);
    let told = client.lines(&path, &ask, |line| {
        let unexpected = |answer: String| Failure::Unexpected { url: format!("{}{path}", args.api), answer };
        match serde_json::from_slice(line).map_err(|error| unexpected(error.to_string()))? {
            Line::Total(total) => bar.set_length(total),
            Line::Done(done) => bar.set_position(done),
            Line::Call(call) => calls.push(call),
            Line::Summary(told) => summary = Some(told),
            Line::Error(code) => {
                let what = format!("the replay was broken off by the server: {code}");
                return Err(Failure::asked(what, "run it again; the server's log says what happened"));
            }
        }
        Ok::<(), Failure>(())
    });
    let told = told.await;
    bar.finish_and_clear();
    told?;
    let summary = summary.ok_or_else(|| {
        Failure::asked("the answer ended before the replay did", "run it again, perhaps over fewer days")
    })?;
    Ok(Replay { summary, calls })
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} calls, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// The one organisation of an account.
fn only(me: Me) -> Result<String, Failure> {
    let mut orgs: Vec<String> = me.memberships.into_iter().map(|membership| membership.org).collect();
    match (orgs.pop(), orgs.is_empty()) {
        (Some(org), true) => Ok(org),
        (Some(org), false) => {
            orgs.push(org);
            let hint = format!("--org takes one of: {}", orgs.join(", "));
            Err(Failure::asked("this account is in several organisations", hint))
        }
        (None, _) => {
            Err(Failure::asked("this account is in no organisation", "ask an admin of one to invite it"))
        }
    }
}

fn print(replay: &Replay, json: bool, out: &mut impl Write) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, replay)?;
        return writeln!(out);
    }
    let calls: Vec<Call> =
        replay.calls.iter().map(|call| serde_json::from_str(call.get())).collect::<Result<_, _>>()?;
    table::print(&calls, &replay.summary, out)
}
