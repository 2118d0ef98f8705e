//! What all CSV files share: quoting, moments, and the columns that name a queue.

use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::QueueIndex;
use crate::report::milliseconds;
use crate::report::{Body, Report};
use crate::run::Outcome;

/// The header and the rows as the bytes of a file.
pub(super) fn sheet<'a, R, F>(header: &[&str], rows: R) -> Vec<u8>
where
    R: IntoIterator<Item = F>,
    F: IntoIterator<Item = std::borrow::Cow<'a, str>>,
{
    const MEMORY: &str = "writing into memory does not fail, and every row has the header's columns";
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect(MEMORY);
    for row in rows {
        let mut columns = 0;
        for cell in row {
            writer.write_field(cell.as_bytes()).expect(MEMORY);
            columns += 1;
        }
        assert_eq!(columns, header.len(), "a row has the columns of {header:?}");
        writer.write_record(None::<&[u8]>).expect(MEMORY);
    }
    writer.into_inner().expect(MEMORY)
}

/// The run of a report of one seed.
pub(super) fn outcome<'a>(report: &Report<'a>) -> Option<&'a Outcome> {
    match &report.body {
        Body::One { outcome, .. } => Some(outcome),
        Body::Many { .. } => None,
    }
}

/// A moment in milliseconds.
pub(super) fn ms(at: Instant) -> String {
    milliseconds(at.as_nanos())
}

/// A queue as topic, broker and queue id.
pub(super) fn queue(names: &Names, queue: QueueIndex) -> [String; 3] {
    let message_queue = names.message_queue(queue);
    [message_queue.topic.to_string(), message_queue.broker_name.to_string(), message_queue.queue_id.to_string()]
}

/// Cells from anything that is text or becomes it.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { [$(std::borrow::Cow::from($cell)),*] };
}
pub(super) use cells;
