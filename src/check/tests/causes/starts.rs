//! What is said of a start that failed: what became of the process.

use super::{plan, play_plan, story};
use crate::check::AnomalyKind;
use crate::check::tests::numbers::C3;
use crate::check::tests::{ends, starts, takes};
use crate::kernel::Instant;
use crate::model::observation::Observation::StartFailed;
use crate::model::observation::{End, StartFailure};
use crate::model::plan::NameServerIndex;

#[test]
fn what_became_of_a_process_whose_start_failed_is_said() {
    let why = StartFailure::NameServerTimedOut(NameServerIndex(0));
    let throws = [starts(6_000, 2), (9_000, StartFailed { consumer: C3, why })];
    let (ended, again) = (ends(9_000, 2, End::StartFailed), starts(20_000, 2));
    let table = [
        ("it ended", vec![ended.clone()], 120_000, "it never ran again"),
        ("and again", vec![ended, again, takes(30_000, 2, 0)], 20_000, "it was started again after 11s"),
        ("it lives", vec![], 120_000, "its process went on half-started, and got no queue"),
        (
            "it consumes",
            vec![takes(40_000, 2, 0), takes(50_000, 2, 1), starts(60_000, 2)],
            40_000,
            "its process went on half-started, and its timers gave it a queue after 31s",
        ),
    ];
    for (name, then, until_ms, said) in table {
        let found = play_plan(&story(&[&throws[..], &then].concat()), &plan());
        let rows: Vec<_> = found.anomalies.iter().filter(|row| row.kind == AnomalyKind::StartFailed).collect();
        let [row] = rows[..] else { panic!("{name}: {rows:?}") };
        assert!(row.detail.ends_with(&format!("did not answer in time; {said}")), "{name}: {}", row.detail);
        let until = row.until.since(Instant::ZERO).as_millis();
        assert!(until == until_ms || until_ms == 120_000 && until > 50_000, "{name}: until {until} ms");
    }
}
