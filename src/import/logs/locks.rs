//! What a broker logs of locks (`RebalanceLockManager`): before 5.0 without the names of class and fields.

use super::sentence::{Sentence, between, queue, word_behind};
use crate::import::fact::LogEvent;

/// All of them; the new ones stand before the old ones.
pub(super) static SENTENCES: &[Sentence] = &[
    Sentence { marks: ["RebalanceLockManager#", "has been locked by other client"], read: refused },
    Sentence { marks: ["RebalanceLockManager#", "has not been locked yet"], read: taken },
    Sentence { marks: ["RebalanceLockManager#", "try to lock a expired message queue"], read: taken_over },
    Sentence { marks: ["RebalanceLockManager#unlockBatch: unlock mq, ", ""], read: given_back },
    Sentence { marks: ["message queue locked by other client. Group: ", ""], read: refused_before_5 },
    Sentence { marks: ["message queue not locked, I got it. Group: ", ""], read: taken_before_5 },
    Sentence { marks: ["message queue lock expired, I got it. Group: ", ""], read: taken_before_5 },
    Sentence { marks: ["unlockBatch, Group: ", ""], read: given_back_before_5 },
];

/// What stands behind a key until the next key or the end; an id holds no comma and no space.
fn value(rest: &str, key: &str) -> Option<String> {
    word_behind(rest, key).map(str::to_owned)
}

fn refused(rest: &str) -> Option<LogEvent> {
    Some(LogEvent::LockRefused {
        group: value(rest, " group=")?,
        queue: queue(rest)?,
        holder: value(rest, "locked client id=")?,
        client_id: value(rest, "current client id=")?,
    })
}

fn taken(rest: &str) -> Option<LogEvent> {
    let client_id = value(rest, "clientId=")?;
    Some(LogEvent::LockTaken { group: value(rest, " group=")?, queue: queue(rest)?, client_id })
}

fn taken_over(rest: &str) -> Option<LogEvent> {
    let client_id = value(rest, "new client id=")?;
    Some(LogEvent::LockTaken { group: value(rest, " group=")?, queue: queue(rest)?, client_id })
}

fn given_back(rest: &str) -> Option<LogEvent> {
    let client_id = value(rest, "clientId=")?;
    Some(LogEvent::LockGivenBack { group: value(rest, "group=")?, queue: queue(rest)?, client_id })
}

fn refused_before_5(rest: &str) -> Option<LogEvent> {
    Some(LogEvent::LockRefused {
        group: rest.split(' ').next()?.to_owned(),
        queue: queue(rest)?,
        holder: between(rest, "OtherClientId: ", " ")?.to_owned(),
        client_id: between(rest, "NewClientId: ", " ")?.to_owned(),
    })
}

fn taken_before_5(rest: &str) -> Option<LogEvent> {
    let client_id = between(rest, "NewClientId: ", " ")?.to_owned();
    Some(LogEvent::LockTaken { group: rest.split(' ').next()?.to_owned(), queue: queue(rest)?, client_id })
}

fn given_back_before_5(rest: &str) -> Option<LogEvent> {
    let client_id = rest.trim_end().rsplit(' ').next()?.to_owned();
    Some(LogEvent::LockGivenBack { group: rest.split(' ').next()?.to_owned(), queue: queue(rest)?, client_id })
}
