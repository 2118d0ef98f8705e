//! Topics with their queues: `topicRoute -l` and `topicStatus`.

use super::header::Table;
use super::progress::TOTALS;
use super::rows::{
    self, CUT, Row, call_of, called, first_row, has, is_address, is_figure, may_be_cut, offset, queue_id, refuse, whole,
};
use crate::import::fact::{BrokerRef, Fact};
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// `mqadmin topicRoute -l` (`TopicRouteSubCommand.printData`), since 4.9: the numbers of queues that are read and written
/// stand apart.
pub struct TopicRouteList;

/// A row: `cluster broker {0=10.0.0.1:10911, 1=..} readQueueNums writeQueueNums perm`.
struct Route<'a> {
    cluster: Option<&'a str>,
    broker: &'a str,
    addresses: Vec<(u64, &'a str)>,
    read_queues: u32,
    write_queues: u32,
    perm: u8,
}

impl<'a> Route<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let (before, rest) = line.split_once('{')?;
        let (addresses, after) = rest.split_once('}')?;
        let (cluster, broker) = match before.split_whitespace().collect::<Vec<_>>()[..] {
            [cluster, broker] => (Some(cluster), broker),
            _ => return None,
        };
        let [read, write, perm] = after.split_whitespace().collect::<Vec<_>>()[..] else { return None };
        let address = |text: &'a str| {
            let (id, address) = text.trim().split_once('=')?;
            Some((id.parse().ok()?, Some(address).filter(|address| is_address(address))?))
        };
        let addresses = addresses.split(',').filter(|text| !text.trim().is_empty()).map(address);
        Some(Self {
            cluster: cluster.filter(|cluster| *cluster != "null"),
            broker,
            addresses: addresses.collect::<Option<_>>()?,
            read_queues: queue_id(read)?,
            write_queues: queue_id(write)?,
            perm: perm.parse().ok()?,
        })
    }
}

impl Reader for TopicRouteList {
    fn name(&self) -> &'static str {
        "`mqadmin topicRoute -l`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        has(section, Table::TopicRouteList)
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let topic = call_of(section, &["topicRoute"]).and_then(|call| call.topic.as_deref());
        for row in &rows::table(section, Table::TopicRouteList, self.name(), reading).1 {
            let line = row.line.trim();
            if line.starts_with("Total:") || line.bytes().all(|byte| byte == b'-') {
                continue;
            }
            let Some(route) = Route::of(line) else {
                refuse(reading, row, self.name(), "");
                continue;
            };
            let (cluster, name) = (route.cluster.map(str::to_owned), route.broker.to_owned());
            for (id, address) in route.addresses {
                let (cluster, name, id, address) = (cluster.clone(), name.clone(), Some(id), Some(address.to_owned()));
                reading.fact(row.place, Fact::Broker { cluster, name, id, address, version: None, activated: None });
            }
            let Some(topic) = topic.map(str::to_owned) else { continue };
            let (broker, read_queues, write_queues) =
                (BrokerRef::Name(name), Some(route.read_queues), Some(route.write_queues));
            reading.fact(row.place, Fact::TopicAt { topic, broker, read_queues, write_queues, perm: Some(route.perm) });
        }
        if topic.is_none() {
            reading.note(section.beginning(), "which topic it is of is not said: keep the call with its -t");
        }
    }
}

/// `mqadmin topicStatus` (`TopicStatusSubCommand`): the broker's name is cut after 32 characters, a total stands below
/// since 5.3.3. Up to 5.2 its rows are the queues that are written, from 5.3.0 as many as there are of either kind
/// (`AdminBrokerProcessor.getTopicStatsInfo`), so that a row says no more than that there is a queue.
pub struct TopicStatus;

/// Broker, queue id, `minOffset` and `maxOffset`: the first columns of a row.
pub(crate) fn queue_and_range<'a>(columns: &[&'a str]) -> Option<(&'a str, u32, i64, i64)> {
    let [broker, id, min, max, ..] = columns else { return None };
    Some((broker, queue_id(id)?, offset(min)?, offset(max)?))
}

impl TopicStatus {
    fn row(row: &Row<'_>, topic: Option<String>) -> Result<Fact, String> {
        let columns = row.words();
        let (broker, queue, min, max) = queue_and_range(&columns).ok_or("")?;
        if whole(broker, &[32], &[]).is_none() {
            return Err(may_be_cut("broker", broker));
        }
        let last_updated = match columns[4..] {
            [] => None,
            [day, time] => Some(format!("{day} {time}")),
            [_] => return Err(CUT.to_owned()),
            _ => return Err("there are more columns than the header has".to_owned()),
        };
        Ok(Fact::QueueRange { topic, broker: broker.to_owned(), queue, min, max, last_updated })
    }
}

impl Reader for TopicStatus {
    fn name(&self) -> &'static str {
        "`mqadmin topicStatus`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let row = || first_row(section).is_some_and(|row| queue_and_range(&row.words()).is_some());
        has(section, Table::TopicStatus) || called(section, "topicStatus") && row()
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let topic = call_of(section, &["topicStatus"]).and_then(|call| call.topic.as_deref());
        for row in &rows::table(section, Table::TopicStatus, self.name(), reading).1 {
            let total = TOTALS.iter().find_map(|total| row.line.trim().strip_prefix(total));
            if total.is_some_and(|figure| is_figure(figure.trim())) {
                continue;
            }
            match Self::row(row, topic.map(str::to_owned)) {
                Ok(fact) => reading.fact(row.place, fact),
                Err(why) => refuse(reading, row, self.name(), &why),
            }
        }
        if topic.is_none() {
            reading.note(section.beginning(), "which topic it is of is not said: keep the call with its -t");
        }
    }
}
