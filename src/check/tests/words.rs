//! The words of the checks: each is spelled once, and explains itself.

use std::collections::BTreeSet;

use crate::check::{AnomalyKind, Cause, Explanation, Trap};

/// Every word with its list, sentence and explanation.
fn all() -> Vec<(&'static str, &'static str, &'static str, Explanation)> {
    let kinds = AnomalyKind::ALL.iter().map(|kind| ("anomaly", kind.word(), kind.sentence(), kind.explanation()));
    let causes = Cause::ALL.iter().map(|cause| ("cause", cause.word(), cause.sentence(), cause.explanation()));
    let traps = Trap::ALL.iter().map(|trap| ("trap", trap.word(), trap.sentence(), trap.explanation()));
    kinds.chain(causes).chain(traps).collect()
}

#[test]
fn every_word_is_spelled_once_and_as_a_figure_may_be() {
    let mut seen = BTreeSet::new();
    for (list, word, ..) in all() {
        assert!(seen.insert((list, word)), "{list}.{word} is there twice");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(list == "trap" || word.chars().all(plain), "{list}.{word}");
    }
    let numbers: Vec<String> = (1..=48).map(|number| format!("E{number}")).collect();
    let (of_pop, others): (Vec<&str>, Vec<&str>) =
        Trap::ALL.iter().map(|trap| trap.word()).partition(|word| word.starts_with('P'));
    assert_eq!(others, numbers);
    let number = |word: &&str| word[2..].parse::<u32>().expect("a number behind PE");
    assert!(of_pop.iter().map(number).is_sorted(), "{of_pop:?}");
}

#[test]
fn every_word_says_what_it_means_how_it_comes_how_it_shows_and_what_to_do() {
    for (list, word, sentence, explanation) in all() {
        let Explanation { means, comes_about, seen, advice } = explanation;
        assert_eq!(means, sentence, "{list}.{word}");
        for text in [means, comes_about, seen, advice] {
            let said = text.len() > 15 && text == text.trim() && text.ends_with('.') && !text.contains("  ");
            assert!(said && text.matches('`').count() % 2 == 0, "{list}.{word}: {text}");
        }
    }
}

#[test]
fn the_name_of_a_variant_is_its_word() {
    let camel = |word: &str| -> String {
        let part = |part: &str| part[..1].to_uppercase() + &part[1..];
        word.split('_').map(part).collect()
    };
    for cause in Cause::ALL {
        assert_eq!(format!("{cause:?}"), camel(cause.word()));
    }
    for kind in AnomalyKind::ALL {
        assert_eq!(format!("{kind:?}"), camel(kind.word()));
    }
}

#[test]
fn they_sort_as_their_words_do() {
    let mut causes = Cause::ALL.to_vec();
    causes.sort_by_key(|cause| cause.word());
    assert_eq!(causes, Cause::ALL, "the list is in the order of the alphabet");
    let mut traps = Trap::ALL.to_vec();
    traps.sort();
    assert_eq!(traps[1], Trap::E10);
}
