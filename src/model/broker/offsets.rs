//! The offsets of a broker: in memory, and as its disk last saw them (`ConsumerOffsetManager.commitOffset`,
//! `ConfigManager.persist`).

use super::Broker;
use std::collections::BTreeMap;

use crate::kernel::{Distribution, Instant};

use crate::model::disk::{DataVersion, GroupOffset};
use crate::model::event::BrokerEvent;
use crate::model::ids::ConnectionId;
use crate::model::network::Response;
use crate::model::observation::{CommitPath, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GroupIndex, Host, PlantedMistake};

/// Committed offsets by group, then by queue number.
type Table = Vec<Vec<Option<u64>>>;

/// Where two brokers differ.
#[derive(Debug)]
pub(super) struct Differing {
    /// The group.
    pub group: GroupIndex,
    /// The queue.
    pub queue: QueueIndex,
    /// What the one has.
    pub here: Option<u64>,
    /// What the other has.
    pub there: Option<u64>,
}

/// Memory and disk.
#[derive(Debug, Default)]
pub(super) struct Offsets {
    memory: Table,
    /// `consumerOffset.json`; while it is written the one before, which is `.bak` then.
    disk: Table,
    /// What is being written.
    under_way: Option<(Table, DataVersion, Vec<u64>)>,
    /// By queues of the revive topic: which record of each comes next (`CID_RMQ_SYS_REVIVE_GROUP`); as the disk has it.
    revived: Vec<u64>,
    revived_on_disk: Vec<u64>,
    /// `dataVersion`: with every `consumerOffsetUpdateVersionStep`th commit the next; as the disk has it.
    pub(super) version: DataVersion,
    disk_version: DataVersion,
    /// `versionChangeCounter`, of this process.
    commits: u64,
    /// `resetOffsetTable`: resets that the group has not heard of; in memory only.
    resets: BTreeMap<(GroupIndex, QueueIndex), u64>,
}

impl Offsets {
    /// Which record of a queue of the revive topic comes next.
    pub(super) fn revived(&self, queue: u32) -> u64 {
        self.revived.get(queue as usize).copied().unwrap_or(0)
    }

    /// The same as a process would begin with.
    pub(super) fn revived_on_disk(&self, queue: u32) -> u64 {
        self.revived_on_disk.get(queue as usize).copied().unwrap_or(0)
    }

    /// A revive thread is done with all before this record.
    pub(super) fn put_revived(&mut self, queue: u32, next: u64) {
        let at = queue as usize;
        self.revived.resize(self.revived.len().max(at + 1), 0);
        self.revived[at] = next;
    }

    /// Another broker has the log from now on, and what this one has on its disk of it.
    pub(super) fn go_on_reviving(&mut self, other: &Self) {
        self.revived.clone_from(&other.revived_on_disk);
        self.revived_on_disk.clone_from(&other.revived_on_disk);
    }

    /// The offset that a process would begin with.
    pub(super) fn on_disk(&self, group: GroupIndex, queue: QueueIndex) -> Option<u64> {
        *self.disk.get(group.at())?.get(queue.at())?
    }

    pub(super) fn get(&self, group: GroupIndex, queue: QueueIndex) -> Option<u64> {
        *self.memory.get(group.at())?.get(queue.at())?
    }

    /// Puts an offset whatever it replaces; answers that.
    pub(super) fn put(&mut self, group: GroupIndex, queue: QueueIndex, offset: u64) -> Option<u64> {
        let (group, queue) = (group.at(), queue.at());
        if self.memory.len() <= group {
            self.memory.resize_with(group + 1, Vec::new);
        }
        if self.memory[group].len() <= queue {
            self.memory[group].resize(queue + 1, None);
        }
        self.memory[group][queue].replace(offset)
    }
}

/// `consumerOffsetUpdateVersionStep`.
const UPDATE_VERSION_STEP: u64 = 500;

impl Offsets {
    /// `commitOffset` has put one more.
    fn count_commit(&mut self, now: Instant) {
        self.commits += 1;
        if self.commits.is_multiple_of(UPDATE_VERSION_STEP) {
            self.version = self.version.raised(now);
        }
    }

    /// `BrokerPreOnlineService.syncMetadataReverse`: another broker's offsets over these, unless those here are newer.
    pub(super) fn take_over_unless_newer(&mut self, others: &[GroupOffset], version: DataVersion) {
        if self.version > version {
            return;
        }
        for &GroupOffset { group, queue, offset } in others {
            self.put(group, queue, offset);
        }
        self.version = version;
        self.disk.clone_from(&self.memory);
        self.disk_version = version;
    }

    /// All that is stored.
    pub(super) fn all(&self) -> Vec<GroupOffset> {
        let memory = GroupIndex::number(&self.memory);
        let of_group = |(group, queues): (GroupIndex, &Vec<Option<u64>>)| -> Vec<_> {
            QueueIndex::number(queues)
                .filter_map(|(queue, offset)| Some(GroupOffset { group, queue, offset: (*offset)? }))
                .collect()
        };
        memory.flat_map(of_group).collect()
    }

