//! Texts of a page: each stands there once, and where it is said stands its number.

use std::collections::BTreeMap;

use crate::report::wording::printable_line;

/// Texts by number, in the order in which they were first said.
#[derive(Debug, Default)]
pub(super) struct Texts {
    numbers: BTreeMap<String, i64>,
}

impl Texts {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> i64 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let next = i64::try_from(self.numbers.len()).expect("few texts");
        self.numbers.insert(text.to_owned(), next);
        next
    }

    /// All of them; what would act on a reader's screen is written out.
    pub(super) fn all(self) -> Vec<String> {
        let mut by_number: Vec<(i64, String)> =
            self.numbers.into_iter().map(|(text, number)| (number, printable_line(&text).into_owned())).collect();
        by_number.sort_unstable();
        by_number.into_iter().map(|(_, text)| text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_once_and_in_the_order_of_its_first_word() {
        let mut texts = Texts::default();
        let said = ["b", "a", "b", "\u{202e}c"].map(|text| texts.number(text));
        assert_eq!((said, texts.all()), ([0, 1, 0, 2], ["b", "a", "\\u202ec"].map(str::to_owned).to_vec()));
    }
}
