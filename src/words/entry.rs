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

    /// Whether each word of a search is found in something that is known of it, whatever the case. A word such as `E2`
    /// asks for that trap, and not for E20.
    #[must_use]
    pub fn matches(&self, search: &str) -> bool {
        let explained = self.explanation.map(|e| [e.means, e.comes_about, e.seen, e.advice]);
        let texts = [self.word.as_ref(), self.sentence.as_ref()].into_iter();
        let texts = texts.chain(self.others.iter().copied()).chain(explained.into_iter().flatten());
        let texts: Vec<String> =
            texts.chain(self.facts.iter().map(|(_, value)| value.as_str())).map(str::to_lowercase).collect();
        search.to_lowercase().split_whitespace().all(|word| {
            let trap = word.strip_prefix('e').is_some_and(|rest| rest.parse::<u8>().is_ok());
            texts.iter().any(|text| match trap {
                true => text.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == word),
                false => text.contains(word),
            })
        })
    }
}
