//! Lists of names alone, which are known by their call only: `topicList` and `topicClusterList`.

use super::rows::{Row, called, candidates, refuse};
use crate::import::fact::Fact;
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// A name as topics and clusters have it (`TopicValidator`, which is laxer for names that are already there).
fn name<'a>(row: &Row<'a>) -> Option<&'a str> {
    let line = row.line.trim();
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"%_-|.+:$*".contains(&byte);
    line.bytes().all(usual).then_some(line)
}

/// `mqadmin topicList` without `-c` (`TopicListSubCommand`), the same in all versions.
pub struct TopicList;

impl Reader for TopicList {
    fn name(&self) -> &'static str {
        "`mqadmin topicList`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        called(section, "topicList")
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        for row in &candidates(section, self.name(), reading) {
            match name(row) {
                Some(topic) => reading.fact(row.place, Fact::Topic { topic: topic.to_owned(), cluster: None }),
                None => refuse(reading, row, self.name(), ""),
            }
        }
    }
}

/// `mqadmin topicClusterList` (`TopicClusterSubCommand`), the same in all versions.
pub struct TopicClusterList;

impl Reader for TopicClusterList {
    fn name(&self) -> &'static str {
        "`mqadmin topicClusterList`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        called(section, "topicClusterList")
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let Some(topic) = section.call.as_ref().and_then(|call| call.topic.as_deref()) else {
            return reading.note(section.beginning(), "which topic it is of is not said: keep the call with its -t");
        };
        for row in &candidates(section, self.name(), reading) {
            match name(row) {
                Some(cluster) => {
                    let (topic, cluster) = (topic.to_owned(), Some(cluster.to_owned()));
                    reading.fact(row.place, Fact::Topic { topic, cluster });
                }
                None => refuse(reading, row, self.name(), ""),
            }
        }
    }
}
