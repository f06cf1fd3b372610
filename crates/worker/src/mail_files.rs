//! Reads mails back that were written as files, for somebody who develops or tries things out and has no mail server.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use mail_parser::MessageParser;
use uuid::Uuid;

/// Most mails that are shown.
const MOST: usize = 100;

/// The folder that [`crate::Mailer::files`] writes into.
#[derive(Debug, Clone)]
pub struct MailFiles(PathBuf);

/// A mail that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledMail {
    /// Its file's name, without the ending.
    pub id: Uuid,
    /// The address it goes to.
    pub recipient: String,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

impl MailFiles {
    /// Those in `folder`.
    #[must_use]
    pub fn within(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// The newest hundred, newest first. Reads the disk; a file that is no mail of ours is passed over.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn newest(&self) -> io::Result<Vec<FiledMail>> {
        let mut found: Vec<(SystemTime, Uuid)> = Vec::new();
        for entry in std::fs::read_dir(&self.0)? {
            let entry = entry?;
            let Some(id) = id_of(&entry.path()) else { continue };
            found.push((entry.metadata()?.modified()?, id));
        }
        found.sort_unstable_by(|one, other| other.cmp(one));
        found.truncate(MOST);
        let mails = found.into_iter().map(|(_, id)| self.mail(id));
        mails.filter_map(Result::transpose).collect()
    }

    /// One mail; `None` when there is none of that id.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn mail(&self, id: Uuid) -> io::Result<Option<FiledMail>> {
        let path = self.0.join(format!("{id}.eml"));
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let at = Timestamp::try_from(std::fs::metadata(&path)?.modified()?).map_err(io::Error::other)?;
        Ok(read(id, &bytes, at))
    }
}

fn id_of(path: &Path) -> Option<Uuid> {
    let name = path.file_name()?.to_str()?.strip_suffix(".eml")?;
    name.parse().ok()
}

fn read(id: Uuid, bytes: &[u8], at: Timestamp) -> Option<FiledMail> {
    let message = MessageParser::default().parse(bytes)?;
    let recipient = message.to()?.first()?.address()?.to_owned();
    let text = message.body_text(0)?.replace("\r\n", "\n");
    Some(FiledMail { id, recipient, subject: message.subject().unwrap_or_default().to_owned(), text, at })
}

impl FiledMail {
    /// What the mail asks its reader to open: the first line that is a link.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        first_link(&self.text)
    }
}

/// The first line of a text that is an address on the web and nothing else: what the mail asks its reader to open.
pub(crate) fn first_link(text: &str) -> Option<&str> {
    let is_link = |line: &&str| {
        (line.starts_with("http://") || line.starts_with("https://")) && !line.contains(char::is_whitespace)
    };
    text.lines().map(str::trim).find(is_link)
}
