//! Queued mail leaves, once it can.

use jiff::{SignedDuration, Timestamp};
use model::{Id, Slug};
use store::{NewMail, SignUp, Store};
use testkit::postgres::{Database, database};
use worker::outbox::send_due;
use worker::{MailFiles, Mailer};

const LINK: &str = "https://gate.example/app/verify-email#token=plv_0123456789abcdefghijklmnopqrstuvwxyzABCD";

async fn queued() -> (Database, Store) {
    let database = database().await.unwrap();
    let store = database.store().await.unwrap();
    let slug: Slug = "acme".parse().unwrap();
    let body = format!("Hello,\n\n{LINK}\n");
    let account = SignUp {
        user: Id::mint(1, [1; 10]),
        email: "alice@example.com",
        password_hash: "none",
        org: Id::mint(1, [2; 10]),
        org_slug: &slug,
        org_name: "Acme",
        team: Id::mint(1, [3; 10]),
        team_slug: &slug,
        team_name: "Acme",
        verification: &[7; 32],
        verification_expires_at: now(),
        welcome: NewMail { subject: "Confirm your address", body: &body },
        existing: NewMail { subject: "", body: "" },
    };
    store.sign_up(&account, now()).await.unwrap();
    (database, store)
}

fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn mails(directory: &std::path::Path) -> Vec<String> {
    let files = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

#[tokio::test]
async fn a_mail_is_written_once_as_a_file_that_people_can_read() {
    let (_database, store) = queued().await;
    let directory = tempfile::tempdir().unwrap();
    let mailer = Mailer::files("PolicyLayer <mail@example.com>", directory.path()).unwrap();
    assert_eq!(send_due(&store, &mailer, &now).await.unwrap(), 1);
    assert_eq!(send_due(&store, &mailer, &now).await.unwrap(), 0);
    let mails = mails(directory.path());
    assert_eq!(mails.len(), 1);
    for part in [
        "To: alice@example.com",
        "From: PolicyLayer <mail@example.com>",
        "Subject: Confirm your address",
        LINK,
    ] {
        assert!(mails[0].contains(part), "{part}: {}", mails[0]);
    }
}

#[tokio::test]
async fn a_mail_that_cannot_leave_is_tried_again_later() {
    let (_database, store) = queued().await;
    let directory = tempfile::tempdir().unwrap();
    let inside = directory.path().join("outbox");
    let mailer = Mailer::files("mail@example.com", &inside).unwrap();
    assert_eq!(send_due(&store, &mailer, &now).await.unwrap(), 0);
    std::fs::create_dir(&inside).unwrap();
    assert_eq!(send_due(&store, &mailer, &now).await.unwrap(), 0, "not before its time");
    let later = || now() + SignedDuration::from_secs(31);
    assert_eq!(send_due(&store, &mailer, &later).await.unwrap(), 1);
    assert_eq!(mails(&inside).len(), 1);
}

#[tokio::test]
async fn the_loop_sends_what_comes_and_ends_when_told() {
    let (_database, store) = queued().await;
    let directory = tempfile::tempdir().unwrap();
    let mailer = Mailer::files("mail@example.com", directory.path()).unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let watch = async {
        while mails(directory.path()).is_empty() {
            tokio::task::yield_now().await;
        }
        drop(stop);
    };
    let run = worker::outbox::run(&store, &mailer, now, async { drop(stopped.await) });
    let both = async { tokio::join!(run, watch) };
    tokio::time::timeout(std::time::Duration::from_secs(20), both).await.unwrap();
}

#[test]
fn an_address_that_is_none_is_refused_at_once() {
    assert!(Mailer::files("not an address", std::path::Path::new("/")).is_err());
    assert!(Mailer::smtp("mail@example.com", "http://mail.example.com").is_err());
}

#[tokio::test]
async fn mails_in_files_are_read_back_newest_first_whatever_else_lies_there() {
    let directory = tempfile::tempdir().unwrap();
    let mailer = Mailer::files("PolicyLayer <mail@example.com>", directory.path()).unwrap();
    let text = format!("Welcome to https://gate.example.\n\n{LINK}\n");
    mailer.send("alice@example.com", "Confirm your address", &text).await.unwrap();
    let files = MailFiles::within(directory.path());
    let first = files.newest().unwrap().remove(0);
    assert_eq!(
        (first.recipient.as_str(), first.subject.as_str()),
        ("alice@example.com", "Confirm your address")
    );
    assert_eq!((first.text.as_str(), first.link()), (text.as_str(), Some(LINK)));
    assert_eq!(files.mail(first.id).unwrap(), Some(first.clone()));

    let path = directory.path().join(format!("{}.eml", first.id));
    let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    std::fs::File::options().append(true).open(path).unwrap().set_modified(earlier).unwrap();
    mailer.send("bob@example.com", "Grüße – mit Umlauten", "Schöne Grüße").await.unwrap();
    std::fs::write(directory.path().join("notes.eml"), "not a mail").unwrap();
    std::fs::write(directory.path().join(format!("{}.eml", "0".repeat(32))), [0xff; 100]).unwrap();
    let newest = files.newest().unwrap();
    let subjects: Vec<_> = newest.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(subjects, ["Grüße – mit Umlauten", "Confirm your address"]);
    assert!(newest[0].text.starts_with("Schöne Grüße") && newest[0].link().is_none());
}
