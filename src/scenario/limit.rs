//! `--fail-if`: what a variant may not do to a figure, such as `duplicates.p99 > +10%`.

use super::expect::{in_unit, read_value, refuse_unknown, split_quantile};
use super::{Scope, figure_of};
use crate::check::Figure;
use crate::model::plan::Plan;

/// How far a figure may move from the base's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// It may not be so much more.
    MoreThan(Figure),
    /// It may not be so much less.
    LessThan(Figure),
}

/// What a variant may not do to a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// As it was typed.
    pub text: String,
    /// The figure, as it was typed until [`Limit::of`] a plan says how results are asked for it.
    pub figure: String,
    /// The mean, or a quantile over all seeds.
    pub scope: Scope,
    /// How far.
    pub bound: Bound,
    /// The bound is a share of the base's value, and not an amount in the figure's unit.
    pub relative: bool,
}

const FORM: &str = "write FIGURE > +BOUND or FIGURE < -BOUND, as in `duplicates.p99 > +10%`, `stalled.max > +2s` or \
                    `delivered < -1%`";

/// Whether a figure exists, of whatever phase, group or topic; else, with the name of the option that asks for it, which are near.
///
/// # Errors
/// One sentence.
pub fn known_or_near(option: &str, figure: &str) -> Result<(), String> {
    let figure = figure.rsplit(':').next().unwrap_or(figure).trim();
    refuse_unknown(figure, figure).map_err(|(problem, allowed)| format!("{option}: {problem}; {allowed}"))
}

impl Limit {
    /// Reads `FIGURE=BOUND`: the figure may not become more than that above the base's, which is a share (`20%`) or an
    /// amount.
    ///
    /// # Errors
    /// One sentence that says what is wrong with it, and what is allowed.
    pub fn not_more(text: &str) -> Result<Self, String> {
        const OWN: &str = "write FIGURE=BOUND, as in `heartbeats=20%`, `duplicates.p99=+5` or `stalled.max=2s`";
        let (figure, bound) = text.split_once('=').ok_or_else(|| format!("--not-more: `{text}` is no limit; {OWN}"))?;
        let bound = bound.trim();
        let limit = Self::parse(&format!("{} > +{}", figure.trim(), bound.strip_prefix('+').unwrap_or(bound)));
        let limit = limit.map_err(|why| why.replacen("--fail-if", "--not-more", 1).replace(FORM, OWN))?;
        Ok(Self { text: text.to_owned(), ..limit })
    }

    /// Reads a limit.
    ///
    /// # Errors
    /// One sentence that says what is wrong with it, and what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refused = |why: String| format!("--fail-if: {why}");
        let malformed = || refused(format!("`{text}` is no limit; {FORM}"));
        let at = text.find(['<', '>']).ok_or_else(malformed)?;
        let (name, rest) = (text[..at].trim(), text[at + 1..].trim());
        let more = text[at..].starts_with('>');
        let sign = if more { '+' } else { '-' };
        let given = rest.strip_prefix(sign).ok_or_else(malformed)?.trim();
        // What stands before a `:` is a phase, a group or a topic, which a plan knows.
        let (part, name) = name.rsplit_once(':').map_or(("", name), |(part, name)| (part, name.trim()));
        let (figure, scope) = split_quantile(name);
        let (figure, scope) = match (figure.strip_suffix(".max"), scope) {
            // `duplicates.max` is the worst seed's, where no figure has that name.
            (Some(stem), None) if refuse_unknown(figure, name).is_err() => (stem, Some(Scope::Quantile(1_000))),
            _ => (figure, scope),
        };
        refuse_unknown(figure, name).map_err(|(problem, allowed)| refused(format!("{problem}; {allowed}")))?;
        let relative = given.ends_with('%');
        let value = read_value(given).ok_or_else(malformed)?;
        let value = if relative { value } else { in_unit(figure, value, given).map_err(refused)? };
        let bound = if more { Bound::MoreThan(value) } else { Bound::LessThan(value) };
        let scope = scope.unwrap_or(Scope::Mean);
        let figure = if part.is_empty() { figure.to_owned() } else { format!("{part}: {figure}") };
        Ok(Self { text: text.to_owned(), figure, scope, bound, relative })
    }

    /// The limit in this plan.
    ///
    /// # Errors
    /// One sentence where the plan has no such phase, group or topic.
    pub fn of(&self, option: &str, plan: &Plan) -> Result<Self, String> {
        Ok(Self { figure: figure_of(option, &self.figure, plan)?, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Span;

    #[test]
    fn limits_are_read_or_refused_in_a_sentence() {
        let read =
            |text: &str| Limit::parse(text).map(|limit| (limit.figure, limit.scope, limit.bound, limit.relative));
        let p99 = Scope::Quantile(990);
        let table = [
            ("duplicates.p99 > +10%", ("duplicates", p99, Bound::MoreThan(Figure::Millionths(100_000)), true)),
            (
                "stalled.max > +2s",
                ("stalled.max", Scope::Mean, Bound::MoreThan(Figure::Span(Span::from_secs(2))), false),
            ),
            ("duplicates.max>+5", ("duplicates", Scope::Quantile(1_000), Bound::MoreThan(Figure::Count(5)), false)),
            ("g1: lag.max.p99 > +10%", ("g1: lag.max", p99, Bound::MoreThan(Figure::Millionths(100_000)), true)),
            ("delivered < -1%", ("delivered", Scope::Mean, Bound::LessThan(Figure::Millionths(10_000)), true)),
        ];
        for (text, (figure, scope, bound, relative)) in table {
            assert_eq!(read(text), Ok((figure.to_owned(), scope, bound, relative)), "{text}");
        }
        let wrong = [
            ("duplicates", "is no limit"),
            ("duplicates > 10%", "is no limit"),
            ("duplikates > +1", "there is no figure"),
            ("stalled.max > +2", "has no unit"),
            ("duplicates < +1", "is no limit"),
        ];
        let not_more = Limit::not_more("heartbeats=20%").expect("it is one");
        let expected = Limit::parse("heartbeats > +20%").expect("it is one");
        assert_eq!((not_more.bound, not_more.relative), (expected.bound, true));
        for (text, why) in
            [("heartbeats", "is no limit"), ("heartbeat=2", "near"), ("heartbeats=x", "as in `heartbeats=20%`")]
        {
            let error = Limit::not_more(text).expect_err(text);
            assert!(error.starts_with("--not-more: ") && error.contains(why), "{text}: {error}");
        }
        for (text, why) in wrong {
            let error = Limit::parse(text).expect_err(text);
            assert!(error.starts_with("--fail-if: ") && error.contains(why), "{text}: {error}");
        }
    }
}
