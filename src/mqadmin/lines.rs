//! Lines that count, and those that say nothing.

use super::Kind;

/// Why a text is no list of what is wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// A line says nothing that is looked for.
    #[error("line {line}: `{text}` is no {expected}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// The line, cut.
        text: String,
        /// What may stand there, and how it is written.
        expected: String,
    },
    /// The text is something else that RocketMQ has.
    #[error("this is {kind}; wanted is {wanted}")]
    Other {
        /// What it is.
        kind: Kind,
        /// What is wanted, and which command prints it.
        wanted: &'static str,
    },
}

impl ListError {
    pub(super) fn line(line: usize, text: &str, expected: impl Into<String>) -> Self {
        let shown = text.chars().take(80).map(|c| if c.is_control() { ' ' } else { c });
        Self::Line { line, text: shown.collect(), expected: expected.into() }
    }
}

/// How lines begin that a JVM, its loggers or RocketMQ's scripts print before what was asked for.
const NOISE: [&str; 15] = [
    "Java HotSpot(TM)",
    "OpenJDK ",
    "Picked up JAVA_TOOL_OPTIONS",
    "Picked up _JAVA_OPTIONS",
    "Picked up JDK_JAVA_OPTIONS",
    "NOTE: Picked up",
    "Listening for transport",
    "RocketMQLog:WARN",
    "log4j:WARN",
    "log4j:ERROR",
    "SLF4J",
    "LoggerFactory:",
    "WARNING:",
    "ERROR StatusLogger",
    "[warning]",
];

/// Whether a line is one of those.
pub(crate) fn is_noise(line: &str) -> bool {
    // A JVM's unified log begins with its age, `[0.004s][warning][gc] ...`.
    let unified = line.starts_with('[') && line.contains("s][") && line.contains("][warning]");
    unified || NOISE.iter().any(|start| line.starts_with(start))
}

/// All lines that are not blank, trimmed, with their numbers.
pub(super) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> + Clone {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty())
}

/// Whether a word is an address with its port, such as `10.0.0.1:10911`.
pub(super) fn is_address(word: &str) -> bool {
    word.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}
