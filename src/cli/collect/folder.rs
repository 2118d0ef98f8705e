//! The folder of a collection: a file for each output, which says what was asked and when.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::super::Failure;
use super::call::{End, Said};

/// Where outputs go.
pub(super) struct Folder {
    path: PathBuf,
    /// So many files there are.
    files: usize,
}

impl Folder {
    /// Makes it, where there is none or an empty one.
    ///
    /// # Errors
    /// Bad input: it cannot be made, or something lies in it.
    pub fn make(path: &Path) -> Result<Self, Failure> {
        let cannot = |error: io::Error| Failure::bad_input(format!("cannot write into `{}`: {error}", path.display()));
        std::fs::create_dir_all(path).map_err(cannot)?;
        if std::fs::read_dir(path).map_err(cannot)?.next().is_some() {
            let why =
                format!("`{}` is not empty; name a new folder, for outputs of two times would mix", path.display());
            return Err(Failure::bad_input(why));
        }
        Ok(Self { path: path.to_owned(), files: 0 })
    }

    /// Puts an output there, whole or not at all. The order of names is that of time.
    ///
    /// # Errors
    /// A failure of our own: the disk's.
    pub fn put(&mut self, round: u64, (command, subject): (&str, &str), text: &str) -> Result<(), Failure> {
        self.files += 1;
        let plain = |c: char| if c.is_ascii_alphanumeric() || "._-%@".contains(c) { c } else { '_' };
        let subject: String = subject.chars().take(80).map(plain).collect();
        let path = self.path.join(format!("{round:04}-{:05}-{command}-{subject}.txt", self.files));
        let written = tempfile::NamedTempFile::new_in(&self.path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            Ok(file.persist(&path).map(drop)?)
        });
        written.map_err(|error| Failure::own(format!("cannot write `{}`: {error}", path.display())))
    }
}

/// What a file of an output holds: what was asked and when, what was answered, and how it ended where that was not well.
pub(super) fn content(words: &[String], at_ms: i64, said: &Said) -> String {
    let mut text = format!("# mqadmin {}\n# at {}\n{}", words.join(" "), utc(at_ms), said.stdout);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    if let Some(failure) = said.failure() {
        text.push_str(&said.stderr);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let how = match said.end {
            End::Exited(Some(code)) => format!("exit {code}"),
            _ => failure,
        };
        text.push_str(&format!("# {how}\n"));
    }
    text
}

/// Milliseconds since 1970.
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A moment as ISO 8601 writes it: `2026-11-28T02:00:00.000Z`.
fn utc(at_ms: i64) -> String {
    let (days, of_day) = (at_ms.div_euclid(86_400_000), at_ms.rem_euclid(86_400_000));
    // Years begin in March, so that a leap day is the last of its year.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let (seconds, millis) = (of_day / 1_000, of_day % 1_000);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_iso_8601() {
        let table = [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_001, "2000-02-29T00:00:00.001Z"),
            (1_795_831_200_000, "2026-11-28T02:00:00.000Z"),
            (1_798_761_599_999, "2026-12-31T23:59:59.999Z"),
        ];
        for (at_ms, expected) in table {
            assert_eq!(utc(at_ms), expected);
        }
    }

    #[test]
    fn a_file_says_what_was_asked_and_how_it_went() {
        let words: Vec<String> = ["clusterList", "-n", "a:9876"].map(str::to_owned).to_vec();
        let said = |stdout: &str, stderr: &str, end| Said { stdout: stdout.to_owned(), stderr: stderr.to_owned(), end };
        let head = "# mqadmin clusterList -n a:9876\n# at 1970-01-01T00:00:00.000Z\n";
        let good = said("#Cluster", "OpenJDK warning", End::Exited(Some(0)));
        assert_eq!(content(&words, 0, &good), format!("{head}#Cluster\n"));
        let bad = said("", "java.lang.Exception: no", End::Exited(Some(0)));
        assert_eq!(content(&words, 0, &bad), format!("{head}java.lang.Exception: no\n# exit 0\n"));
        let late = said("half", "", End::TimedOut);
        assert_eq!(content(&words, 0, &late), format!("{head}half\n# no answer in its time\n"));
    }
}
