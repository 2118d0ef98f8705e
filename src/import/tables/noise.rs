//! What a JVM, its loggers or RocketMQ's scripts print around what was asked for.

/// How such lines begin.
const NOISE: [&str; 18] = [
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
    "WARN StatusLogger",
    "[warning]",
    "Unrecognized VM option",
    "For more information, please visit the url",
];

/// Whether a line says nothing of the cluster.
#[must_use]
pub fn is_noise(line: &str) -> bool {
    // A JVM's unified log begins with its age, `[0.004s][warning][gc] ...`.
    let unified = line.starts_with('[') && line.contains("s][") && line.contains("][warning]");
    unified || is_logback_status(line) || NOISE.iter().any(|start| line.starts_with(start))
}

/// Whether logback speaks of itself, as it does while it starts: `02:34:27,100 |-INFO in ch.qos.logback.. - ..`.
fn is_logback_status(line: &str) -> bool {
    let Some((time, rest)) = line.split_once(" |-") else { return false };
    let is_time = time.len() == 12 && time.chars().all(|c| c.is_ascii_digit() || c == ':' || c == ',');
    is_time && ["INFO in ", "WARN in ", "ERROR in "].iter().any(|level| rest.starts_with(level))
}

/// Whether a line is of a stack trace: one of its frames, or how many are left out.
pub(in crate::import) fn is_frame(line: &str) -> bool {
    let line = line.trim_start();
    let left_out = || line.starts_with("... ") && (line.ends_with(" more") || line.contains("common frames omitted"));
    line.starts_with("at ") && line.ends_with(')') || left_out()
}

/// What an exception says, where a line is the first of one: a class of Java and its message.
pub(in crate::import) fn exception(line: &str) -> Option<&str> {
    let line = line.trim();
    let line = line.strip_prefix("Caused by: ").unwrap_or(line);
    let line = line.strip_prefix("Exception in thread ").and_then(|rest| rest.split_once(' ')).map_or(line, |(_, l)| l);
    let class = line.split([':', ' ']).next()?;
    let named = class.contains('.') && (class.ends_with("Exception") || class.ends_with("Error"));
    named.then_some(line)
}

/// Whether a line begins with the time of a log: `2024-10-16 20:40:50,976 INFO`.
#[must_use]
pub fn is_logged(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let shaped = |word: &str, mark: char, parts: usize| {
        let digits = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
        word.split(mark).count() == parts && word.split(mark).all(digits)
    };
    let (date, time) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    shaped(date, '-', 3) && shaped(time, ':', 3)
}
