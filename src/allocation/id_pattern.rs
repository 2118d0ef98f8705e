//! Client ids by the dozen.

use std::fmt::Write as _;

use crate::strategy::ClientId;

/// How the ids of a group look: text with `{n}` for the number of the member, `{n:03}` for it with leading zeros, and
/// `{pid}` for the process number, which is 1 as in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdPattern {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// The number, with at least so many digits.
    Number {
        digits: usize,
    },
    ProcessId,
}

/// Why a text is no pattern, or ids show none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A `{...}` that means nothing.
    #[error("`{{{0}}}` is unknown in an id pattern; known are {{n}}, {{n:03}} and {{pid}}")]
    Unknown(String),
    /// It is not closed.
    #[error("the id pattern `{0}` has a `{{` without `}}`")]
    Unclosed(String),
    /// It is empty.
    #[error("the id pattern is empty")]
    Empty,
    /// New members cannot be told apart.
    #[error(
        "the id pattern has no {{n}}, so that all new members would have the same client id; write {{n}} where the number stands"
    )]
    NoNumber,
    /// The ids at hand do not say how they go on.
    #[error(
        "the client ids ({0}) do not show how further ones look: there must be two or more that count up in one place; \
         name the new ids, or give --id-pattern"
    )]
    NotCounting(String),
}

impl IdPattern {
    /// The pattern that a text writes.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(|| PatternError::Unclosed(text.to_owned()))?;
            pieces.push(Piece::Text(before.to_owned()));
            let digits = |digits: &str| digits.parse().ok().filter(|digits| (1..=20).contains(digits));
            pieces.push(match (name, name.strip_prefix("n:").and_then(digits)) {
                ("n", _) => Piece::Number { digits: 1 },
                ("pid", _) => Piece::ProcessId,
                (_, Some(digits)) => Piece::Number { digits },
                _ => return Err(PatternError::Unknown(name.to_owned())),
            });
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        if text.is_empty() { Err(PatternError::Empty) } else { Ok(Self { pieces }) }
    }

    /// The pattern by which ids count up, and the first number that is free: the digits that differ from id to id,
    /// where they are the same number wherever they differ.
    ///
    /// # Errors
    /// [`PatternError::NotCounting`].
    pub fn of(ids: &[ClientId]) -> Result<(Self, u64), PatternError> {
        let shown = || match ids {
            [first, second, _, ..] => format!("{first}, {second}, ..."),
            few => few.iter().map(|id| &**id).collect::<Vec<_>>().join(", "),
        };
        guess(ids).ok_or_else(|| PatternError::NotCounting(shown()))
    }

    /// The id of the member with this number.
    #[must_use]
    pub fn id(&self, number: u64) -> ClientId {
        let mut id = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => id.push_str(text),
                Piece::Number { digits } => write!(id, "{number:0digits$}").expect("a string takes every write"),
                Piece::ProcessId => id.push('1'),
            }
        }
        id.into()
    }

    /// So many ids from a number on, those left out that are taken.
    ///
    /// # Errors
    /// [`PatternError::NoNumber`].
    pub fn further(
        &self,
        from: u64,
        count: usize,
        taken: impl Fn(&str) -> bool,
    ) -> Result<Vec<ClientId>, PatternError> {
        if !self.pieces.iter().any(|piece| matches!(piece, Piece::Number { .. })) {
            return Err(PatternError::NoNumber);
        }
        Ok((from..).map(|number| self.id(number)).filter(|id| !taken(id)).take(count).collect())
    }
}

/// A text cut into what is digits and what is not, beginning with what is not.
fn runs(id: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let (mut rest, mut digits) = (id, false);
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        runs.push(&rest[..end]);
        rest = &rest[end..];
        digits = !digits;
    }
    runs
}

fn guess(ids: &[ClientId]) -> Option<(IdPattern, u64)> {
    let cut: Vec<Vec<&str>> = ids.iter().map(|id| runs(id)).collect();
    let first = cut.first().filter(|_| cut.len() > 1)?;
    let varies = |place: usize| cut.iter().any(|runs| runs.get(place) != first.get(place));
    let places: Vec<usize> = (0..first.len()).filter(|&place| varies(place)).collect();
    let (&counted, others) = places.split_first()?;
    let mut most = 0;
    for runs in &cut {
        let number = |place: usize| runs[place].parse::<u64>().ok();
        if runs.len() != first.len() || others.iter().any(|&place| number(place) != number(counted)) {
            return None;
        }
        most = most.max(number(counted)?);
    }
    let pieces = first.iter().enumerate().map(|(place, &text)| match places.contains(&place) {
        false => Piece::Text(text.to_owned()),
        true => {
            // Leading zeros anywhere mean that all have the same width.
            let padded = cut.iter().any(|runs| runs[place].len() > 1 && runs[place].starts_with('0'));
            Piece::Number { digits: if padded { text.len() } else { 1 } }
        }
    });
    Some((IdPattern { pieces: pieces.collect() }, most.checked_add(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_write_ids() {
        for (pattern, id) in [
            ("10.0.0.{n}@{pid}", "10.0.0.7@1"),
            ("{n}", "7"),
            ("pod-{n:03}@1", "pod-007@1"),
            ("{n}@c{n}", "7@c7"),
            ("172.17.0.1@1", "172.17.0.1@1"),
        ] {
            assert_eq!(&*IdPattern::parse(pattern).unwrap().id(7), id);
        }
        for (pattern, error) in [
            ("c{x}", PatternError::Unknown("x".to_owned())),
            ("c{n:x}", PatternError::Unknown("n:x".to_owned())),
            ("c{n:0}", PatternError::Unknown("n:0".to_owned())),
            ("c{n", PatternError::Unclosed("c{n".to_owned())),
            ("", PatternError::Empty),
        ] {
            assert_eq!(IdPattern::parse(pattern), Err(error), "{pattern}");
        }
        assert_eq!(IdPattern::parse("c").unwrap().further(1, 1, |_| false), Err(PatternError::NoNumber));
    }

    #[test]
    fn ids_show_how_they_go_on() {
        for (ids, next) in [
            (vec!["c1", "c2", "c3"], Some("c4")),
            (vec!["10.0.0.9@1", "10.0.0.10@1"], Some("10.0.0.11@1")),
            (vec!["10.0.0.1@c1", "10.0.0.2@c2"], Some("10.0.0.3@c3")),
            (vec!["pod-08", "pod-09"], Some("pod-10")),
            (vec!["pod-8", "pod-10"], Some("pod-11")),
            (vec!["10.0.0.1@17", "10.0.0.2@23"], None),
            (vec!["a1", "b2"], None),
            (vec!["c1"], None),
            (vec!["c1", "c1"], None),
            (vec!["c1", "c1x2"], None),
            (vec!["c99999999999999999999", "c1"], None),
        ] {
            let ids: Vec<ClientId> = ids.into_iter().map(Into::into).collect();
            let found = IdPattern::of(&ids).ok().map(|(pattern, from)| pattern.id(from).to_string());
            assert_eq!(found.as_deref(), next, "{ids:?}");
        }
    }

    #[test]
    fn taken_ids_are_passed_over() {
        let ids = IdPattern::parse("c{n}").unwrap().further(3, 2, |id| id == "c4");
        assert_eq!(ids, Ok(vec!["c3".into(), "c5".into()]));
    }
}
