//! The API held to its own document: Schemathesis sends what the document allows, and what it does not, as an admin of one
//! of two organisations. What is expected beside the document stands in `tests/schemathesis/checks.py`.

use std::{fs, process::Command};

use anyhow::{Context, bail, ensure};

use crate::{
    peers::{Python, target},
    product::{Product, Profile, build},
    repo::Repo,
};

/// Its exact version and those of what it needs.
const REQUIREMENTS: &str = "tests/schemathesis/requirements.txt";
/// What is expected, and the two organisations.
const CHECKS: &str = "tests/schemathesis/checks.py";
/// What is asked of each answer. A request that does not fit its schema must be refused, and a resource that was removed
/// must be gone. Who may ask for what is not asked here: every request is signed, and the access matrix of the API's tests tries
/// each operation as everybody. What fits the schema may still be refused: the schema does not know what exists.
const ASKED: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                     response_schema_conformance,use_after_free,unsupported_method,\
                     nothing_of_the_other_organisation,refusals_are_problems";

/// After it nothing in the organisation changes any more, so that all that follows would be refused.
const LEFT_OUT: &str = "delete_org";

/// How much.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fewer requests than this are a failure.
    #[arg(long, default_value_t = 20_000)]
    requests: u64,
    /// How many requests are made up for each operation, beside those for the edges of its schema.
    #[arg(long, default_value_t = 200)]
    examples: u32,
    /// Repeats a run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Builds and starts the product, and lets Schemathesis loose on it.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    let python = Python::with(repo, REQUIREMENTS, "schemathesis/venv")?;
    let home = target(repo).join("schemathesis/run");
    let binary = build(repo, Profile::Debug)?;
    let product = Product::start(&binary, &home, &[("POLICYLAYER_API_REQUESTS_PER_MINUTE", "1000000000")])?;
    let address = format!("http://{}", product.address());
    let counted = home.join("requests.txt");
    let numbers = [args.examples.to_string(), args.seed.to_string()];
    let mut command = Command::new(python.program().with_file_name("schemathesis"));
    command
        .arg("run")
        .arg(repo.path("openapi.json"))
        .args(["--url", &address, "--checks", ASKED, "--max-examples", &numbers[0], "--seed", &numbers[1]])
        .args(["--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure", "--no-shrink"])
        .args(["--exclude-operation-id", LEFT_OUT])
        .args(["--suppress-health-check", "all", "--warnings", "off", "--request-timeout", "60"])
        .envs([("POLICYLAYER_URL", address.as_str())])
        .env("SCHEMATHESIS_HOOKS", repo.path(CHECKS))
        .env("POLICYLAYER_COUNTED", &counted)
        .current_dir(&home);
    let ended = command.status().context("Schemathesis could not be started")?;
    let requests: u64 = fs::read_to_string(&counted)?.trim().parse()?;
    println!("{requests} requests");
    if !ended.success() {
        bail!("the API does not keep to its document; see above");
    }
    ensure!(requests >= args.requests, "only {requests} requests were sent; raise --examples");
    Ok(())
}
