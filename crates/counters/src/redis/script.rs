//! The scripts' texts, and the digests that Redis knows them by.

use redis::Script as Text;

use super::server::Server;

const MONTH: &str = include_str!("month.lua");
const RESERVE: &str = include_str!("reserve.lua");
/// What `reserve.lua` does for rolling windows, and where.
const ROLLING: [(&str, &str); 3] = [
    ("--ROLLING\n", include_str!("rolling_read.lua")),
    ("--ROLLING_WAIT\n", include_str!("rolling_wait.lua")),
    ("--ROLLING_WRITE\n", include_str!("rolling_write.lua")),
];
const OPEN: &str = include_str!("open.lua");
const GIVE_BACK: &str = include_str!("give_back.lua");
const FENCE: &str = include_str!("fence.lua");
const SERVER_TIME: &str =
    "local time = redis.call('TIME')\nlocal now = time[1] * 1000 + math.floor(time[2] / 1000)";

/// Whose time the scripts go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// Redis's own.
    Server,
    /// The caller's, which is the last argument.
    #[cfg(test)]
    Given,
}

#[derive(Debug)]
pub(super) struct Scripts {
    pub(super) reserve: Script,
    pub(super) give_back: Script,
    pub(super) open: Script,
    pub(super) fence: Script,
}

impl Scripts {
    pub(super) fn new(clock: Clock, server: &Server) -> Self {
        let Server { node, run, durable } = server;
        let identity = format!(
            "local KIN, RUN, DURABLE = '{node}|{durable}|', '|{run}', {durable}\n\
             local SELF = '{node}|{durable}|{run}'"
        );
        let time = match clock {
            Clock::Server => SERVER_TIME,
            #[cfg(test)]
            Clock::Given => "local now = tonumber(ARGV[#ARGV])",
        };
        let reserve = ROLLING
            .iter()
            .fold(RESERVE.replace("--MONTH\n", MONTH), |text, (mark, part)| text.replace(mark, part));
        let script = |text: &str| Script::new(format!("{identity}\n{time}\n{text}"));
        let (open, reserve) = (script(OPEN), script(&reserve));
        Self {
            reserve,
            open,
            give_back: Script::new(GIVE_BACK.to_owned()),
            fence: Script::new(FENCE.to_owned()),
        }
    }

    pub(super) const fn all(&self) -> [&Script; 4] {
        [&self.reserve, &self.give_back, &self.open, &self.fence]
    }
}

/// A script's text and its digest.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) text: String,
    pub(super) digest: String,
}

impl Script {
    fn new(text: String) -> Self {
        let digest = Text::new(&text).get_hash().to_owned();
        Self { text, digest }
    }
}

#[cfg(test)]
pub(super) fn month_for_test() -> &'static str {
    MONTH
}
