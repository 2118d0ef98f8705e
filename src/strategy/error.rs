//! What a strategy can refuse.

/// The exception that the Java class throws, with its simple class name and message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllocateError {
    /// `java.lang.IllegalArgumentException`.
    #[error("IllegalArgumentException: {0}")]
    IllegalArgument(String),
    /// `java.lang.NullPointerException`; the JVM words the message.
    #[error("NullPointerException: {0}")]
    NullPointer(String),
}
