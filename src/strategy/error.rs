//! What a strategy can refuse.

/// The exception that the Java class throws, with its simple class name and message.
///
/// ```
/// use rebalance_sim::{AllocateError, MessageQueue, strategy::registry::strategy};
/// let average = strategy("AVG").ok_or("it is RocketMQ's")?;
/// let refused = average.allocate("g", "", &[MessageQueue::new("orders", "a", 0)], &["c1".into()]);
/// assert!(matches!(refused, Err(AllocateError::IllegalArgument(message)) if message == "currentCID is empty"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AllocateError {
    /// `java.lang.IllegalArgumentException`.
    #[error("IllegalArgumentException: {0}")]
    IllegalArgument(String),
    /// `java.lang.NullPointerException`; the JVM words the message.
    #[error("NullPointerException: {0}")]
    NullPointer(String),
}

impl AllocateError {
    /// The full name of Java's class.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::IllegalArgument(_) => "java.lang.IllegalArgumentException",
            Self::NullPointer(_) => "java.lang.NullPointerException",
        }
    }

    /// Java's message, without the class.
    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            Self::IllegalArgument(message) | Self::NullPointer(message) => message,
        }
    }
}

/// Why a strategy cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StrategyError {
    /// No strategy has this name.
    #[error("`{name}` is no strategy; {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// What it may mean, or the names there are.
        known: String,
    },
    /// RocketMQ's constructor throws.
    #[error(transparent)]
    Refused(#[from] AllocateError),
    /// A strategy of our own refuses a setting.
    #[error("{setting} is {value}, but must be {allowed}")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
}
