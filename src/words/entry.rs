//! One word.

use std::borrow::Cow;

use crate::check::Explanation;

/// A word, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The word.
    pub word: Cow<'static, str>,
    /// Other words for it.
    pub others: Vec<&'static str>,
    /// What it is, in one line.
    pub sentence: Cow<'static, str>,
    /// At length, where there is more to say.
    pub explanation: Option<Explanation>,
    /// What else is known of it, each with its name: a unit, a default, a source.
    pub facts: Vec<(&'static str, String)>,
}

impl Entry {
    /// A word with its sentence.
    pub(super) fn new(word: impl Into<Cow<'static, str>>, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { word: word.into(), others: Vec::new(), sentence: sentence.into(), explanation: None, facts: Vec::new() }
    }

    /// The same, explained.
    pub(super) fn explained(self, explanation: Explanation) -> Self {
        Self { explanation: Some(explanation), ..self }
    }

    /// The same with one more fact; none where there is nothing to say.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((name, value));
        }
        self
    }

    /// A fact by its name; empty where there is none.
    #[must_use]
    pub fn fact(&self, name: &str) -> &str {
        self.facts.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// Whether a text occurs in anything that is known of the word.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let explained = self.explanation.map(|e| [e.means, e.comes_about, e.seen, e.advice]);
        let texts = [self.word.as_ref(), self.sentence.as_ref()].into_iter();
        let texts = texts.chain(self.others.iter().copied()).chain(explained.into_iter().flatten());
        let mut texts = texts.chain(self.facts.iter().map(|(_, value)| value.as_str()));
        texts.any(|known| known.to_lowercase().contains(&text))
    }
}
