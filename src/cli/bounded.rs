//! Every file that a command reads comes through here: a device, or a small file that unpacks to a large one, ends with
//! a sentence and not with the memory of the machine.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// What a file is, and so how much of it is read. What is made of a text can take a hundred times its bytes: these
/// lengths keep it below a gigabyte, and are many times those of real files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
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
fn bounded(source: impl Read, sort: Sort) -> impl Read {
    Bounded { source, sort, left: sort.most_mib() << 20 }
}

/// The bytes of a file.
///
/// # Errors
/// It cannot be read, or is too long.
pub(super) fn bytes(path: &Path, sort: Sort) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bounded(File::open(path)?, sort).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a file.
///
/// # Errors
/// It cannot be read, is too long, or is no text in UTF-8.
pub(super) fn text(path: &Path, sort: Sort) -> io::Result<String> {
    let mut text = String::new();
    bounded(File::open(path)?, sort).read_to_string(&mut text)?;
    Ok(text)
}

/// The text that is piped in.
///
/// # Errors
/// As [`text`].
pub(super) fn stdin(sort: Sort) -> io::Result<String> {
    let mut text = String::new();
    bounded(io::stdin().lock(), sort).read_to_string(&mut text)?;
    Ok(text)
}

/// What a file holds, to be read piece by piece; `packed`: what it holds once it is unpacked.
///
/// # Errors
/// It cannot be opened. Reading fails where it is too long.
pub(super) fn open(path: &Path, sort: Sort, packed: bool) -> io::Result<Box<dyn Read>> {
    let file = File::open(path)?;
    Ok(if packed { Box::new(bounded(MultiGzDecoder::new(file), sort)) } else { Box::new(bounded(file, sort)) })
}

/// The text of bytes, unpacked where they are packed.
///
/// # Errors
/// As [`text`].
pub(super) fn unpacked(bytes: Vec<u8>, sort: Sort) -> io::Result<String> {
    let packed = bytes.starts_with(&[0x1f, 0x8b]);
    let mut text = String::new();
    match packed {
        true => bounded(MultiGzDecoder::new(bytes.as_slice()), sort).read_to_string(&mut text)?,
        false => bytes.as_slice().read_to_string(&mut text)?,
    };
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

    #[test]
    fn what_is_packed_is_measured_unpacked() {
        let packed = |length: u64| {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            io::copy(&mut io::repeat(b'x').take(length), &mut writer).expect("memory takes it");
            writer.finish().expect("memory takes it")
        };
        assert_eq!(unpacked(packed(5), Sort::List).expect("it fits"), "xxxxx");
        assert!(unpacked(packed((16 << 20) + 1), Sort::List).unwrap_err().to_string().contains("16 MiB"));
    }
}
