//! Which tag each message of a recording carries.
//!
//! The recorder's producer goes round-robin over tags and over queues: of Q queues and T tags the message at offset k of the
//! queue q has the tag q + k Q, modulo T, but for where it began. Where Q and T have a common divisor, a queue carries some of
//! the tags only. Where it began is told by a consumer that wants one tag and was handed a message.

use std::collections::BTreeMap;

use super::arrivals::Piece;
use crate::trace::{Trace, What, queue_parts};

/// The tags of the messages of one topic.
pub(super) struct Tagged<'a> {
    tags: usize,
    /// Those that were written to, in the order in which the producer goes through them.
    queues: Vec<&'a str>,
    /// How far the tags are turned against the queues.
    turned: usize,
}

impl<'a> Tagged<'a> {
    /// Those of a topic of a recording.
    pub fn of(trace: &'a Trace, topic: &str) -> Self {
        let tags = &trace.header.tags;
        let mut queues: Vec<&str> = Vec::new();
        for event in &trace.events {
            if let What::Sent(run) = &event.what
                && queue_parts(&run.queue).is_ok_and(|(of, ..)| of == topic)
                && !queues.contains(&run.queue.as_str())
            {
                queues.push(&run.queue);
            }
        }
        queues.sort_unstable();
        let mut tagged = Self { tags: tags.len(), queues, turned: 0 };
        let wanted = wanted(trace);
        let told = trace.events.iter().find_map(|event| {
            let What::Took(run) = &event.what else { return None };
            let tag = wanted.get(run.who.as_deref()?)?;
            let tag = tags.iter().position(|known| known == tag)?;
            let unturned = tagged.tag_at(&run.queue, run.from)?;
            Some((tag + tags.len() - unturned) % tags.len())
        });
        tagged.turned = told.unwrap_or_default();
        tagged
    }

    /// The number of the tag of a message; `None`: of a queue that was not written to.
    fn tag_at(&self, queue: &str, offset: i64) -> Option<usize> {
        let at = self.queues.iter().position(|known| *known == queue)?;
        let round = usize::try_from(offset).ok()? % self.tags * (self.queues.len() % self.tags);
        Some((at + round + self.turned) % self.tags)
    }

    /// What of a piece carries one tag: messages that are evenly spread, too.
    pub fn part(&self, piece: &Piece<'a>, tag: usize) -> Option<Piece<'a>> {
        let has = |at: &i64| self.tag_at(piece.queue, piece.first + at) == Some(tag);
        let (mut of_tag, mut last) = ((0..piece.messages).filter(has), None);
        let first = of_tag.next()?;
        let messages = 1 + of_tag.inspect(|at| last = Some(*at)).count() as i64;
        let time = |at: i64| piece.from_ms + (piece.until_ms - piece.from_ms) * at / (piece.messages - 1).max(1);
        let (from_ms, until_ms) = (time(first), time(last.unwrap_or(first)));
        Some(Piece { queue: piece.queue, first: piece.first + first, from_ms, until_ms, messages })
    }
}

/// Consumers that want one tag only, in every of their starts.
fn wanted(trace: &Trace) -> BTreeMap<&str, &str> {
    let header = &trace.header;
    let starts = header.steps.iter().filter(|step| step.action == "start");
    let mut wanted: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for step in starts {
        let sub = step.overrides.sub.as_deref().or(header.sub.as_deref()).unwrap_or("*");
        let one = Some(sub).filter(|sub| *sub != "*" && !sub.contains('|'));
        let known = wanted.entry(&step.target).or_insert(one);
        if *known != one {
            *known = None;
        }
    }
    wanted.into_iter().filter_map(|(who, tag)| Some((who, tag?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::read;

    const HEADER: &str = r#"{"trace":1,"name":"s","rocketmq":"5.3.3","seconds":10,"topics":["T"],"brokers":["a"],"queues_per_broker":QUEUES,"allocate_strategy":"AVG","message_model":"clustering","listener":"concurrent","work_ms":0,"consume_threads":1,"await_termination_ms":0,"send_rate_per_s":1,"consume_from":"first","steps":[[0,"start","c1",{"sub":"y"}],[0,"start","c2",{"sub":"x||z"}]],"tags":TAGS}"#;

    fn tagged(queues: usize, tags: &str, took: (usize, i64)) -> Vec<Vec<usize>> {
        let mut text = HEADER.replace("QUEUES", &queues.to_string()).replace("TAGS", tags);
        for who in ["c1", "c2"] {
            text += &format!("\n{{\"t\":0,\"ev\":\"starting\",\"who\":\"{who}\",\"client\":\"1@{who}\"}}");
        }
        for queue in 0..queues {
            text += &format!(
                "\n{{\"t\":{queue},\"until\":900,\"ev\":\"sent\",\"queue\":\"T/a/{queue}\",\"from\":0,\"to\":5}}"
            );
        }
        let (queue, offset) = took;
        text += &format!(
            "\n{{\"t\":950,\"until\":950,\"ev\":\"took\",\"who\":\"c1\",\"queue\":\"T/a/{queue}\",\"from\":{offset},\"to\":{offset}}}"
        );
        let trace = read("s", "s", &text).unwrap_or_else(|error| panic!("{error}"));
        let tagged = Tagged::of(&trace, "T");
        let of_queue =
            |queue: usize| (0..6).filter_map(|offset| tagged.tag_at(&format!("T/a/{queue}"), offset)).collect();
        (0..queues).map(of_queue).collect()
    }

    #[test]
    fn tags_go_round_with_the_queues() {
        let three = r#"["x","y","z"]"#;
        // Message 0 of queue 0 has the first tag: 4 queues later it is the second's turn.
        assert_eq!(tagged(4, three, (1, 0))[..2], [vec![0, 1, 2, 0, 1, 2], vec![1, 2, 0, 1, 2, 0]]);
        // The same, begun elsewhere.
        assert_eq!(tagged(4, three, (0, 0))[0], [1, 2, 0, 1, 2, 0]);
        // A common divisor: each queue has one.
        assert_eq!(tagged(2, r#"["x","y"]"#, (0, 3)), [[1; 6], [0; 6]]);
    }

    #[test]
    fn a_part_of_a_piece_keeps_the_pace() {
        let tagged = Tagged { tags: 3, queues: vec!["T/a/0", "T/a/1", "T/a/2", "T/a/3"], turned: 0 };
        let piece = Piece { queue: "T/a/1", first: 10, from_ms: 1_000, until_ms: 1_900, messages: 10 };
        // Offsets 10 to 19 have the tags 1 + k modulo 3.
        let parts = [0, 1, 2]
            .map(|tag| tagged.part(&piece, tag).map(|part| (part.first, part.messages, part.from_ms, part.until_ms)));
        assert_eq!(parts, [Some((11, 3, 1_100, 1_700)), Some((12, 3, 1_200, 1_800)), Some((10, 4, 1_000, 1_900))]);
    }
}