    /// Where another broker of the name has different offsets: those here, then the other's.
    pub(super) fn differing(&self, other: &Self) -> Vec<Differing> {
        let mut keys: Vec<(GroupIndex, QueueIndex)> = Vec::new();
        for offsets in [self, other] {
            keys.extend(offsets.all().iter().map(|row| (row.group, row.queue)));
        }
        keys.sort_unstable();
        keys.dedup();
        let both = |(group, queue)| {
            let (here, there) = (self.get(group, queue), other.get(group, queue));
            Differing { group, queue, here, there }
        };
        keys.into_iter().map(both).filter(|row| row.here != row.there).collect()
    }

    /// What the disk has is what a process begins with. Answers what the one before had.
    fn reload(&mut self) -> Table {
        self.resets.clear();
        self.under_way = None;
        (self.version, self.commits) = (self.disk_version, 0);
        self.revived.clone_from(&self.revived_on_disk);
        std::mem::replace(&mut self.memory, self.disk.clone())
    }

    /// `cleanOffsetByTopic`: a queue is no more. Answers who had an offset, and which.
    pub fn remove(&mut self, queue: QueueIndex, forgets_resets: bool) -> Vec<(GroupIndex, u64)> {
        if forgets_resets {
            self.resets.retain(|(_, of), _| *of != queue);
        }
        let groups = GroupIndex::number(&mut self.memory);
        groups.filter_map(|(group, offsets)| Some((group, offsets.get_mut(queue.at())?.take()?))).collect()
    }

    /// `assignResetOffset`: counts at once, and the group is told at its next pull. Answers what was stored.
    pub fn assign_reset(&mut self, group: GroupIndex, queue: QueueIndex, offset: u64) -> Option<u64> {
        self.resets.insert((group, queue), offset);
        self.put(group, queue, offset)
    }

    /// `hasOffsetReset`: the group has not heard of an operator's reset.
    pub(super) fn has_reset(&self, group: GroupIndex, queue: QueueIndex) -> bool {
        self.resets.contains_key(&(group, queue))
    }

    /// `removeOffset` of a group: its queues, and what each had.
    fn remove_group(&mut self, group: GroupIndex) -> Vec<(QueueIndex, u64)> {
        self.resets.retain(|(of, _), _| *of != group);
        let queues = self.memory.get_mut(group.at()).map(std::mem::take).unwrap_or_default();
        QueueIndex::number(queues).filter_map(|(queue, offset)| Some((queue, offset?))).collect()
    }
}

impl Outside<'_> {
    /// The consumer of a group that uses a connection.
    pub(in crate::model) fn consumer_of(&self, connection: ConnectionId, group: GroupIndex) -> Option<ConsumerIndex> {
        match self.role(self.connections[connection].client) {
            Host::Consumer(consumer) => {
                let table = self.instances.consumers(consumer);
                table.iter().copied().find(|&other| self.plan.consumers[other.at()].group == group)
            }
            _ => None,
        }
    }
}

impl Broker {
    /// `commitOffset`: an unconditional put, from anyone, smaller values included.
    pub(super) fn commit(
        &mut self,
        out: &mut Outside<'_>,
        group: GroupIndex,
        queue: QueueIndex,
        offset: u64,
        by: Option<ConsumerIndex>,
        path: CommitPath,
    ) {
        let broker = self.index;
        if self.offsets.get(group, queue) > Some(offset) {
            if out.offsets_count_for(broker, group) {
                out.see(Observation::CommitArrived { broker, queue, offset });
            }
            let carried = path == CommitPath::PullPiggyback;
            if out.planted(PlantedMistake::CommitsOnlyGoUp)
                || (carried && out.planted(PlantedMistake::PiggybackOnlyRaises))
            {
                return;
            }
        }
        let now = out.broker_clock(broker);
        let offsets = &mut self.offsets;
        let previous = offsets.put(group, queue, offset);
        offsets.count_commit(now);
        if previous != Some(offset) && out.offsets_count_for(broker, group) {
            let audience = out.names.audience_of_group(group);
            out.see(Observation::Committed { audience, queue, offset, previous, by, path });
        }
    }

    /// The offsets of a group are deleted with it.
    pub(super) fn remove_offsets(&mut self, out: &mut Outside<'_>, group: GroupIndex) {
        for (queue, previous) in self.offsets.remove_group(group) {
            let (previous, path) = (Some(previous), CommitPath::GroupDeleted);
            if out.brokers_remember(group) {
                let audience = out.names.audience_of_group(group);
                out.see(Observation::Committed { audience, queue, offset: 0, previous, by: None, path });
            }
        }
    }

    /// `UPDATE_CONSUMER_OFFSET`: ignored while the group has not heard of an operator's reset, or where the group or the
    /// topic is not there, unless an older broker does not look.
    pub(super) fn update_offset_arrived(
        &mut self,
        out: &mut Outside<'_>,
        GroupOffset { group, queue, offset }: GroupOffset,
        by: Option<ConsumerIndex>,
        path: CommitPath,
    ) {
        let reset = self.offsets.has_reset(group, queue);
        let rules = &self.settings(out).rules;
        let group_there = !rules.check_group_of_commit || self.has_group(out, group);
        let topic_there = || out.has_topic_of(queue) && !self.is_without_topics(out);
        if !reset && group_there && (!rules.check_topic_of_commit || topic_there()) {
            self.commit(out, group, queue, offset, by, path);
        }
    }

