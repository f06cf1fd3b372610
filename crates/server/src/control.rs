//! Puts the control plane together: API, public pages and the work that need not be done now.

use std::fs::DirBuilder;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use api::{Api, ApiParts, Changes, Paces, Quota, Sample};
use axum::Router;
use counters::Counters;
use egress::Rules;
use secrets::jwt::{AccessTokens, NodeTokens};
use secrets::password::Workers;
use secrets::sealed::{Purpose, Sealer};
use secrets::{Keys, Pepper};
use store::Store;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;
use worker::{MailFiles, Mailer};

use crate::settings::{Mail, Recovery, Requests};
use crate::{clock, fences, listen, measure};

/// Connections to Postgres that one process may hold.
pub(crate) const POOL: u32 = 20;
/// Requests that may wait for a password to be hashed; more are told to come back.
const WAITING_LOGINS: usize = 256;
/// Between two looks for servers whose tools are due to be listed again.
const RELIST_PAUSE: Duration = Duration::from_secs(10);
/// How long background work may go on after the signal to stop.
const DRAIN: Duration = Duration::from_secs(5);

/// What the control plane is told at its start.
pub(crate) struct Setup<'a> {
    pub(crate) public_url: &'a Url,
    pub(crate) rules: Rules,
    pub(crate) mail: &'a Mail,
    pub(crate) data_dir: &'a Path,
    pub(crate) recovery: &'a Recovery,
    pub(crate) requests: &'a Requests,
    /// Where gateways count.
    pub(crate) redis_url: Option<&'a str>,
    /// Where this process listens, if that is for the machine itself and nobody else: then there are a sample server and
    /// the mails to look at.
    pub(crate) alone_on: Option<SocketAddr>,
}

/// The control plane of this process.
pub(crate) struct Control {
    /// `/v1` and `/internal`.
    pub(crate) api: Router,
    /// What the routes work with, for a gateway in the same process.
    pub(crate) state: Api,
    /// The public pages.
    pub(crate) pages: Router,
    /// The change feed.
    pub(crate) changes: Changes,
    /// Turns token digests into what the database holds.
    pub(crate) pepper: Arc<Pepper>,
    tasks: Vec<JoinHandle<()>>,
    stop: watch::Sender<bool>,
}

impl Control {
    /// Starts it over a migrated database.
    pub(crate) fn start(store: &Store, keys: Keys, setup: Setup<'_>) -> anyhow::Result<Self> {
        let Setup { public_url, rules, mail, data_dir, recovery, requests, redis_url, alone_on } = setup;
        let pepper = Arc::new(Pepper::new(keys.pepper));
        let (stop, stopped) = watch::channel(false);
        let changes = Changes::start(store.clone());
        let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let state = Api::new(ApiParts {
            store: store.clone(),
            changes: changes.clone(),
            workers: Workers::new(cores, WAITING_LOGINS),
            pepper: pepper.clone(),
            access_tokens: AccessTokens::new(&keys.jwt, public_url.as_str()),
            node_tokens: NodeTokens::new(&keys.node),
            sealer: Sealer::new(&keys.seal, Purpose::UpstreamHeaders),
            call_sealer: Sealer::new(&keys.seal, Purpose::ParkedCall),
            argument_sealer: Sealer::new(&keys.seal, Purpose::Arguments),
            answer_sealer: Sealer::new(&keys.seal, Purpose::Answer),
            egress: egress::Client::new(rules.clone(), egress::Options::default())?,
            egress_rules: rules,
            public_url: public_url.clone(),
            quota: Quota { requests: requests.per_minute(), ..Quota::default() },
            paces: Paces::default(),
            recovery_patience: recovery.patience(),
            sample: alone_on.map(sample).transpose()?,
            mail_files: alone_on
                .filter(|_| mail.smtp_url.is_none())
                .map(|_| MailFiles::within(&mail_folder(data_dir))),
            clock: Arc::new(clock::now_ms),
        });
        let mailer = mailer(mail, data_dir, alone_on.is_some())?;
        let mut tasks = vec![
            tokio::spawn(deliver(store.clone(), mailer, stopped.clone())),
            tokio::spawn(look_after(store.clone(), stopped.clone())),
            tokio::spawn(relist(state.clone(), stopped.clone())),
        ];
        if let Some(url) = redis_url {
            tasks.push(tokio::spawn(fence(changes.clone(), fences::counters(url)?, stopped)));
        }
        let pages = site::router(public_url, store.clone(), mail.contact_to.clone());
        let pages = if alone_on.is_some() { pages.merge(sample::router()) } else { pages };
        let (api, pages) = (measure::requests(api::router(state.clone())), measure::requests(pages));
        Ok(Self { api, state, pages, changes, pepper, tasks, stop })
    }

