//! A shell that does what pages say, in an empty folder: writes the files, runs the commands, and compares what they print with what
//! the page shows. `…` stands for any text.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use regex::Regex;
use testkit::postgres::database;
use testkit::product::{binary, command};
use testkit::redis::Redis;

use super::fences::fences;

/// Programs that change the machine itself, and so are not run here.
const NOT_RUN: [(&str, &str); 2] = [
    ("systemctl", "it changes the services of the machine"),
    ("docker", "it needs a container engine, and builds images for minutes"),
];

/// How long a session may take.
const LONGEST: Duration = Duration::from_secs(240);
/// What separates the output of commands; no program prints it.
const MARK: &str = "\u{1}next\u{1}";

/// What the shell knows before the first page: what runs in the background ends with it, and is waited for until it answers. Clients
/// that are no part of this product are told from their arguments alone.
const PRELUDE: &str = r#"
set -eu -o pipefail
exec 2>&1
trap 'kill $(jobs -p) 2>/dev/null || true; wait || true' EXIT
background() {
    local address=$1 log=$2
    for _ in $(seq 600); do
        if curl -sf -o /dev/null "http://$address/readyz"; then return; fi
        if ! kill -0 $! 2>/dev/null; then break; fi
        sleep 0.1
    done
    cat "$log"
    return 1
}
claude() {
    [ "$1 $2 $3 $4" = "mcp add --transport http" ] && [ "$#" -eq 8 ]
    [ "$7" = --header ] && [ "$8" = "Authorization: Bearer $TOKEN" ]
    case "$6" in https://*/t/*/*/mcp/"$5") ;; *) return 1 ;; esac
}
"#;

/// A command, and what the page shows of its output, if it does.
struct Step {
    at: String,
    command: String,
    shown: Option<String>,
}

/// Does these pages one after the other.
pub(super) async fn run(pages: &[&str]) {
    let (database, redis) = (database().await.unwrap(), Redis::start().unwrap());
    let places: Vec<(&str, String)> = vec![
        ("127.0.0.1:8080", free_address()),
        ("127.0.0.1:8081", free_address()),
        ("127.0.0.1:9081", free_address()),
        ("postgres://policylayer:change-me@127.0.0.1/policylayer", database.url().to_owned()),
        ("redis://127.0.0.1:6379", redis.url()),
    ];
    let here =
        |text: &str| places.iter().fold(text.to_owned(), |text, (there, here)| text.replace(there, here));
    let (mut script, mut steps) = (PRELUDE.to_owned(), Vec::new());
    for fence in pages.iter().flat_map(|page| fences(page)) {
        if !fence.name.is_empty() {
            write!(
                script,
                "mkdir -p \"$(dirname '{0}')\"\ncat > '{0}' <<'END-OF-FILE'\n{1}END-OF-FILE\n",
                fence.name,
                here(&fence.text)
            )
            .unwrap();
        }
        let found = match fence.language.as_str() {
            "sh" => commands(&fence.at, &fence.text),
            "console" => typed(&fence.at, &fence.text),
            _ => Vec::new(),
        };
        for step in found {
            let step =
                Step { command: here(&step.command), shown: step.shown.map(|shown| here(&shown)), ..step };
            if NOT_RUN.iter().any(|(program, _)| step.command.starts_with(&format!("{program} "))) {
                continue;
            }
            writeln!(script, "printf '%s' '{MARK}'\n{}", runnable(&step.command, &places[0].1)).unwrap();
            steps.push(step);
        }
    }
    let printed = shell(&script, &places[0].1).await;
    let mut printed = printed.split(MARK).skip(1);
    for Step { at, command, shown } in &steps {
        let out = printed.next().unwrap_or_else(|| panic!("{at}: was not reached: {command}"));
        if let Some(shown) = shown {
            assert!(fits(shown, out), "{at}: {command}\nprinted:\n{out}\ninstead of:\n{shown}");
        }
    }
}

/// Runs a script in an empty folder, and gives what it printed.
async fn shell(script: &str, listen: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut bash = command(&[]).unwrap().as_std().get_envs().fold(
        tokio::process::Command::new("bash"),
        |mut bash, (name, value)| {
            if let Some(value) = value {
                bash.env(name, value);
            }
            bash
        },
    );
    let programs = binary().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    bash.env("PATH", format!("{}:{path}", programs.parent().unwrap_or(Path::new("/")).display()))
        .env("POLICYLAYER_LISTEN", listen)
        .current_dir(folder.path())
        .arg("-c")
        .arg(script)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let done = tokio::time::timeout(LONGEST, bash.output()).await.expect("in time").unwrap();
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    let last = printed.rsplit(MARK).next().unwrap_or_default();
    assert!(done.status.success(), "{}: the last command failed and printed:\n{last}", done.status);
    printed
}

/// The commands of a block, each perhaps over several lines; a function is one.
fn commands(at: &str, text: &str) -> Vec<Step> {
    let (mut steps, mut open) = (Vec::new(), String::new());
    for line in text.lines() {
        open.push_str(line);
        open.push('\n');
        let inside = open.contains("() {\n") && line != "}";
        if !line.ends_with('\\') && !inside {
            steps.push(Step { at: at.to_owned(), command: std::mem::take(&mut open), shown: None });
        }
    }
    assert!(open.is_empty(), "{at}: a command without end");
    steps
}

/// The commands of a session and what each prints.
fn typed(at: &str, text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => {
                steps.push(Step {
                    at: at.to_owned(),
                    command: command.to_owned(),
                    shown: Some(String::new()),
                });
            }
            (None, Some(Step { shown: Some(shown), .. })) => {
                shown.push_str(line);
                shown.push('\n');
            }
            _ => panic!("{at}: a session begins with a command"),
        }
    }
    steps
}

/// What runs until it is told to stop goes on in the background.
fn runnable(command: &str, listen: &str) -> String {
    let role = ["up", "api", "gateway"]
        .into_iter()
        .find(|role| command.split_whitespace().take(2).eq(["policylayer", role]));
    let Some(role) = role else { return command.to_owned() };
    let address = command.split_whitespace().skip_while(|word| *word != "--listen").nth(1).unwrap_or(listen);
    format!("{} > {role}.log 2>&1 &\nbackground {address} {role}.log", command.trim_end())
}

fn fits(shown: &str, printed: &str) -> bool {
    let pieces: Vec<String> = shown.trim().split('…').map(regex::escape).collect();
    Regex::new(&format!("(?s)^{}$", pieces.join(".*"))).unwrap().is_match(printed.trim())
}

/// An address of this machine that nobody listens on.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}
