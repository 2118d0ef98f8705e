//! The trace event format: one JSON object a line, times in microseconds
//! (<https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>).

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Part, Slice, arguments};
use crate::kernel::Instant;

/// A file that is written from its beginning to its end.
pub(super) struct Sheet<'a> {
    file: &'a mut dyn Write,
    written: bool,
}

/// Where an arrow begins or ends.
pub(super) type Place = (Part, u32, Instant);

impl<'a> Sheet<'a> {
    /// Writes what stands before the events.
    pub fn begin(file: &'a mut dyn Write, about: &Value) -> io::Result<Self> {
        write!(file, "{{\"displayTimeUnit\":\"ms\",\"otherData\":{about},\"traceEvents\":[")?;
        Ok(Self { file, written: false })
    }

    /// A group of tracks (`process_name`, `process_sort_index`).
    pub fn part(&mut self, part: Part, name: &str) -> io::Result<()> {
        let pid = part.number();
        self.event(&json!({"ph": "M", "name": "process_name", "pid": pid, "args": {"name": name}}))?;
        self.event(&json!({"ph": "M", "name": "process_sort_index", "pid": pid, "args": {"sort_index": pid}}))
    }

    /// A track (`thread_name`, `thread_sort_index`).
    pub fn track(&mut self, part: Part, tid: u32, name: &str) -> io::Result<()> {
        let pid = part.number();
        self.event(&json!({"ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "args": {"name": name}}))?;
        let index = json!({"sort_index": tid});
        self.event(&json!({"ph": "M", "name": "thread_sort_index", "pid": pid, "tid": tid, "args": index}))
    }

    /// A stretch (a complete event).
    pub fn slice(&mut self, part: Part, tid: u32, slice: &Slice) -> io::Result<()> {
        self.event(&json!({
            "ph": "X",
            "name": slice.name,
            "cat": if slice.mark.is_some() { "moment" } else { "stretch" },
            "pid": part.number(),
            "tid": tid,
            "ts": microseconds(slice.from),
            "dur": microseconds(Instant::ZERO + slice.until.since(slice.from)),
            "args": arguments(&slice.arguments),
        }))
    }

    /// From what led to something to that (two flow events).
    pub fn arrow(&mut self, number: usize, cause: Place, effect: Place) -> io::Result<()> {
        for (phase, (part, tid, at)) in [("s", cause), ("f", effect)] {
            let mut event = json!({
                "ph": phase,
                "name": "led to",
                "cat": "cause",
                "id": number,
                "pid": part.number(),
                "tid": tid,
                "ts": microseconds(at),
            });
            if phase == "f" {
                // It ends at the slice around it, and not at the next one.
                event["bp"] = "e".into();
            }
            self.event(&event)?;
        }
        Ok(())
    }

    /// A line through all tracks (an instant event of global scope).
    pub fn moment(&mut self, at: Instant, name: &str) -> io::Result<()> {
        let pid = Part::Story.number();
        self.event(&json!({
            "ph": "i", "name": name, "cat": "step", "s": "g", "pid": pid, "tid": 0, "ts": microseconds(at),
        }))
    }

    /// Writes what stands behind the events.
    pub fn end(self) -> io::Result<()> {
        self.file.write_all(b"\n]}\n")
    }

    fn event(&mut self, event: &Value) -> io::Result<()> {
        let between = if std::mem::replace(&mut self.written, true) { ",\n" } else { "\n" };
        write!(self.file, "{between}{event}")
    }
}

/// The nearest number to nanoseconds in microseconds: up to 285 years it prints with three decimals at most.
fn microseconds(at: Instant) -> f64 {
    at.as_nanos() as f64 / 1_000.0
}
