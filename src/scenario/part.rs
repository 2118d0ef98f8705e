//! `g1: lag.max <= 200`: what is expected of a group, or of a topic, and not of the whole story.

use super::expect::refuse_unknown;
use crate::check::{BY_GROUP, BY_TOPIC};
use crate::model::plan::Plan;
use crate::wording::{by_nearness, instead};

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
        let scope = self.scope(figure, plan)?;
        Ok(scope.map_or_else(|| figure.to_owned(), |scope| format!("{figure}@{scope}")))
    }

    /// The word before the figure: `g1`, `topic T`; `None` where there is one group, or one topic.
    fn scope(self, figure: &str, plan: &Plan) -> Result<Option<String>, (String, String)> {
        let (what, known, alone, scope) = match self {
            Self::Group(name) => ("group", &BY_GROUP[..], plan.groups.len() < 2, name.to_owned()),
            Self::Topic(name) => ("topic", &BY_TOPIC[..], plan.topics.len() < 2, format!("topic {name}")),
        };
        if !known.contains(&figure) {
            let allowed = format!("by {what} there are {}", known.join(", "));
            return Err((format!("`{figure}` is not counted by {what}"), allowed));
        }
        Ok((!alone).then_some(scope))
    }
}

/// A figure of the story, of a phase, of a group or of a topic, as `expect` says it: `phase kill: g1: lag.max`. Answers how
/// results are asked for it.
///
/// # Errors
/// One sentence that begins with the option that asks for it.
pub fn figure_of(option: &str, text: &str, plan: &Plan) -> Result<String, String> {
    let refused = |(problem, allowed): (String, String)| format!("{option}: {problem}; {allowed}");
    let (mut rest, mut phase, mut part) = (text.trim(), None, None);
    while let Some((scope, figure)) = rest.split_once(':') {
        let scope = scope.trim();
        match scope.strip_prefix("phase ").map(str::trim) {
            Some(label) if phase.is_none() => {
                // Steps that are less than two seconds apart make one phase with all their labels.
                let is_marked = |label: &str| plan.timeline.iter().any(|step| step.label == label);
                if !is_marked(label) && !label.split('+').all(is_marked) {
                    let labels = plan.timeline.iter().map(|step| step.label.as_str());
                    return Err(refused((format!("no step is marked `{label}`"), instead(label, labels))));
                }
                phase = Some(label);
            }
            _ => match Part::named(scope, plan).filter(|_| part.is_none()) {
                Some(named) => part = Some(named),
                None => return Err(refused((format!("`{scope}:` is no scope"), parts(scope, "", plan)))),
            },
        }
        rest = figure.trim();
    }
    refuse_unknown(rest, rest).map_err(refused)?;
    let part = part.map_or(Ok(None), |part| part.scope(rest, plan)).map_err(refused)?;
    let scopes = phase.map(|label| format!("phase {label}")).into_iter().chain(part);
    Ok(scopes.map(|scope| format!("{scope}: ")).chain([rest.to_owned()]).collect())
}

/// The scopes that there are, and the parts whose names are nearest to a word.
pub(super) fn scopes(word: &str, plan: &Plan) -> String {
    parts(word, "`some:`, `every:`, ", plan)
}

/// The scopes of a figure behind these, and the parts whose names are nearest to a word.
fn parts(word: &str, others: &str, plan: &Plan) -> String {
    let mut names: Vec<&str> = plan.groups.iter().map(|group| group.name.as_str()).collect();
    names.extend(plan.topics.iter().map(|topic| topic.name.as_str()));
    by_nearness(word, &mut names);
    names.truncate(3);
    let names = names.join(":`, `");
    format!("known are {others}`phase LABEL:`, and groups and topics such as `{names}:`, each once")
}

#[cfg(test)]
mod tests {
    use super::figure_of;
    use crate::scenario::{Scenario, ScenarioError, parse};

    /// A scenario of two groups and two topics that expects something.
    fn scenario(expect: &str) -> Result<Scenario, Box<ScenarioError>> {
        let text = format!(
            "title = \"t\"\nquestion = \"q?\"\nduration = \"1m\"\nbrokers = [\"a\"]\nexpect = [\"{expect}\"]\n\n\
             [[topics]]\nname = \"T\"\nqueues = 1\n\n[[topics]]\nname = \"g\"\nqueues = 1\n\n\
             [[groups]]\nname = \"g\"\ntopics = [\"T\"]\ncount = 1\n\n[[groups]]\nname = \"h\"\ntopics = [\"g\"]\ncount = 1\n\n\
             [[timeline]]\nat = \"30s\"\naction = \"mark\"\nmark = \"now\"\n"
        );
        parse("test", &text, &[], &|name| Err(format!("no environment {name}"))).map_err(Box::new)
    }

    /// The figure that it expects something of.
    fn figure(expect: &str) -> Result<String, String> {
        scenario(expect).map(|parsed| parsed.expect[0].figure.clone()).map_err(|error| error.to_string())
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

    #[test]
    fn options_name_a_figure_as_expectations_do() {
        let plan = scenario("lost == 0").expect("it is one").plan;
        for (text, read) in [
            ("lag.max", "lag.max"),
            ("h:lag.max", "h: lag.max"),
            ("group g: lag.max", "g: lag.max"),
            ("topic g: lag.max", "topic g: lag.max"),
            (" phase now: T: lag.max", "phase now: topic T: lag.max"),
            ("h: phase now: lost", "phase now: h: lost"),
        ] {
            assert_eq!(figure_of("--less", text, &plan).as_deref(), Ok(read), "{text}");
        }
        for (text, why) in [
            ("i: lag.max", "--less: `i:` is no scope; known are `phase LABEL:`"),
            ("phase then: lag.max", "no step is marked `then`"),
            ("T: lost", "`lost` is not counted by topic"),
            ("h: lagmax", "there is no figure `lagmax`"),
        ] {
            let error = figure_of("--less", text, &plan).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
