//! Where groups are in their queues: `consumerProgress -g` and `brokerConsumeStats`.

use super::header::{Table, width};
use super::rows::{
    self, CUT, RETRY, Row, call_of, first_row, has, is_figure, may_be_cut, offset, queue_id, refuse, whole,
};
use crate::import::fact::{Fact, QueueName};
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// Lines under the tables of `consumerProgress` and `topicStatus`, in all versions.
pub(crate) const TOTALS: [&str; 5] =
    ["Consume TPS:", "Consume Diff Total:", "Consume Inflight Total:", "Diff Total:", "Topic Put TPS:"];

/// Topic, broker, queue id, `brokerOffset` and `consumerOffset`: the first columns of a row of `consumerProgress`.
pub(crate) fn queue_and_offsets<'a>(columns: &[&'a str]) -> Option<(&'a str, &'a str, u32, i64, i64)> {
    let [topic, broker, id, broker_offset, consumer_offset, ..] = columns else { return None };
    Some((topic, broker, queue_id(id)?, offset(broker_offset)?, offset(consumer_offset)?))
}

/// `mqadmin consumerProgress -g` (`ConsumerProgressSubCommand`): up to 4.9.2 with columns of 32 characters, from then on of
/// 64; `#Client IP` with `-s true`, and always in 4.1 and 4.2; `#Inflight` and other totals since 5.1.
pub struct ConsumerProgress;

/// What stands for a client where none has the queue, up to 4.2 and from then on.
const NOBODY: [&str; 2] = ["NA", "N/A"];

/// The command of it.
const COMMAND: &[&str] = &["consumerProgress"];

/// Which columns there are behind the offsets.
struct Layout {
    client_ip: bool,
    inflight: bool,
    topic_widths: Vec<usize>,
}

impl Layout {
    fn of(header: &str) -> Self {
        let has = |word: &str| header.split_whitespace().any(|own| own == word);
        // Where blanks were lost, either width is possible.
        let topic_widths = width(header, "#Topic").map_or(vec![32, 64], |width| vec![width]);
        Self { client_ip: has("#Client"), inflight: has("#Inflight"), topic_widths }
    }

    /// That of a row whose header is cut off, as by `grep`: `#Diff` is the column that the offsets differ by.
    fn of_row(columns: &[&str]) -> Option<Self> {
        let (.., broker_offset, consumer_offset) = queue_and_offsets(columns)?;
        let difference = i128::from(broker_offset) - i128::from(consumer_offset);
        let at = (5..7).find(|at| columns.get(*at).is_some_and(|column| column.parse::<i128>() == Ok(difference)))?;
        let inflight = columns.get(at + 1).is_some_and(|column| offset(column).is_some());
        Some(Self { client_ip: at == 6, inflight, topic_widths: vec![32, 64] })
    }
}

/// The columns behind the offsets.
struct Rest<'a> {
    client_ip: Option<&'a str>,
    inflight: Option<i64>,
    last_time: Option<String>,
}

/// Reads them; `difference` is what `#Diff` has to be.
fn rest<'a>(columns: &[&'a str], layout: &Layout, difference: i128) -> Result<Rest<'a>, &'static str> {
    let mut columns = columns.iter().copied();
    let client_ip = if layout.client_ip { Some(columns.next().ok_or(CUT)?) } else { None };
    let said = columns.next().ok_or(CUT)?;
    if said.parse::<i128>() != Ok(difference) {
        return Err("#Diff is not what its offsets differ by");
    }
    let inflight = if layout.inflight { Some(columns.next().and_then(offset).ok_or(CUT)?) } else { None };
    let time: Vec<&str> = columns.collect();
    if time.len() > 2 {
        return Err("there are more columns than the header has");
    }
    let last_time = Some(time.join(" ")).filter(|time| !["", "N/A", "-"].contains(&time.as_str()));
    Ok(Rest { client_ip: client_ip.filter(|ip| !NOBODY.contains(ip)), inflight, last_time })
}

impl ConsumerProgress {
    fn row(row: &Row<'_>, layout: &Layout, section: &Section<'_>, retry: Option<&str>) -> Result<Fact, String> {
        let columns = row.words();
        let (topic, broker, id, broker_offset, consumer_offset) = queue_and_offsets(&columns).ok_or("")?;
        let call = call_of(section, COMMAND);
        let known = [call.and_then(|call| call.topic.as_deref()), retry];
        let Some(topic) = whole(topic, &layout.topic_widths, &known) else { return Err(may_be_cut("topic", topic)) };
        if whole(broker, &[32], &[]).is_none() {
            return Err(may_be_cut("broker", broker));
        }
        let difference = i128::from(broker_offset) - i128::from(consumer_offset);
        let rest = rest(&columns[5..], layout, difference)?;
        Ok(Fact::Progress {
            group: None,
            queue: QueueName { topic: topic.to_owned(), broker: broker.to_owned(), id },
            broker_offset,
            consumer_offset,
            client_ip: rest.client_ip.map(str::to_owned),
            inflight: rest.inflight,
            last_time: rest.last_time,
        })
    }
}

