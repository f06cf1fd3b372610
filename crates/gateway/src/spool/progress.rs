//! How far shipping has come inside the oldest segment, kept in a file beside the segments, so that the next process does not
//! hand over again what the control plane has: with counters to restore, calls would wait for that.
//!
//! The file may be behind, never ahead: it is written after the control plane has taken a batch. It is no more than
//! a hint: one that is missing, damaged, or speaks of no segment of this folder is as good as none.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::Mark;
use super::record::FORMAT;
use super::segment::Found;

/// The file that keeps it: number of the segment, bytes, and a checksum of both.
const FILE: &str = "shipped";
const MARK: usize = 16;

/// The place up to which everything has been handed over, and its file.
pub(super) struct Progress {
    at: Mark,
    file: File,
}

impl Progress {
    /// What an earlier process has left behind, as far as it is about one of `segments`: those it has left.
    pub(super) fn open(dir: &Path, segments: &[Found]) -> io::Result<Self> {
        let path = dir.join(FILE);
        let kept = std::fs::read(&path).ok().and_then(|bytes| read(&bytes));
        let known = |&(number, offset): &Mark| {
            segments.iter().any(|segment| segment.number == number && segment.bytes >= offset)
        };
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        let mut progress = Self { at: (0, 0), file };
        // What is forgotten must not be about a later segment of the same number.
        progress.move_to(kept.filter(known).unwrap_or_default())?;
        Ok(progress)
    }

    pub(super) fn at(&self) -> Mark {
        self.at
    }

    /// How much of this segment, the oldest, has been handed over.
    pub(super) fn within(&self, segment: u64) -> u64 {
        if self.at.0 == segment { self.at.1 } else { FORMAT.len() as u64 }
    }

    pub(super) fn move_to(&mut self, at: Mark) -> io::Result<()> {
        self.at = at;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&written(at))
    }
}

fn written((number, offset): Mark) -> [u8; MARK + 4] {
    let mut bytes = [0; MARK + 4];
    let (mark, sum) = bytes.split_at_mut(MARK);
    mark.copy_from_slice(&(u128::from(number) << 64 | u128::from(offset)).to_le_bytes());
    sum.copy_from_slice(&crc32fast::hash(mark).to_le_bytes());
    bytes
}

fn read(bytes: &[u8]) -> Option<Mark> {
    let (mark, sum) = bytes.split_first_chunk::<MARK>()?;
    let both = u128::from_le_bytes(*mark);
    let at = ((both >> 64) as u64, both as u64);
    (sum == crc32fast::hash(mark).to_le_bytes()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(number: u64, bytes: u64) -> Found {
        Found { number, bytes, path: Path::new("unused").to_owned() }
    }

    #[test]
    fn a_mark_is_kept_for_the_segment_it_is_about() {
        let dir = tempfile::tempdir().unwrap();
        let open = |segments: &[Found]| Progress::open(dir.path(), segments).unwrap();
        assert_eq!(open(&[]).at(), (0, 0));
        open(&[]).move_to((3, 500)).unwrap();
        let again = open(&[found(3, 500), found(4, 9)]);
        assert_eq!((again.at(), again.within(3), again.within(4)), ((3, 500), 500, FORMAT.len() as u64));
        // The segment is shorter than it was, or another: once forgotten, it stays forgotten.
        assert_eq!(open(&[found(3, 499)]).at(), (0, 0));
        assert_eq!(open(&[found(3, 500)]).at(), (0, 0));
    }

    #[test]
    fn a_damaged_mark_is_none() {
        let good = written((7, 1 << 40));
        assert_eq!(read(&good), Some((7, 1 << 40)));
        for index in 0..good.len() {
            let mut bad = good;
            bad[index] ^= 4;
            assert_eq!(read(&bad), None, "byte {index}");
        }
        assert_eq!(read(&good[..19]), None);
        assert_eq!(read(&[]), None);
    }
}
