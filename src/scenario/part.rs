//! `g1: lag.max <= 200`: what is expected of a group, or of a topic, and not of the whole story.

use crate::check::{BY_GROUP, BY_TOPIC};
use crate::model::plan::Plan;
use crate::wording::by_nearness;

/// Whose figure is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Group(&'a str),
    Topic(&'a str),
}

impl<'a> Part<'a> {
    /// What `g1`, `group g1` or `topic T` names; a bare name is a group's, where a group has it.
    pub fn named(text: &str, plan: &'a Plan) -> Option<Self> {
        let group = |name: &str| plan.groups.iter().map(|group| group.name.as_str()).find(|other| *other == name);
        let topic = |name: &str| plan.topics.iter().map(|topic| topic.name.as_str()).find(|other| *other == name);
        match text.split_once(' ') {
            Some(("group", name)) => group(name.trim()).map(Self::Group),
            Some(("topic", name)) => topic(name.trim()).map(Self::Topic),
            _ => group(text).map(Self::Group).or_else(|| topic(text).map(Self::Topic)),
        }
    }

    /// The figure as results name it: `lag.max@g1`, `lag.max@topic T`. Where there is one group, or one topic, the story has
    /// its figures.
    ///
    /// # Errors
    /// What is wrong, and what is allowed, where the figure is not counted by group or topic.
    pub fn figure(self, figure: &str, plan: &Plan) -> Result<String, (String, String)> {
        let (what, known, alone, suffix) = match self {
            Self::Group(name) => ("group", &BY_GROUP[..], plan.groups.len() < 2, format!("@{name}")),
            Self::Topic(name) => ("topic", &BY_TOPIC[..], plan.topics.len() < 2, format!("@topic {name}")),
        };
        if !known.contains(&figure) {
            let allowed = format!("by {what} there are {}", known.join(", "));
            return Err((format!("`{figure}` is not counted by {what}"), allowed));
        }
        Ok(if alone { figure.to_owned() } else { format!("{figure}{suffix}") })
    }
}

/// The scopes that there are, and the parts whose names are nearest to a word.
pub(super) fn scopes(word: &str, plan: &Plan) -> String {
    let mut names: Vec<&str> = plan.groups.iter().map(|group| group.name.as_str()).collect();
    names.extend(plan.topics.iter().map(|topic| topic.name.as_str()));
    by_nearness(word, &mut names);
    names.truncate(3);
    let names = names.join(":`, `");
    format!("known are `some:`, `every:`, `phase LABEL:`, and groups and topics such as `{names}:`, each once")
}

#[cfg(test)]
mod tests {
    use crate::scenario::parse;

    /// The figure that a scenario of two groups and two topics expects something of.
    fn figure(expect: &str) -> Result<String, String> {
        let text = format!(
            "title = \"t\"\nquestion = \"q?\"\nduration = \"1m\"\nbrokers = [\"a\"]\nexpect = [\"{expect}\"]\n\n\
             [[topics]]\nname = \"T\"\nqueues = 1\n\n[[topics]]\nname = \"g\"\nqueues = 1\n\n\
             [[groups]]\nname = \"g\"\ntopics = [\"T\"]\ncount = 1\n\n[[groups]]\nname = \"h\"\ntopics = [\"g\"]\ncount = 1\n\n\
             [[timeline]]\nat = \"30s\"\naction = \"mark\"\nmark = \"now\"\n"
        );
        let parsed = parse("test", &text, &[], &|name| Err(format!("no environment {name}")));
        parsed.map(|parsed| parsed.expect[0].figure.clone()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_figure_is_of_a_group_or_topic_or_refused() {
        for (text, read) in [
            ("lag.max <= 1", "lag.max"),
            ("h: lag.max <= 1", "lag.max@h"),
            ("g: lag.max <= 1", "lag.max@g"),
            ("topic g: lag.max <= 1", "lag.max@topic g"),
            ("T: latency.p99.p99 <= 1s", "latency.p99@topic T"),
            ("phase now: group h: some: lost == 0", "lost@h"),
        ] {
            assert_eq!(figure(text).as_deref(), Ok(read), "{text}");
        }
        for (text, why) in [
            ("i: lag.max <= 1", "`i:` is no scope"),
            ("g: h: lag.max <= 1", "`h:` is no scope"),
            ("h: rejected == 0", "`rejected` is not counted by group"),
            ("T: lost == 0", "`lost` is not counted by topic"),
        ] {
            let error = figure(text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
