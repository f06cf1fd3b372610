//! What is measured for operators. Nothing here names an organisation, a tool or a person: whoever reads it learns nothing of tenants, and
//! there are as many series as there are kinds of answers. Nothing is kept unless the program installs a recorder.

use std::time::Duration;

use http::StatusCode;
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use model::{CallOutcome, OutcomeEnd};

const DECISIONS: &str = "policylayer_decisions_total";
const ANSWERS: &str = "mcp_server_operation_duration_seconds";
const CALLS: &str = "mcp_client_operation_duration_seconds";
const CHECKS: &str = "policylayer_limit_check_duration_seconds";

/// Tells the recorder that is installed what each of the gateway's measurements is, and in what unit.
pub fn describe() {
    describe_counter!(DECISIONS, "Calls that were decided, by outcome.");
    let seconds = [
        (ANSWERS, "From a client's request to the head of its answer, by status."),
        (CALLS, "From forwarding a call to the end of the server's answer, by how it ended."),
        (CHECKS, "Checking all limits of a call, by result."),
    ];
    for (name, what) in seconds {
        describe_histogram!(name, Unit::Seconds, what);
    }
}

pub(crate) fn decided(outcome: CallOutcome) {
    counter!(DECISIONS, "outcome" => outcome.as_str()).increment(1);
}

pub(crate) fn answered(status: StatusCode, took: Duration) {
    histogram!(ANSWERS, "http_response_status_code" => status.as_str().to_owned()).record(took);
}

pub(crate) fn forwarded(end: OutcomeEnd, took: Duration) {
    histogram!(CALLS, "end" => end.as_str()).record(took);
}

pub(crate) fn checked(result: &'static str, took: Duration) {
    histogram!(CHECKS, "result" => result).record(took);
}