    /// `queryThenEraseResetOffset`: the first pull after a reset is told where to go on.
    pub(super) fn take_reset(&mut self, group: GroupIndex, queue: QueueIndex) -> Option<u64> {
        let resets = &mut self.offsets.resets;
        if resets.is_empty() { None } else { resets.remove(&(group, queue)) }
    }

    /// `QUERY_CONSUMER_OFFSET`: without a stored offset a queue that still begins with entry 0, and has it in
    /// memory, answers 0; at an older broker one that begins with entry 0, or is empty, and has it not on the disk alone.
    pub(super) fn query_offset(&self, out: &Outside<'_>, group: GroupIndex, queue: QueueIndex) -> Response {
        let log = &out.logs[out.log_of(self.index).at()];
        let zero = match self.settings(out).rules.zero_unless_on_disk {
            true => !log.begins_on_disk(queue),
            false => log.begins_in_memory(queue),
        };
        match self.offsets.get(group, queue) {
            Some(offset) => Response::Offset { offset: Some(offset), assumed: false },
            None if zero => Response::Offset { offset: Some(0), assumed: true },
            None => Response::Offset { offset: None, assumed: false },
        }
    }

    /// `ConfigManager.persist`: the file becomes `.bak`, and a new one is written. A process that is killed meanwhile
    /// leaves a part, and the next one reads `.bak`.
    pub(super) fn flush_offsets(&mut self, out: &mut Outside<'_>) {
        let takes = match out.environment().offsets_write {
            Distribution::ZERO => return self.write_offsets(out),
            ref takes => takes.draw(&mut out.environment_stream),
        };
        if self.offsets.under_way.is_none() {
            let offsets = &mut self.offsets;
            offsets.under_way = Some((offsets.memory.clone(), offsets.version, offsets.revived.clone()));
            out.after(takes, self.in_this_life(out, BrokerEvent::OffsetsWritten));
        }
    }

    /// `consumerOffset.json` is complete.
    pub(super) fn offsets_written(&mut self, out: &mut Outside<'_>) {
        if let Some(written) = self.offsets.under_way.take()
            && !out.planted(PlantedMistake::OffsetFlushSkipped)
        {
            (self.offsets.disk, self.offsets.disk_version, self.offsets.revived_on_disk) = written;
            out.see(Observation::OffsetsFlushed { broker: self.index });
        }
    }

    /// All at once: where writing takes no time, and at the end of a process that waits for it.
    pub(super) fn write_offsets(&mut self, out: &mut Outside<'_>) {
        if out.planted(PlantedMistake::OffsetFlushSkipped) {
            return;
        }
        let offsets = &mut self.offsets;
        offsets.disk.clone_from(&offsets.memory);
        offsets.disk_version = offsets.version;
        offsets.revived_on_disk.clone_from(&offsets.revived);
        out.see(Observation::OffsetsFlushed { broker: self.index });
    }

    /// A booting broker knows what its disk knows; others' offsets have counted meanwhile.
    pub(super) fn reload_offsets_unseen(&mut self) {
        self.offsets.reload();
    }

    /// A booting broker knows what its disk knows.
    pub(super) fn reload_offsets(&mut self, out: &mut Outside<'_>) {
        let broker = self.index;
        let lost = self.offsets.reload();
        for (group, queues) in GroupIndex::number(&lost) {
            for (queue, &previous) in QueueIndex::number(queues) {
                let kept = self.offsets.get(group, queue);
                if previous != kept && out.offsets_count_for(broker, group) {
                    let (offset, path) = (kept.unwrap_or(0), CommitPath::BrokerRestart);
                    let audience = out.names.audience_of_group(group);
                    out.see(Observation::Committed { audience, queue, offset, previous, by: None, path });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `BrokerPreOnlineService.syncMetadataReverse`: `getDataVersion().compare(...) <= 0`.
    #[test]
    fn anothers_offsets_are_taken_unless_those_here_have_the_newer_version() {
        for (commits_here, commits_there, taken) in [(0, 0, true), (499, 0, true), (500, 0, false), (500, 500, true)] {
            let (mut here, mut there) = (Offsets::default(), Offsets::default());
            here.put(GroupIndex(0), QueueIndex(0), 5);
            (0..commits_here).for_each(|_| here.count_commit(Instant::from_millis(1)));
            (0..commits_there).for_each(|_| there.count_commit(Instant::from_millis(2)));
            here.take_over_unless_newer(
                &[GroupOffset { group: GroupIndex(0), queue: QueueIndex(0), offset: 9 }],
                there.version,
            );
            assert_eq!(
                here.get(GroupIndex(0), QueueIndex(0)),
                Some(if taken { 9 } else { 5 }),
                "{commits_here} and {commits_there} commits"
            );
        }
    }
}
