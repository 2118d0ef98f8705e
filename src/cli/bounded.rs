//! Every file that a command reads comes through here: a device, or a small file that unpacks to a large one, ends with
//! a sentence and not with the memory of the machine.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

pub(super) use crate::library::{Sort, bounded, text};

/// The bytes of a file.
///
/// # Errors
/// It cannot be read, or is too long.
pub(super) fn bytes(path: &Path, sort: Sort) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bounded(File::open(path)?, sort).read_to_end(&mut bytes)?;
    Ok(bytes)
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
