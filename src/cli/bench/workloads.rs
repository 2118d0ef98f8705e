//! What is measured: stories that people wait for, each with a name.

use std::fmt::Write;

use strum::{IntoStaticStr, VariantArray};

/// A workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Workload {
    /// A minute of ten consumers.
    MinuteOfTen,
    /// A minute of a hundred.
    MinuteOfAHundred,
    /// A minute of a thousand.
    MinuteOfAThousand,
    /// A minute of five thousand.
    MinuteOfFiveThousand,
    /// Two hundred seeds of a rolling restart of ten.
    RollingRestart,
    /// One seed of a rolling release of five hundred.
    StormOfFiveHundred,
    /// A thousand consumers that start at once.
    ThousandStartAtOnce,
    /// A thousand random clusters, watched closely.
    Fuzz,
    /// What an hour of a hundred consumers holds in memory.
    HourOfAHundred,
    /// An hour of a thousand consumers.
    HourOfAThousand,
}

/// How a workload is played.
pub(super) enum Work {
    /// A scenario, with so many seeds.
    Scenario(String, u64),
    /// So many random clusters.
    RandomClusters(u64),
}

impl Workload {
    /// Its name, for `--only`.
    pub(super) fn name(self) -> &'static str {
        self.into()
    }

    /// What it is, in a line.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::MinuteOfTen => "a minute of 10 consumers, 100 queues, 100 messages/s; one is killed",
            Self::MinuteOfAHundred => "a minute of 100 consumers, 1,000 queues, 1,000 messages/s; 10 are killed",
            Self::MinuteOfAThousand => "a minute of 1,000 consumers, 10,000 queues, 2,000 messages/s; 100 are killed",
            Self::MinuteOfFiveThousand => {
                "a minute of 5,000 consumers, 50,000 queues, 2,000 messages/s; 500 are killed"
            }
            Self::RollingRestart => "200 seeds of releases/rolling_restart_of_ten",
            Self::StormOfFiveHundred => "one seed of large/storm_of_five_hundred",
            Self::ThousandStartAtOnce => "1,000 consumers start at once on 20 brokers; two minutes",
            Self::Fuzz => "1,000 random clusters, watched by all laws",
            Self::HourOfAHundred => "an hour of 100 consumers, 1,000 queues, 10,000 messages/s",
            Self::HourOfAThousand => "an hour of 1,000 consumers, 20 brokers, 10,000 queues, 10,000 messages/s",
        }
    }

    /// How it is played.
    pub(super) fn work(self) -> Work {
        let file = |text: &str, seeds| Work::Scenario(text.to_owned(), seeds);
        match self {
            Self::MinuteOfTen => Work::Scenario(Story::minute(10).text(), 1),
            Self::MinuteOfAHundred => Work::Scenario(Story::minute(100).text(), 1),
            Self::MinuteOfAThousand => Work::Scenario(Story::minute(1_000).text(), 1),
            Self::MinuteOfFiveThousand => Work::Scenario(Story::minute(5_000).text(), 1),
            Self::RollingRestart => file(include_str!("../../../scenarios/releases/rolling_restart_of_ten.toml"), 200),
            Self::StormOfFiveHundred => file(include_str!("../../../scenarios/large/storm_of_five_hundred.toml"), 1),
            Self::ThousandStartAtOnce => {
                let story = Story { brokers: 20, consumers: 1_000, rate: 100, duration: "2m", killed: 0 };
                Work::Scenario(story.text(), 1)
            }
            Self::Fuzz => Work::RandomClusters(1_000),
            Self::HourOfAHundred => {
                let story = Story { brokers: 4, consumers: 100, rate: 10_000, duration: "1h", killed: 10 };
                Work::Scenario(story.text(), 1)
            }
            Self::HourOfAThousand => {
                let story = Story { brokers: 20, consumers: 1_000, rate: 10_000, duration: "1h", killed: 100 };
                Work::Scenario(story.text(), 1)
            }
        }
    }
}

/// A group over ten times as many queues: it starts, works, and loses some of its members.
struct Story {
    brokers: u32,
    consumers: u32,
    /// Messages a second.
    rate: u32,
    duration: &'static str,
    killed: u32,
}

impl Story {
    fn minute(consumers: u32) -> Self {
        Self { brokers: 4, consumers, rate: (consumers * 10).min(2_000), duration: "1m", killed: consumers / 10 }
    }

    fn text(&self) -> String {
        let Self { brokers, consumers, rate, duration, killed } = self;
        let names: Vec<String> = (1..=*brokers).map(|number| format!("\"b{number}\"")).collect();
        let (names, queues) = (names.join(", "), (consumers * 10).div_ceil(*brokers));
        let mut text = format!(
            "title = \"bench\"\nquestion = \"How fast?\"\nduration = \"{duration}\"\nbrokers = [{names}]\n\n[[topics]]\nname = \"T\"\nqueues = {queues}\n\n[[producers]]\ntopic = \"T\"\nrate = \"{rate}/s\"\n\n[[groups]]\nname = \"g\"\ntopics = [\"T\"]\ncount = {consumers}\n"
        );
        for consumer in 1..=*killed {
            write!(text, "\n[[timeline]]\nat = \"40s\"\naction = \"kill\"\nconsumer = \"c{consumer}\"\n")
                .expect("a string takes every write");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_workload_is_a_scenario_that_can_be_played() {
        for workload in Workload::VARIANTS {
            if let Work::Scenario(text, seeds) = workload.work() {
                assert!(seeds > 0);
                let parsed = crate::scenario::parse("bench", &text, &[], &|name| Err(format!("no environment {name}")));
                assert!(parsed.is_ok(), "{}: {:?}", workload.name(), parsed.err());
            }
        }
    }
}
