//! Every file that a command reads comes through here: a device, or a small file that unpacks to a large one, ends with
//! a sentence and not with the memory of the machine.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// The most that is read of one file, in MiB, unpacked; the largest that RocketMQ writes are a tenth of it.
const MOST_MIB: u64 = 128;

/// A source of which no more than so many bytes are taken.
struct Bounded<R> {
    source: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.source.read(buffer)?;
        match self.left.checked_sub(taken as u64) {
            Some(left) => self.left = left,
            None => {
                let why = format!("it is longer than {MOST_MIB} MiB, the most that is read of one file");
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
            }
        }
        Ok(taken)
    }
}

/// What a source holds, but not more than fits.
fn bounded(source: impl Read) -> impl Read {
    Bounded { source, left: MOST_MIB << 20 }
}

/// The bytes of a file.
///
/// # Errors
/// It cannot be read, or is too long.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bounded(File::open(path)?).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a file.
///
/// # Errors
/// It cannot be read, is too long, or is no text in UTF-8.
pub(super) fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    bounded(File::open(path)?).read_to_string(&mut text)?;
    Ok(text)
}

/// The text that is piped in.
///
/// # Errors
/// As [`text`].
pub(super) fn stdin() -> io::Result<String> {
    let mut text = String::new();
    bounded(io::stdin().lock()).read_to_string(&mut text)?;
    Ok(text)
}

/// What a file holds, to be read piece by piece; `packed`: what it holds once it is unpacked.
///
/// # Errors
/// It cannot be opened. Reading fails where it is too long.
pub(super) fn open(path: &Path, packed: bool) -> io::Result<Box<dyn Read>> {
    let file = File::open(path)?;
    Ok(if packed { Box::new(bounded(MultiGzDecoder::new(file))) } else { Box::new(bounded(file)) })
}

/// The text of bytes, unpacked where they are packed.
///
/// # Errors
/// As [`text`].
pub(super) fn unpacked(bytes: Vec<u8>) -> io::Result<String> {
    let packed = bytes.starts_with(&[0x1f, 0x8b]);
    let mut text = String::new();
    match packed {
        true => bounded(MultiGzDecoder::new(bytes.as_slice())).read_to_string(&mut text)?,
        false => bytes.as_slice().read_to_string(&mut text)?,
    };
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_fits() {
        let most = (MOST_MIB << 20) as usize;
        for (length, fits) in [(0, true), (most, true), (most + 1, false), (usize::MAX, false)] {
            let read = io::copy(&mut bounded(io::repeat(b'x').take(length as u64)), &mut io::sink());
            assert_eq!(read.is_ok(), fits, "{length}");
        }
        let error = io::copy(&mut bounded(io::repeat(0)), &mut io::sink()).unwrap_err().to_string();
        assert_eq!(error, "it is longer than 128 MiB, the most that is read of one file");
    }

    #[test]
    fn what_is_packed_is_measured_unpacked() {
        let packed = |length: u64| {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            io::copy(&mut io::repeat(b'x').take(length), &mut writer).expect("memory takes it");
            writer.finish().expect("memory takes it")
        };
        assert_eq!(unpacked(packed(5)).expect("it fits"), "xxxxx");
        assert!(unpacked(packed((MOST_MIB << 20) + 1)).unwrap_err().to_string().contains("128 MiB"));
    }
}
