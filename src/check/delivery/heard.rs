//! What the ledgers hear of offsets, filters and logs.

use super::{BY_THE_OPERATOR, Delivery};
use crate::check::copies::LostCopy;
use crate::check::ledger::{
    ANOTHER_PROCESS, Corrected, DROPPED_FROM_THE_CACHE, Filtered, OLDER_VERSION, Passed, RetryLost, TAGS_DIFFER,
    TakenBack,
};
use crate::check::stage::FilteredBy;
use crate::check::{Cause, Key, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{CommitPath, Observation, QueueIndex, StartRule};
use crate::model::plan::{ConsumerIndex, PlantedMistake};
use crate::offset::Keeper;

impl Delivery {
    /// A broker stores an offset; `by`: who sent it, or nobody.
    pub(super) fn committed(
        &mut self,
        at: Instant,
        key: Key,
        offset: u64,
        (by, path): (Option<ConsumerIndex>, CommitPath),
        stage: &Stage,
    ) {
        let ledger = self.ledgers.of(key);
        if path == CommitPath::OperatorReset {
            self.reset.insert(key, offset);
            let never_ran = stage.audience_started(key.audience).is_none();
            let first = self.deleted.get(&key.queue).copied().unwrap_or(0);
            ledger.sent_to(offset, at, BY_THE_OPERATOR, never_ran.then_some(first));
        } else if by.is_none() && offset < ledger.committed {
            let why = match path {
                CommitPath::SlaveCopy => Cause::SlaveOffsetsAreOlder,
                CommitPath::MasterReturned => Cause::MasterReturnedWithOldOffsets,
                CommitPath::TopicDeleted => Cause::TopicDeleted,
                CommitPath::GroupDeleted => Cause::GroupDeleted,
                _ => Cause::BrokerOffsetLoss,
            };
            ledger.taken_back = Some(TakenBack { offsets: offset..ledger.committed, why });
        } else if let (Some(by), CommitPath::OffsetIllegal) = (by, path) {
            let why = if self.reset.get(&key) == Some(&offset) { BY_THE_OPERATOR } else { Cause::OffsetIllegal };
            ledger.corrected_by(by, offset, why);
        }
        ledger.commit(offset, at);
    }

    /// An owner begins somewhere.
    pub(super) fn started_at(
        &mut self,
        at: Instant,
        consumer: ConsumerIndex,
        (queue, offset): (QueueIndex, u64),
        rule: StartRule,
        (stage, names): (&Stage, &Names),
    ) {
        let key = Key::of(consumer, queue, names);
        let replicated = stage.has_slaves(names.queue(queue).broker);
        let (alone, ledger) = (names.is_one_member(key.audience), self.ledgers.of(key));
        let begun = std::mem::replace(&mut ledger.begun, true);
        ledger.begins_at(offset);
        // The master has what was committed last: only a slave, asked in its place, tells less, or that it has nothing.
        let keeper = stage.offset_store(key.audience).keeper;
        let told = matches!(rule, StartRule::Stored | StartRule::ZeroResident | StartRule::First);
        if keeper == Keeper::Brokers && replicated && told && offset < ledger.committed {
            ledger.taken_back = Some(TakenBack { offsets: offset..ledger.committed, why: Cause::SlaveOffsetsAreOlder });
        }
        // A member's own file says nothing of what others have consumed since, and nor has a new member one.
        let own_files = !alone && keeper == Keeper::OwnFile && begun;
        if own_files && offset < ledger.given.end() {
            ledger.taken_back = Some(TakenBack { offsets: offset..ledger.given.end(), why: Cause::OffsetsInOwnFiles });
        }
        let word = match rule {
            _ if own_files => Cause::OffsetsInOwnFiles,
            StartRule::Maximum => Cause::StartAtMaximum,
            StartRule::Timestamp => Cause::StartAtTimestamp,
            // The file of a `BROADCASTING` member says no more than it consumed, unless another process wrote it.
            StartRule::Stored if alone => ANOTHER_PROCESS,
            _ => return,
        };
        if alone && !begun && rule != StartRule::Stored {
            // What was sent before a `BROADCASTING` member first looked was not meant for it.
            ledger.baseline = ledger.baseline.max(offset);
        } else {
            ledger.passed.push(Passed { offsets: 0..offset, at, rule: word, by: Some(consumer) });
        }
    }

    /// A client that asked for an offset below the first goes on at the first; one that was reset, where it was sent.
    pub(super) fn corrected(
        &mut self,
        at: Instant,
        consumer: ConsumerIndex,
        queue: QueueIndex,
        (asked, corrected): (u64, u64),
        names: &Names,
    ) {
        let ledger = self.ledgers.of(Key::of(consumer, queue, names));
        // What was deleted before anybody read it is nobody's mistake but the retention's.
        let deleted = self.deleted.get(&queue).is_some_and(|min| corrected <= *min);
        let reset = self.reset.get(&Key::of_group(names.group_of(consumer), queue, names)) == Some(&corrected);
        // What it had pulled and not handed out goes too, even where it had come as far as the operator said.
        let asked = if reset { asked.min(ledger.committed) } else { asked };
        if asked == corrected {
            return;
        }
        let rule = match (reset, deleted) {
            (true, _) => BY_THE_OPERATOR,
            (_, true) => Cause::DeletedByRetention,
            _ => Cause::OffsetIllegal,
        };
        ledger.passed.push(Passed { offsets: asked..corrected, at, rule, by: Some(consumer) });
    }

    /// A client that asked for an offset beyond the end begins at the end. What it had pulled before and not consumed is
    /// dropped with its process queue, though the queue still has it.
    pub(super) fn sent_back(
        &mut self,
        at: Instant,
        consumer: ConsumerIndex,
        queue: QueueIndex,
        (asked, corrected): (u64, u64),
        (stage, names): (&Stage, &Names),
    ) {
        let reset = self.reset.get(&Key::of_group(names.group_of(consumer), queue, names)) == Some(&corrected);
        let key = Key::of(consumer, queue, names);
        let (is_former_owner, ledger) = (!stage.holds(key, consumer), self.ledgers.of(key));
        ledger.corrected = Some(Corrected { consumer, offsets: corrected..asked, is_former_owner });
        // Of two owners the other commits over it what it has had itself, and nobody begins there.
        if stage.holds_alone(key, consumer) {
            ledger.begins_at(corrected);
        }
        let rule = match (reset, is_former_owner) {
            (true, _) => BY_THE_OPERATOR,
            // What it had pulled had gone with the queue before.
            (false, true) => Cause::OffsetIllegal,
            (false, false) => DROPPED_FROM_THE_CACHE,
        };
        if ledger.committed < corrected && !stage.planted(PlantedMistake::DroppedCacheUnheard) {
            ledger.passed.push(Passed { offsets: ledger.committed..corrected, at, rule, by: Some(consumer) });
        }
    }

    /// A message is left out, because of its tag.
    pub(super) fn filtered(
        &mut self,
        at: Instant,
        consumer: ConsumerIndex,
        (queue, offset): (QueueIndex, u64),
        tag: u8,
        stage: &Stage,
        names: &Names,
    ) {
        let audience = names.audience_of(consumer);
        let wanted = stage.wants(audience, names.queue(queue).topic, tag, names);
        let found = wanted.then(|| {
            let rule = match stage.why_filtered(consumer, (queue, tag), names) {
                FilteredBy::AnOlderVersion => OLDER_VERSION,
                FilteredBy::OtherTags => TAGS_DIFFER,
                FilteredBy::Nobody => Cause::Unknown,
            };
            Filtered { at, by: consumer, rule }
        });
        self.ledgers.of(Key { audience, queue }).filtered.insert(offset, found);
    }

    /// An orderly listener gives its batch back.
    pub(super) fn put_back(&mut self, consumer: ConsumerIndex, queue: QueueIndex, why: Cause, names: &Names) {
        self.ledgers.of(Key::of(consumer, queue, names)).put_back(consumer, why);
    }

    /// What becomes of stored messages.
    pub(super) fn of_the_log(&mut self, at: Instant, what: &Observation, stage: &Stage, names: &Names) {
        let subscribers = |queue| stage.subscribers(names.queue(queue).topic);
        match *what {
            Observation::TailLost { queue, from, loss, why } => {
                self.deleted.retain(|of, min| *of != queue || *min <= from);
                self.latency.lost_from(queue, from);
                for &audience in subscribers(queue) {
                    self.ledgers.of(Key { audience, queue }).lose(from, (loss, why), at);
                }
            }
            Observation::MessageLost { queue, offset, loss, sent, .. } => {
                if sent.is_some_and(|sent| !self.copies.lost(sent, LostCopy { queue, offset, loss })) {
                    return;
                }
                let started = |audience: &&AudienceIndex| stage.audience_started(**audience).is_some();
                for &audience in subscribers(queue).iter().filter(started) {
                    self.ledgers.of(Key { audience, queue }).miss(offset);
                }
            }
            Observation::RetryLost { broker, group, origin: (queue, _), why } => {
                let ledger = self.ledgers.of(Key::of_group(group, queue, names));
                ledger.retries_lost.push(RetryLost { at, broker, why });
            }
            _ => {
                if let Some(LostCopy { queue, offset, loss }) = self.copies.heard(what) {
                    for &audience in subscribers(queue) {
                        self.ledgers.of(Key { audience, queue }).excuse(offset, loss);
                    }
                }
            }
        }
    }
}
