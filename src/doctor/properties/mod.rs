//! What RocketMQ reads from a configuration file, and how: `MixAll.properties2Object` calls a setter for each name that it
//! knows, and passes over what it does not know or cannot parse, without a word.

mod elsewhere;

pub(super) use elsewhere::elsewhere;

use crate::wording::nearest;

/// How Java parses a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `Integer.parseInt`.
    Int,
    /// `Long.parseLong`.
    Long,
    /// `Double.parseDouble`.
    Double,
    /// `Boolean.parseBoolean`: all but `true` is false.
    Boolean,
    /// Trimmed.
    Text,
}

/// Names with the types of their setters, of 4.9 to 5.3 together. A broker's are those of `BrokerConfig`,
/// `MessageStoreConfig`, `NettyServerConfig`, `NettyClientConfig` and `AuthConfig`.
const BROKER: &str = include_str!("broker.txt");

/// A name server's: `NamesrvConfig`, `NettyServerConfig`, `NettyClientConfig`, `ControllerConfig`.
const NAME_SERVER: &str = include_str!("name_server.txt");

/// Names that `BrokerStartup.properties2SystemEnv` and the start scripts read.
const READ_OTHERWISE: [&str; 2] = ["rmqAddressServerDomain", "rmqAddressServerSubGroup"];

/// Whose configuration it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// A broker.
    Broker,
    /// A name server.
    NameServer,
}

impl Reader {
    fn all(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let text = match self {
            Self::Broker => BROKER,
            Self::NameServer => NAME_SERVER,
        };
        text.lines().filter_map(|line| line.split_once(' '))
    }

    /// How a name is read; `None`: it is not.
    pub(super) fn kind(self, name: &str) -> Option<Kind> {
        if READ_OTHERWISE.contains(&name) {
            return Some(Kind::Text);
        }
        let (_, kind) = self.all().find(|(known, _)| *known == name)?;
        Some(match kind {
            "int" => Kind::Int,
            "long" => Kind::Long,
            "double" => Kind::Double,
            "boolean" => Kind::Boolean,
            _ => Kind::Text,
        })
    }

    /// The name that may be meant by one that is not read.
    pub(super) fn nearest(self, name: &str) -> Option<&'static str> {
        nearest(name, self.all().map(|(known, _)| known))
    }
}

/// Why Java does not take this value for what it says; `None`: it does.
pub(super) fn misread(kind: Kind, value: &str) -> Option<String> {
    let comment = value.contains(" #") || value.starts_with('#');
    let why = |what: &str| match (comment, value != value.trim_end()) {
        (true, _) => Some(format!("{what}; a `#` behind a value is part of it")),
        (false, true) => Some(format!("{what}; the space behind it is part of it")),
        (false, false) => Some(what.to_owned()),
    };
    // Java's parsers take a sign before digits, and nothing else.
    match kind {
        Kind::Int if value.parse::<i32>().is_err() => why("Integer.parseInt throws"),
        Kind::Long if value.parse::<i64>().is_err() => why("Long.parseLong throws"),
        Kind::Double if value.trim().parse::<f64>().is_err() => why("Double.parseDouble throws"),
        Kind::Boolean if !["true", "false"].contains(&value.to_ascii_lowercase().as_str()) => {
            why("Boolean.parseBoolean makes it false")
        }
        Kind::Text if comment => Some("a `#` behind a value is part of it".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_read_as_java_reads_them() {
        assert_eq!(Reader::Broker.kind("channelExpiredTimeout"), Some(Kind::Long));
        assert_eq!(Reader::Broker.kind("mapedFileSizeCommitLog"), None);
        assert_eq!(Reader::Broker.nearest("mapedFileSizeCommitLog"), Some("mappedFileSizeCommitLog"));
        assert_eq!(Reader::NameServer.kind("scanNotActiveBrokerInterval"), Some(Kind::Long));
        for (kind, value, expected) in [
            (Kind::Long, "60000", None),
            (Kind::Int, "+3", None),
            (Kind::Long, "60s", Some("Long.parseLong throws")),
            (Kind::Int, "300 ", Some("Integer.parseInt throws; the space behind it is part of it")),
            (Kind::Int, "5000000000", Some("Integer.parseInt throws")),
            (Kind::Boolean, "TRUE", None),
            (Kind::Boolean, "yes", Some("Boolean.parseBoolean makes it false")),
            (
                Kind::Boolean,
                "true # on",
                Some("Boolean.parseBoolean makes it false; a `#` behind a value is part of it"),
            ),
            (Kind::Text, "ASYNC_MASTER ", None),
            (Kind::Text, "SLAVE # the second", Some("a `#` behind a value is part of it")),
        ] {
            assert_eq!(misread(kind, value).as_deref(), expected, "{kind:?} {value:?}");
        }
    }
}
