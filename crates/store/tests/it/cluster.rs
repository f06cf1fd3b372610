//! The private cluster: made, found again, held by one process, gone with it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection, Executor, PgConnection};
use store::cluster::{Cluster, ClusterError, Durability, Options, Search};
use testkit::postgres;

/// Makes the test that holds a cluster for another one do so, in the directory that it names.
const HOLD: &str = "POLICYLAYER_TEST_HOLD_CLUSTER";

fn options(dir: &Path) -> Options {
    Options { dir: dir.to_owned(), search: postgres::search(), durability: Durability::Kept }
}

async fn count(url: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar("select count(*) from note").fetch_one(&mut connection).await.unwrap()
}

async fn write_note(url: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute("create table if not exists note (n int)").await.unwrap();
    connection.execute("insert into note values (1)").await.unwrap();
}

fn main_process(dir: &Path) -> String {
    let note = std::fs::read_to_string(dir.join("data/postmaster.pid")).unwrap();
    note.lines().next().unwrap().to_owned()
}

fn is_alive(pid: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"));
    status.is_ok_and(|text| !text.contains("State:\tZ"))
}

fn kill(pid: &str) {
    assert!(Command::new("kill").args(["-9", pid]).status().unwrap().success());
}

#[tokio::test]
async fn data_survives_a_stop_and_a_second_start_of_the_same_directory_is_refused() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let cluster = Cluster::start(options(dir.path())).await.unwrap();
    write_note(cluster.url()).await;
    let second = Cluster::start(options(dir.path())).await;
    assert!(matches!(second, Err(ClusterError::InUse { .. })), "{second:?}");
    cluster.stop().await;
    let cluster = Cluster::start(options(dir.path())).await.unwrap();
    assert_eq!(count(cluster.url()).await, 1);
    // Dropped, not stopped: the next start has to wait for the server's end.
    drop(cluster);
    let cluster = Cluster::start(options(dir.path())).await.unwrap();
    assert_eq!(count(cluster.url()).await, 1);
    cluster.stop().await;
}

#[tokio::test]
async fn a_killed_server_is_noticed_and_comes_back_with_its_data() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let mut cluster = Cluster::start(options(dir.path())).await.unwrap();
    write_note(cluster.url()).await;
    assert_eq!(cluster.failure(), None);
    kill(&main_process(dir.path()));
    wait_until(|| cluster.failure().is_some()).await;
    drop(cluster);
    let cluster = Cluster::start(options(dir.path())).await.unwrap();
    assert_eq!(count(cluster.url()).await, 1);
    cluster.stop().await;
}

#[tokio::test]
async fn a_process_killed_outright_leaves_no_server_and_the_next_start_finds_the_data() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cluster::holds_a_cluster_for_another_test", "--nocapture"])
        .env(HOLD, dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let ready = dir.path().join("ready");
    wait_until(|| ready.exists()).await;
    let server = main_process(dir.path());
    holder.kill().unwrap();
    holder.wait().unwrap();
    let cluster = Cluster::start(options(dir.path())).await.unwrap();
    assert!(!is_alive(&server), "the first server still runs");
    assert_eq!(count(cluster.url()).await, 1);
    cluster.stop().await;
}

/// Does nothing unless the test above starts it in a process of its own.
#[tokio::test]
async fn holds_a_cluster_for_another_test() {
    let Some(dir) = std::env::var_os(HOLD) else { return };
    let dir = Path::new(&dir);
    let cluster = Cluster::start(options(dir)).await.unwrap();
    write_note(cluster.url()).await;
    std::fs::write(dir.join("ready"), "").unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_server_whose_guardian_was_killed_too_is_told_to_go() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let cluster = Cluster::start(options(dir.path())).await.unwrap();
    write_note(cluster.url()).await;
    let server = main_process(dir.path());
    for guardian in guardians_of(dir.path()) {
        kill(&guardian);
    }
    drop(cluster);
    assert!(is_alive(&server));
    let cluster = Cluster::start(options(dir.path())).await.unwrap();
    assert_ne!(main_process(dir.path()), server);
    assert_eq!(count(cluster.url()).await, 1);
    cluster.stop().await;
}

