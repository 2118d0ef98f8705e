//! Groups in one row each: `consumerProgress` without `-g`, `topicList -c` and `statsAll`.

use super::header::{Table, width};
use super::rows::{self, Row, called, first_row, has, is_figure, may_be_cut, offset, refuse, whole};
use crate::import::fact::Fact;
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// How wide topics and groups are printed, up to 4.9.2 and from then on.
const WIDTHS: [usize; 2] = [32, 64];

/// `mqadmin consumerProgress` without `-g` (`ConsumerProgressSubCommand`): up to 4.9.2 with a group of 32 characters, from
/// then on of 64. Type and model are blank where nobody is connected, the model where nothing is pushed.
pub struct Groups;

impl Groups {
    fn row(row: &Row<'_>, widths: &[usize]) -> Result<Fact, String> {
        let words = row.words();
        let [group, count, version, ref kind @ .., tps, diff] = words[..] else { return Err(String::new()) };
        let members = count.parse::<u32>().map_err(|_| String::new())?;
        let diff_total = offset(diff).filter(|_| is_figure(tps)).ok_or("")?;
        if whole(group, widths, &[]).is_none() {
            return Err(may_be_cut("group", group));
        }
        // The words of the table stand for those of heartbeats; PUSH without a model is neither of these two.
        let (consume_type, message_model) = match *kind {
            [] if members == 0 && version == "OFFLINE" => (None, None),
            ["PULL"] => (Some("CONSUME_ACTIVELY"), None),
            ["PUSH"] => (None, None),
            ["PUSH", model @ ("CLUSTERING" | "BROADCASTING")] => (Some("CONSUME_PASSIVELY"), Some(model)),
            _ => return Err(String::new()),
        };
        Ok(Fact::GroupIs {
            group: Some(group.to_owned()),
            members: Some(members),
            consume_type: consume_type.map(str::to_owned),
            message_model: message_model.map(str::to_owned),
            consume_from_where: None,
            consume_tps: Some(tps.to_owned()),
            diff_total: Some(diff_total),
        })
    }
}

impl Reader for Groups {
    fn name(&self) -> &'static str {
        "`mqadmin consumerProgress`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let row = || first_row(section).is_some_and(|row| Self::row(&row, &WIDTHS).is_ok());
        has(section, Table::Groups) || called(section, "consumerProgress") && row()
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let (header, rows) = rows::table(section, Table::Groups, self.name(), reading);
        let widths = width(header, "#Group").map_or(WIDTHS.to_vec(), |width| vec![width]);
        for row in &rows {
            match Self::row(row, &widths) {
                Ok(fact) => reading.fact(row.place, fact),
                Err(why) => refuse(reading, row, self.name(), &why),
            }
        }
    }
}

/// `mqadmin topicList -c` (`TopicListSubCommand`): cluster of 20 characters, topic and group of 48 up to 4.9.2 and of 64
/// from then on, under a header that stayed as narrow. The cluster is blank where none was found, the group where there
/// is none.
pub struct TopicListOfClusters;

impl TopicListOfClusters {
    fn row(row: &Row<'_>, indent: usize) -> Result<Vec<Fact>, String> {
        let words = row.words();
        let blank = row.line.len() - row.line.trim_start().len() > indent;
        let (cluster, topic, group) = match (blank, &words[..]) {
            (true, [topic]) => (None, *topic, None),
            (true, [topic, group]) => (None, *topic, Some(*group)),
            (false, [cluster, topic]) => (Some(*cluster), *topic, None),
            (false, [cluster, topic, group]) => (Some(*cluster), *topic, Some(*group)),
            _ => return Err(String::new()),
        };
        // Java prints so what it did not find.
        let cluster = cluster.filter(|cluster| *cluster != "null");
        for (what, name, widths) in
            [("cluster", cluster, &[20][..]), ("topic", Some(topic), &[48, 64]), ("group", group, &[48, 64])]
        {
            if let Some(name) = name.filter(|name| whole(name, widths, &[]).is_none()) {
                return Err(may_be_cut(what, name));
            }
        }
        let topic = topic.to_owned();
        let mut facts = vec![Fact::Topic { topic: topic.clone(), cluster: cluster.map(str::to_owned) }];
        if let Some(group) = group {
            facts.push(Fact::TopicOfGroup { group: group.to_owned(), topic, accumulation: None });
        }
        Ok(facts)
    }
}

impl Reader for TopicListOfClusters {
    fn name(&self) -> &'static str {
        "`mqadmin topicList -c`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        has(section, Table::TopicListOfClusters)
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let (header, rows) = rows::table(section, Table::TopicListOfClusters, self.name(), reading);
        let indent = header.len() - header.trim_start().len();
        for row in &rows {
            match Self::row(row, indent) {
                Ok(facts) => facts.into_iter().for_each(|fact| reading.fact(row.place, fact)),
                Err(why) => refuse(reading, row, self.name(), &why),
            }
        }
    }
}

/// `mqadmin statsAll` (`StatsAllSubCommand`): topic and group of 32 characters up to 4.9.2, of 64 from then on; a topic
/// that nobody consumes has a blank group and rate, and `NO_CONSUMER`.
pub struct StatsAll;

impl StatsAll {
    fn row(row: &Row<'_>, widths: &[usize]) -> Result<Vec<Fact>, String> {
        let words = row.words();
        let (topic, group, accumulation) = match words[..] {
            [topic, "0", in_tps, in_messages, "NO_CONSUMER"] if is_figure(in_tps) && is_figure(in_messages) => {
                (topic, None, None)
            }
            [topic, group, accumulation, ref figures @ ..]
                if figures.len() == 4 && figures.iter().all(|figure| is_figure(figure)) =>
            {
                (topic, Some(group), Some(offset(accumulation).ok_or("")?))
            }
            _ => return Err(String::new()),
        };
        for (what, name) in [("topic", Some(topic)), ("group", group)] {
            if let Some(name) = name.filter(|name| whole(name, widths, &[]).is_none()) {
                return Err(may_be_cut(what, name));
            }
        }
        let topic = topic.to_owned();
        let mut facts = vec![Fact::Topic { topic: topic.clone(), cluster: None }];
        if let Some(group) = group {
            facts.push(Fact::TopicOfGroup { group: group.to_owned(), topic, accumulation });
        }
        Ok(facts)
    }
}

impl Reader for StatsAll {
    fn name(&self) -> &'static str {
        "`mqadmin statsAll`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let row = || first_row(section).is_some_and(|row| Self::row(&row, &WIDTHS).is_ok());
        has(section, Table::StatsAll) || called(section, "statsAll") && row()
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let (header, rows) = rows::table(section, Table::StatsAll, self.name(), reading);
        let widths = width(header, "#Topic").map_or(WIDTHS.to_vec(), |width| vec![width]);
        for row in &rows {
            match Self::row(row, &widths) {
                Ok(facts) => facts.into_iter().for_each(|fact| reading.fact(row.place, fact)),
                Err(why) => refuse(reading, row, self.name(), &why),
            }
        }
    }
}
