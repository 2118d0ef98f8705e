//! What a part is of: `part.json`. Parts are merged only where all of it agrees.

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::super::{Failure, load};
use crate::report::shell_quoted;
use crate::sweep::Shard;

/// The file of a part that says what it is of.
pub(super) const FILE: &str = "part.json";

/// What a part is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Header {
    /// The version of the program.
    version: String,
    /// What was typed, but for what is of one machine: share, directory, threads.
    pub(super) typed: Vec<String>,
    /// Which share, `I/N`.
    shard: String,
    /// How many runs all shares have together.
    pub(super) runs: u64,
    /// Of the texts of all scenarios and of what they include.
    digest: String,
}

/// What is typed for one machine alone, and whether a value follows.
const OF_ONE_MACHINE: [(&str, bool); 6] =
    [("--shard", true), ("--out", true), ("--jobs", true), ("--color", true), ("--quiet", false), ("--yes", false)];

impl Header {
    /// Of a share of the command that was typed.
    pub fn of(shard: Shard, runs: u64, digest: String) -> Self {
        let typed = common(std::env::args().skip(1));
        Self { version: env!("CARGO_PKG_VERSION").to_owned(), typed, shard: shard.to_string(), runs, digest }
    }

    /// Which share it is.
    ///
    /// # Errors
    /// What is written there is none.
    pub fn shard(&self) -> Result<Shard, String> {
        self.shard.parse().map_err(|error: crate::sweep::ShardError| error.to_string())
    }

    /// In what it differs from another, but for the share; `None`: in nothing.
    pub fn differs(&self, other: &Self) -> Option<String> {
        let command = |header: &Self| {
            let words: Vec<_> = header.typed.iter().map(|word| shell_quoted(word).to_string()).collect();
            words.join(" ")
        };
        let shares = |header: &Self| header.shard.split_once('/').map(|(_, count)| count.to_owned());
        if self.version != other.version {
            return Some(format!("version {} made it, and {} the others", self.version, other.version));
        }
        if self.typed != other.typed {
            return Some(format!("it is of `{}`, and the others of `{}`", command(self), command(other)));
        }
        if shares(self) != shares(other) {
            return Some(format!("it is share {}, and the others are as {}", self.shard, other.shard));
        }
        (self.digest != other.digest || self.runs != other.runs)
            .then(|| "the scenario, or its environment, was another one when it was played".to_owned())
    }

    /// Whether this program, with the files of now, would do the same.
    ///
    /// # Errors
    /// Bad input: it would not.
    pub fn check(&self, runs: u64, digest: &str) -> Result<(), Failure> {
        let version = env!("CARGO_PKG_VERSION");
        if self.version != version {
            let made = &self.version;
            return Err(Failure::bad_input(format!(
                "the parts were made by version {made}, and this is {version}; results may differ: merge them with {made}"
            )));
        }
        if (self.runs, self.digest.as_str()) != (runs, digest) {
            return Err(Failure::bad_input(
                "the scenario, or its environment, has changed since the parts were played; merge where the files are as \
                 they were, or play the shares again",
            ));
        }
        Ok(())
    }
}

/// What was typed without what is of one machine alone.
fn common(typed: impl Iterator<Item = String>) -> Vec<String> {
    let (mut kept, mut typed) = (Vec::new(), typed);
    while let Some(word) = typed.next() {
        let own = OF_ONE_MACHINE.iter().find(|(option, takes)| {
            word == *option || (*takes && word.strip_prefix(option).is_some_and(|rest| rest.starts_with('=')))
        });
        match own {
            None => kept.push(word),
            Some((option, true)) if word == *option => _ = typed.next(),
            Some(_) => {}
        }
    }
    kept
}

/// A digest of all that is read for these scenarios with these values.
///
/// # Errors
/// Bad input: one is piped in, cannot be read, or is refused.
pub(in crate::cli) fn digest<'a>(files: impl Iterator<Item = (&'a str, &'a [String])>) -> Result<String, Failure> {
    let texts = files.map(|(file, set)| load::texts(file, set)).collect::<Result<Vec<_>, _>>()?;
    Ok(digest_of(texts.into_iter().flatten()))
}

/// A digest of texts.
pub(in crate::cli) fn digest_of(texts: impl IntoIterator<Item = String>) -> String {
    let mut hash = Md5::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_one_machine_is_left_out() {
        for (typed, kept) in [
            ("run f.toml --seeds 9 --shard 1/2 --out p", "run f.toml --seeds 9"),
            ("--quiet run --shard=2/2 f.toml --out=x --jobs 8 --seeds 9", "run f.toml --seeds 9"),
            ("vary f.toml --over a=1,2 --yes --color never", "vary f.toml --over a=1,2"),
            ("run --outer", "run --outer"),
        ] {
            assert_eq!(common(typed.split(' ').map(str::to_owned)).join(" "), kept);
        }
    }
}
