//! What a word of the program means to somebody who runs a cluster.

/// A word explained, as `explain-word` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// What the word says.
    pub means: &'static str,
    /// How it comes about in RocketMQ, with the class and the method.
    pub comes_about: &'static str,
    /// How one sees it on a live cluster.
    pub seen: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}
