//! Every file that is read comes through here: a device, or a file without an end, ends with a sentence and not with
//! the memory of the machine.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What a file is, and so how much of it is read. What is made of a text can take a hundred times its bytes: these
/// lengths keep it below a gigabyte, and are many times those of real files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "a program without commands reads scenarios alone"))]
pub(crate) enum Sort {
    /// A scenario, an environment, a `broker.conf`.
    Scenario,
    /// A list of queues or ids.
    List,
    /// A file of offsets.
    Offsets,
    /// A recording or recorded cases, unpacked.
    Recording,
    /// What an operator has in hand: an output, a file of a disk, a log.
    Evidence,
}

impl Sort {
    const fn most_mib(self) -> u64 {
        match self {
            Self::Scenario => 8,
            Self::List => 16,
            Self::Offsets => 32,
            Self::Recording => 128,
            Self::Evidence => 64,
        }
    }
}

/// A source of which no more than so many bytes are taken.
struct Bounded<R> {
    source: R,
    sort: Sort,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.source.read(buffer)?;
        match self.left.checked_sub(taken as u64) {
            Some(left) => self.left = left,
            None => {
                let most = self.sort.most_mib();
                let why = format!("it is longer than {most} MiB, the most that is read of such a file");
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
            }
        }
        Ok(taken)
    }
}

/// What a source holds, but not more than fits.
pub(crate) fn bounded(source: impl Read, sort: Sort) -> impl Read {
    Bounded { source, sort, left: sort.most_mib() << 20 }
}

/// The text of a file.
///
/// # Errors
/// It cannot be read, is too long, or is no text in UTF-8.
pub(crate) fn text(path: &Path, sort: Sort) -> io::Result<String> {
    let mut text = String::new();
    bounded(File::open(path)?, sort).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_fits() {
        let most = 8 << 20;
        for (length, fits) in [(0, true), (most, true), (most + 1, false), (usize::MAX, false)] {
            let read = io::copy(&mut bounded(io::repeat(b'x').take(length as u64), Sort::Scenario), &mut io::sink());
            assert_eq!(read.is_ok(), fits, "{length}");
        }
        let error = io::copy(&mut bounded(io::repeat(0), Sort::List), &mut io::sink()).unwrap_err().to_string();
        assert_eq!(error, "it is longer than 16 MiB, the most that is read of such a file");
    }
}