/// The group whose retry topic is among topics: the shortest that all others begin with, since POP has one for each
/// topic, `%RETRY%g_topic` and `%RETRY%g+topic` (`KeyBuilder.buildPopRetryTopic`).
fn group_of_retry<'a>(topics: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let groups: Vec<&str> = topics.filter_map(|topic| topic.strip_prefix(RETRY)).collect();
    let shortest = groups.iter().min_by_key(|group| group.len())?;
    let group = shortest.split('+').next()?;
    let of_it =
        |other: &&str| other.strip_prefix(group).is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '+']));
    groups.iter().all(of_it).then_some(group).filter(|group| !group.is_empty())
}

impl Reader for ConsumerProgress {
    fn name(&self) -> &'static str {
        "`mqadmin consumerProgress -g`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let row = || first_row(section).is_some_and(|row| Layout::of_row(&row.words()).is_some());
        has(section, Table::ConsumerProgress) || row()
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let (header, rows) = rows::table(section, Table::ConsumerProgress, self.name(), reading);
        let of_rows = || rows.iter().find_map(|row| Layout::of_row(&row.words()));
        let layout = Some(header).filter(|header| header.is_empty()).and_then(|_| of_rows());
        let layout = layout.unwrap_or_else(|| Layout::of(header));
        let call_group = call_of(section, COMMAND).and_then(|call| call.group.as_deref());
        let retry = call_group.map(|group| format!("{RETRY}{group}"));
        let (mut facts, mut totals) = (Vec::new(), Vec::new());
        for row in &rows {
            if let Some(total) = TOTALS.iter().find(|total| row.line.trim().starts_with(**total)) {
                totals.push((row, *total));
                continue;
            }
            match Self::row(row, &layout, section, retry.as_deref()) {
                Ok(fact) => facts.push((row.place, fact)),
                Err(why) => refuse(reading, row, self.name(), &why),
            }
        }
        let topics = facts.iter().filter_map(|(_, fact)| match fact {
            Fact::Progress { queue, .. } => Some(queue.topic.as_str()),
            _ => None,
        });
        let group = call_group.or_else(|| group_of_retry(topics)).map(str::to_owned);
        for (place, mut fact) in facts {
            if let Fact::Progress { group: own, .. } = &mut fact {
                own.clone_from(&group);
            }
            reading.fact(place, fact);
        }
        for (row, total) in totals {
            let value = row.line.trim()[total.len()..].trim();
            let (tps, diff) = match total {
                "Consume TPS:" => (Some(value.to_owned()), None),
                "Diff Total:" | "Consume Diff Total:" => (None, offset(value)),
                _ => continue,
            };
            if is_figure(value) {
                reading.fact(row.place, group_is(group.clone(), tps, diff));
            } else {
                refuse(reading, row, self.name(), "");
            }
        }
        if group.is_none() && !rows.is_empty() {
            reading.note(section.beginning(), "which group it is of is not said: keep the call with its -g");
        }
    }
}

/// What totals say of a group.
fn group_is(group: Option<String>, consume_tps: Option<String>, diff_total: Option<i64>) -> Fact {
    let (members, consume_type, message_model, consume_from_where) = (None, None, None, None);
    Fact::GroupIs { group, members, consume_type, message_model, consume_from_where, consume_tps, diff_total }
}

/// `mqadmin brokerConsumeStats` (`BrokerConsumeStatsSubCommad`): up to 4.9.2 with a topic of 32 characters, from then on of
/// 64; only queues of which something was consumed.
pub struct BrokerConsumeStats;

impl BrokerConsumeStats {
    /// The group of a row, and the columns beside it, which are those of `consumerProgress`.
    fn columns<'a>(row: &Row<'a>) -> Option<(&'a str, Vec<&'a str>)> {
        let mut columns = row.words();
        (columns.len() > 1).then(|| (columns.remove(1), columns))
    }

    fn row(row: &Row<'_>, layout: &Layout) -> Result<Fact, String> {
        let (group, queue) = Self::columns(row).ok_or("")?;
        let (topic, broker, id, broker_offset, consumer_offset) = queue_and_offsets(&queue).ok_or("")?;
        if whole(topic, &layout.topic_widths, &[]).is_none() {
            return Err(may_be_cut("topic", topic));
        }
        if whole(broker, &[32], &[]).is_none() {
            return Err(may_be_cut("broker", broker));
        }
        let difference = i128::from(broker_offset) - i128::from(consumer_offset);
        let rest = rest(&queue[5..], layout, difference)?;
        Ok(Fact::Progress {
            group: Some(group.to_owned()),
            queue: QueueName { topic: topic.to_owned(), broker: broker.to_owned(), id },
            broker_offset,
            consumer_offset,
            client_ip: None,
            inflight: None,
            last_time: rest.last_time,
        })
    }
}

impl Reader for BrokerConsumeStats {
    fn name(&self) -> &'static str {
        "`mqadmin brokerConsumeStats`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let columns = || Self::columns(&first_row(section)?);
        let row = || columns().and_then(|(_, columns)| Layout::of_row(&columns)).is_some_and(|row| !row.client_ip);
        has(section, Table::BrokerConsumeStats) || row()
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let (header, rows) = rows::table(section, Table::BrokerConsumeStats, self.name(), reading);
        let layout = Layout::of(header);
        for row in rows.iter().filter(|row| !row.line.trim().starts_with("Diff Total:")) {
            match Self::row(row, &layout) {
                Ok(fact) => reading.fact(row.place, fact),
                Err(why) => refuse(reading, row, self.name(), &why),
            }
        }
    }
}