    /// Done when the process is asked to stop; gateways that follow the change feed are told to look elsewhere, so
    /// that their streams do not hold up the end.
    pub(crate) async fn asked_to_stop(&self) {
        listen::stop_signal().await;
        self.changes.close();
    }

    /// Lets background work end.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            if tokio::time::timeout(DRAIN, task).await.is_err() {
                tracing::warn!("background work was cut off");
            }
        }
    }
}

async fn deliver(store: Store, mailer: Mailer, stopped: watch::Receiver<bool>) {
    worker::outbox::run(&store, &mailer, clock::now, stop(stopped)).await;
}

async fn look_after(store: Store, stopped: watch::Receiver<bool>) {
    worker::upkeep::run(&store, clock::now, stop(stopped)).await;
}

async fn relist(state: Api, stopped: watch::Receiver<bool>) {
    let mut stop = std::pin::pin!(stop(stopped));
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(RELIST_PAUSE) => {}
        }
        tokio::select! {
            () = &mut stop => return,
            done = api::relist(&state) => {
                if let Err(error) = done {
                    tracing::error!(%error, "servers could not be listed again");
                }
            }
        }
    }
}

async fn fence(changes: Changes, counters: Counters, stopped: watch::Receiver<bool>) {
    tokio::select! {
        () = fences::write(changes, counters) => {}
        () = stop(stopped) => {}
    }
}

async fn stop(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// The sample server, which the listener itself serves.
fn sample(address: SocketAddr) -> anyhow::Result<Sample> {
    Ok(Sample { url: Url::parse(&format!("http://{address}{}", sample::PATH))?, header: sample::SHOP_HEADER })
}

/// Where mails are written while there is no mail server.
fn mail_folder(data_dir: &Path) -> PathBuf {
    data_dir.join("outbox")
}

/// `alone` says that nobody but the people at this machine is served.
fn mailer(mail: &Mail, data_dir: &Path, alone: bool) -> anyhow::Result<Mailer> {
    match &mail.smtp_url {
        Some(url) => Mailer::smtp(&mail.mail_from, url)
            .context("POLICYLAYER_SMTP_URL, which looks like smtps://user:password@mail.example:465"),
        None => {
            let folder = mail_folder(data_dir);
            // Mails hold links that are as good as a password.
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&folder)
                .with_context(|| format!("the outbox in {}", folder.display()))?;
            let mailer = Mailer::files(&mail.mail_from, &folder)
                .context("POLICYLAYER_MAIL_FROM, which looks like PolicyLayer <no-reply@mail.example>")?;
            // To a person at a terminal, and never into a log.
            Ok(if alone && std::io::stderr().is_terminal() { mailer.telling(tell) } else { mailer })
        }
    }
}

/// Shows a mail at the terminal.
fn tell(to: &str, subject: &str, link: Option<&str>) {
    let link = link.map(|link| format!("\n    {link}")).unwrap_or_default();
    crate::say(&format!("\n  Mail to {to}: {subject}{link}\n\n"));
}
