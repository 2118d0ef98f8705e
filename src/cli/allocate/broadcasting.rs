//! A `BROADCASTING` group: nothing is allocated, every member has every queue (`RebalanceImpl.rebalanceByTopic`).

use serde_json::json;

use super::super::{Answer, Failure, Verdict, terminal};
use super::input::Input;
use super::{Format, Typed};
use crate::allocation::Members;
use crate::report::grouped;

impl Typed {
    /// Says so, instead of asking a strategy that the members do not ask.
    pub(super) fn broadcasting(&self, input: &Input) -> Answer {
        if self.out.is_some() {
            return Err(Failure::bad_input(
                "the group is BROADCASTING: there is no allocation to write; leave out --out",
            ));
        }
        let after = input.change.as_ref().map(|change| change.after(&input.question.members)).transpose();
        let after = after.map_err(Failure::bad_input)?;
        let members = after.as_ref().unwrap_or(&input.question.members);
        terminal::print(&match self.format {
            Format::Text => text(input, members),
            Format::Csv => csv(input, members),
            Format::Json => json(input, members),
        })?;
        Ok(Verdict::Held)
    }
}

fn text(input: &Input, members: &Members) -> String {
    let (queues, ids) = (input.question.queues.all().len() as u64, members.seats());
    let mut text = format!(
        "BROADCASTING: every member has all {} queues; no strategy is asked and nothing moves\n{} members\n",
        grouped(queues),
        grouped(ids.len() as u64)
    );
    for id in ids {
        text += &format!("  {id}: {}\n", grouped(queues));
    }
    text
}

fn csv(input: &Input, members: &Members) -> String {
    const MEMORY: &str = "writing into memory does not fail, and every row has the header's columns";
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["client_id", "message_model", "queues"]).expect(MEMORY);
    let queues = input.question.queues.all().len().to_string();
    members.seats().iter().for_each(|id| writer.write_record([&**id, "BROADCASTING", &queues]).expect(MEMORY));
    String::from_utf8(writer.into_inner().expect(MEMORY)).expect("text makes text")
}

fn json(input: &Input, members: &Members) -> String {
    let queues: Vec<String> = input.question.queues.all().iter().map(ToString::to_string).collect();
    let ids: Vec<&str> = members.seats().iter().map(|id| &**id).collect();
    let value = json!({ "message_model": "BROADCASTING", "queues_of_every_member": queues, "members": ids });
    serde_json::to_string_pretty(&value).expect("names make JSON") + "\n"
}
