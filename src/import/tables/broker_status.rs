//! Runtime figures of a broker: `brokerStatus`.

use super::mark::{Mark, mark, status_row};
use super::rows::{call_of, candidates, is_address, refuse};
use crate::import::fact::{BrokerRef, Fact};
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// `mqadmin brokerStatus` (`BrokerStatusSubCommand`), `key : value` sorted by key; with `-c` the broker's address stands
/// in front. Which keys there are differs (`AdminBrokerProcessor.prepareRuntimeInfo`), their lines do not.
pub struct BrokerStatus;

impl Reader for BrokerStatus {
    fn name(&self) -> &'static str {
        "`mqadmin brokerStatus`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        section.lines.iter().any(|(_, line)| mark(line) == Some(Mark::BrokerStatus))
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let call = call_of(section, &["brokerStatus"]).and_then(|call| call.broker_address.as_deref());
        let called = call.filter(|address| is_address(address));
        let mut known = true;
        for row in &candidates(section, self.name(), reading) {
            let Some((address, key, value)) = status_row(row.line) else {
                refuse(reading, row, self.name(), "");
                continue;
            };
            let Some(address) = address.or(called) else {
                known = false;
                continue;
            };
            let (broker, key, value) = (BrokerRef::Address(address.to_owned()), key.to_owned(), value.to_owned());
            reading.fact(row.place, Fact::BrokerStatus { broker, key, value });
        }
        if !known {
            reading.note(section.beginning(), "which broker it is of is not said: keep the call with its -b");
        }
    }
}
