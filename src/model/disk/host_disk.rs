//! Disks of the machines that consumers run on: they outlive processes, and processes of one machine share them.
//!
//! The store writes in one go (`offset::LocalFileOffsetStore`), a real process in two writes that take time. So the
//! latest write of each process is remembered until its time is up: a process that dies before is given back the disk
//! as it was, and writes again as far as it had come.

use std::collections::BTreeMap;

use crate::kernel::{Instant, Span};
use crate::model::observation::QueueIndex;
use crate::model::plan::{ConsumerIndex, Plan};
use crate::offset::{Disk, FileSystem, string_to_file};

/// A write of both files that is not over yet.
#[derive(Debug)]
struct Writing {
    path: String,
    began: Instant,
    takes: Span,
    /// The main file and its copy before.
    former: [Option<Vec<u8>>; 2],
}

/// One disk.
#[derive(Debug, Default)]
struct Machine {
    disk: Disk,
    /// What the offset files say, by path and queue: for observations only.
    saved: BTreeMap<(String, QueueIndex), u64>,
}

/// The disks of all machines.
#[derive(Debug)]
pub(in crate::model) struct HostDisks {
    /// Position of its machine, by consumer.
    machine_of: Vec<usize>,
    machines: Vec<Machine>,
    writing: BTreeMap<ConsumerIndex, Writing>,
}

/// Where the copy of an offset file stands.
fn backup(path: &str) -> String {
    format!("{path}.bak")
}

impl HostDisks {
    /// Empty disks, one for each machine of the plan.
    pub fn new(plan: &Plan) -> Self {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut machine_of = Vec::with_capacity(plan.consumers.len());
        for consumer in &plan.consumers {
            let next = numbers.len();
            machine_of.push(*numbers.entry(consumer.machine.as_str()).or_insert(next));
        }
        let machines = (0..numbers.len()).map(|_| Machine::default()).collect();
        Self { machine_of, machines, writing: BTreeMap::new() }
    }

    /// The disk of the machine that a consumer runs on.
    pub fn disk(&mut self, consumer: ConsumerIndex) -> &mut Disk {
        &mut self.machines[self.machine_of[consumer.at()]].disk
    }

    /// A file on the machine that a consumer runs on.
    pub fn read(&self, consumer: ConsumerIndex, path: &str) -> Option<Vec<u8>> {
        self.machines[self.machine_of[consumer.at()]].disk.read(path)
    }

    /// The disk is another, empty one.
    pub fn empty(&mut self, consumer: ConsumerIndex) {
        self.writing.remove(&consumer);
        self.machines[self.machine_of[consumer.at()]] = Machine::default();
    }

    /// A write of this process begins: what the files hold now is kept until its end.
    pub fn begin_write(&mut self, consumer: ConsumerIndex, path: &str, began: Instant, takes: Span) {
        let disk = self.disk(consumer);
        let former = [disk.read(path), disk.read(&backup(path))];
        self.writing.insert(consumer, Writing { path: path.to_owned(), began, takes, former });
    }

    /// The process ends in order, and its last write is over before.
    pub fn write_is_over(&mut self, consumer: ConsumerIndex) {
        self.writing.remove(&consumer);
    }

    /// The process died: a write that was not over leaves the bytes that had been written by then.
    pub fn process_died(&mut self, consumer: ConsumerIndex, now: Instant) {
        let Some(writing) = self.writing.remove(&consumer) else { return };
        let elapsed = now.since(writing.began);
        if elapsed >= writing.takes {
            return;
        }
        let disk = self.disk(consumer);
        let Some(text) = disk.read(&writing.path) else { return };
        for (path, former) in [writing.path.clone(), backup(&writing.path)].into_iter().zip(&writing.former) {
            match former {
                Some(content) => disk.place(&path, content),
                None => disk.remove(&path),
            }
        }
        let bytes = text.len() + writing.former[0].as_ref().map_or(0, Vec::len);
        let written = bytes as u128 * u128::from(elapsed.as_nanos()) / u128::from(writing.takes.as_nanos());
        disk.crash_after_bytes = Some(usize::try_from(written).expect("less than the bytes of both files"));
        // The error says that the process died; nobody is left to read it.
        let _ = string_to_file(disk, &writing.path, &String::from_utf8_lossy(&text));
        disk.crash_after_bytes = None;
    }

    /// Notes what a file says of a queue now; answers what it said before.
    pub fn note_saved(&mut self, consumer: ConsumerIndex, path: &str, queue: QueueIndex, offset: u64) -> Option<u64> {
        self.machines[self.machine_of[consumer.at()]].saved.insert((path.to_owned(), queue), offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of a process that writes "new" over "old" in 100 ms and dies after so many ms.
    fn left_after(ms: u64) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        let mut disks = HostDisks { machine_of: vec![0], machines: vec![Machine::default()], writing: BTreeMap::new() };
        disks.disk(ConsumerIndex(0)).place("f", b"old!");
        disks.begin_write(ConsumerIndex(0), "f", Instant::ZERO, Span::from_millis(100));
        string_to_file(disks.disk(ConsumerIndex(0)), "f", "newer!").expect("the disk is sound");
        disks.process_died(ConsumerIndex(0), Instant::from_millis(ms));
        (disks.disk(ConsumerIndex(0)).read("f"), disks.disk(ConsumerIndex(0)).read("f.bak"))
    }

    #[test]
    fn a_death_between_the_writes_leaves_what_had_been_written() {
        let text = |bytes: &str| Some(bytes.as_bytes().to_vec());
        for (ms, main, copy) in [
            (0, text("old!"), None),
            (20, text("old!"), text("ol")),
            (40, text("old!"), text("old!")),
            (70, text("new"), text("old!")),
            (100, text("newer!"), text("old!")),
        ] {
            assert_eq!(left_after(ms), (main, copy), "killed after {ms} ms");
        }
    }
}