#[tokio::test]
async fn a_directory_too_deep_for_a_socket_works_and_leaves_nothing_in_tmp() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let deep = dir.path().join("d".repeat(60)).join("e".repeat(60));
    // As root, Postgres runs as another user, who has to get through the directories above.
    open_to_all(dir.path(), &deep);
    let cluster = Cluster::start(options(&deep)).await.unwrap();
    write_note(cluster.url()).await;
    let socket = cluster.url().split_once("host=").unwrap().1.replace("%2F", "/");
    assert!(socket.starts_with("/tmp/policylayer-"), "{socket}");
    cluster.stop().await;
    assert!(!Path::new(&socket).exists());
}

#[tokio::test]
async fn a_directory_closed_to_the_user_that_postgres_runs_as_works_all_the_same() {
    let top = closed_dir();
    let dir = top.path().join("private").join("pg");
    let cluster = Cluster::start(options(&dir)).await.unwrap();
    write_note(cluster.url()).await;
    let place = cluster.log().parent().unwrap().to_owned();
    cluster.stop().await;
    let cluster = Cluster::start(options(&dir)).await.unwrap();
    assert_eq!(count(cluster.url()).await, 1);
    cluster.stop().await;
    let moved = place != std::fs::canonicalize(&dir).unwrap();
    assert_eq!(moved, rustix::process::geteuid().is_root());
    if moved {
        let note = std::fs::read_to_string(dir.join("location")).unwrap();
        assert_eq!(note.trim(), place.to_str().unwrap());
        std::fs::remove_dir_all(place).unwrap();
    }
}

#[tokio::test]
async fn data_that_is_there_but_behind_closed_doors_is_not_silently_replaced() {
    let top = closed_dir();
    let dir = top.path().join("private");
    std::fs::create_dir_all(dir.join("data")).unwrap();
    let refused = Cluster::start(options(&dir)).await;
    if rustix::process::geteuid().is_root() {
        assert!(matches!(refused, Err(ClusterError::Unreachable { .. })), "{refused:?}");
    } else {
        assert!(matches!(refused, Err(ClusterError::NotACluster { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn binaries_that_are_not_there_are_named_with_what_to_install() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let search = Search { bin: Some("/nowhere/bin".into()), ..Search::default() };
    let refused = Cluster::start(Options { search, ..options(dir.path()) }).await.unwrap_err().to_string();
    assert!(refused.contains("/nowhere/bin") && refused.contains("apt-get install"), "{refused}");
}

#[tokio::test]
async fn data_of_another_version_is_left_alone_and_the_version_named() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    std::fs::create_dir(dir.path().join("data")).unwrap();
    std::fs::write(dir.path().join("data/PG_VERSION"), "9\n").unwrap();
    let refused = Cluster::start(options(dir.path())).await.unwrap_err().to_string();
    assert!(refused.contains("made by version 9"), "{refused}");
}

#[tokio::test]
async fn a_throwaway_cluster_takes_its_directory_with_it() {
    let dir = tempfile::tempdir_in("/tmp").unwrap().keep();
    let cluster =
        Cluster::start(Options { durability: Durability::Throwaway, ..options(&dir) }).await.unwrap();
    write_note(cluster.url()).await;
    cluster.stop().await;
    assert!(!dir.exists());
}

/// The shells whose command line names the directory.
fn guardians_of(dir: &Path) -> Vec<String> {
    let pids = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        let command = std::fs::read_to_string(format!("/proc/{name}/cmdline")).ok()?;
        let ours = command.contains("policylayer-guardian") && command.contains(dir.to_str()?);
        ours.then_some(name)
    });
    pids.collect()
}

/// A directory that only its owner can enter.
fn closed_dir() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let private = std::fs::Permissions::from_mode(0o700);
    tempfile::Builder::new().permissions(private).tempdir_in("/tmp").unwrap()
}

fn open_to_all(top: &Path, dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(dir).unwrap();
    for part in dir.ancestors().take_while(|part| part.starts_with(top)) {
        std::fs::set_permissions(part, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// Looks again and again until it is so; fails after a time that no healthy machine needs.
async fn wait_until(mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
