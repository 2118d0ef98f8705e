//! Cases of `compare_to` and `message_queue`: how queues and ids compare, sort and print.

use serde::Deserialize;
use serde_json::Value;

use super::{Checked, Outcome, Subject, compare, read};
use crate::strategy::{ClientId, MessageQueue};

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum OrderingCase {
    MqSort { input: Vec<MessageQueue>, sorted: Vec<MessageQueue> },
    CidSort { input: Vec<String>, sorted: Vec<String> },
    MqCompare { a: MessageQueue, b: MessageQueue, cmp: i32, equals: bool },
    StrCompare { a: String, b: String, cmp: i32 },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextCase {
    mq: MessageQueue,
    to_string: String,
    hash_code: i32,
}

pub(super) fn is_ordering(case: &Value) -> bool {
    ["mq_sort", "cid_sort", "mq_compare", "str_compare"].iter().any(|kind| case["kind"] == *kind)
}

pub(super) fn check(subject: &Subject, case: &Value) -> Checked {
    Ok(match read(case)? {
        OrderingCase::MqSort { mut input, sorted } => {
            (subject.sort_queues)(&mut input);
            compare("sorted", &sorted, &input)
        }
        OrderingCase::CidSort { input, sorted } => {
            let mut ids: Vec<ClientId> = input.into_iter().map(Into::into).collect();
            (subject.sort_ids)(&mut ids);
            compare("sorted", &sorted, &ids.iter().map(ToString::to_string).collect())
        }
        OrderingCase::MqCompare { a, b, cmp, equals } => {
            // The ordering that the simulator sorts by must have the sign of Java's number.
            let signs = (cmp.signum(), a.compare(&b) as i32);
            match compare("cmp", &cmp, &(subject.compare_queues)(&a, &b)) {
                Outcome::Agrees if signs.0 != signs.1 => compare("sign of the ordering", &signs.0, &signs.1),
                Outcome::Agrees => compare("equals", &equals, &(a == b)),
                differs => differs,
            }
        }
        OrderingCase::StrCompare { a, b, cmp } => compare("cmp", &cmp, &(subject.compare_strings)(&a, &b)),
    })
}

pub(super) fn text(subject: &Subject, case: &Value) -> Checked {
    let TextCase { mq, to_string, hash_code } = read(case)?;
    Ok(match compare("toString", &to_string, &(subject.queue_text)(&mq)) {
        Outcome::Agrees => compare("hashCode", &hash_code, &(subject.queue_hash_code)(&mq)),
        differs => differs,
    })
}
