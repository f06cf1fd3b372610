//! The documentation, done as it says: every command is run, every policy compiled, every case judged, and settings of
//! clients are held to the shape that the client reads.

mod blocks;
mod fences;
mod session;
mod settings;

use self::fences::{fences, pages};

/// Which pages are done one after the other, in one shell: those behind the first go on from it.
const SESSIONS: [&[&str]; 3] =
    [&["quick-start", "clients", "catalog", "api", "security"], &["policies"], &["operating"]];

#[tokio::test]
async fn what_goes_on_from_the_quick_start_works_as_it_says() {
    session::run(SESSIONS[0]).await;
}

#[tokio::test]
async fn what_is_said_of_policies_works_as_it_says() {
    session::run(SESSIONS[1]).await;
}

#[tokio::test]
async fn a_control_plane_and_a_gateway_run_apart_as_it_says() {
    session::run(SESSIONS[2]).await;
}

#[test]
fn every_page_with_commands_is_in_a_session() {
    for page in pages() {
        let commands = fences(&page).iter().any(|fence| fence.is_typed());
        let sessions = SESSIONS.iter().filter(|session| session.contains(&page.as_str())).count();
        assert_eq!(sessions, usize::from(commands), "{page}");
    }
}

#[test]
fn every_policy_compiles_without_a_doubt_and_every_case_comes_out() {
    let counted = blocks::check();
    assert!(counted.policies >= 7 && counted.cases >= 6 && counted.clients >= 4, "{counted:?}");
}

/// Every setting of the roles is told, and its default is the one that the program has.
#[tokio::test]
async fn every_setting_of_every_role_is_told_with_its_default() {
    let guide = fences::read("operating");
    for role in ["up", "api", "gateway", "migrate"] {
        let help = testkit::product::command(&[role, "--help"]).unwrap().output().await.unwrap().stdout;
        let help = String::from_utf8(help).unwrap();
        let mut last = "";
        for line in help.lines().map(str::trim) {
            if let Some(variable) = line.strip_prefix("[env: ") {
                // What is set here stands behind it.
                last = variable.split(['=', ']']).next().unwrap();
                assert!(guide.contains(&format!("| `{last}` |")), "{role}: {last}");
            }
            if let Some(default) = line.strip_prefix("[default: ").and_then(|rest| rest.strip_suffix(']')) {
                let default = default.trim_matches('"');
                let row = guide.lines().find(|row| row.starts_with(&format!("| `{last}` | `{default}` |")));
                assert!(row.is_some(), "{role}: {last} is {default}");
            }
        }
    }
}
