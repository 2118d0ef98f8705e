//! What would shorten a finding: the settings that govern its longest waits.

use super::around::Around;
use super::messages::Uncommitted;
use super::story::Spent;
use super::wait::{Place, Wait};
use super::walk::Walked;
use crate::kernel::Span;

/// A setting that would shorten it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// What is waited for.
    pub wait: Wait,
    /// The setting.
    pub setting: &'static str,
    /// What it says now.
    pub from: String,
    /// What to try.
    pub to: String,
    /// The path and value that `--set` takes.
    pub set: String,
}

/// A timer that ticked more often than this did so in vain: a shorter one would tick in vain more often.
const IN_VAIN: usize = 3;

/// Settings that would shorten it, that of the longest wait first. What takes less than a twentieth of the time is none, and
/// none shortens what nothing has ended.
pub(super) fn remedies(
    around: &Around<'_>,
    (walked, spent): (&[Walked<'_>], &[Spent]),
    uncommitted: Option<&Uncommitted>,
) -> Vec<Remedy> {
    if walked.iter().any(|step| step.wait == Wait::EndOfRun) {
        return Vec::new();
    }
    let in_vain = |wait: &Wait| {
        let ticks = walked.iter().filter(|step| step.wait == *wait).count();
        // Nobody knows what the tick before had not found.
        let unknown = walked.windows(2).any(|two| two[0].wait == Wait::Unknown && two[1].wait == *wait);
        ticks > IN_VAIN || unknown
    };
    let total = spent.iter().fold(Span::ZERO, |sum, row| sum + row.span).as_nanos();
    let first = uncommitted.and_then(Uncommitted::wait);
    let long =
        spent.iter().filter(|row| row.span.as_nanos() >= total / 20).map(|row| row.wait).filter(|wait| !in_vain(wait));
    // Messages come again for what is not committed, and not for how long the hand-over takes.
    let waits: Vec<Wait> = if uncommitted.is_some() { first.into_iter().collect() } else { long.collect() };
    waits.into_iter().filter_map(|wait| remedy(around, wait)).collect()
}

fn remedy(around: &Around<'_>, wait: Wait) -> Option<Remedy> {
    let governor = wait.governor().filter(|governor| governor.settable)?;
    let place = match governor.place {
        Place::Group => format!("groups.{}", around.group().at()),
        Place::Broker => "broker".to_owned(),
        Place::NameServer => "name_server".to_owned(),
    };
    let setting = governor.setting;
    let (from, to) = match (wait, wait.value(around)) {
        (Wait::BufferedNotification, _) => ("false".to_owned(), "true".to_owned()),
        // It is the one time that has to be longer: it waits for listeners that would else be cut off.
        (Wait::AwaitTermination, Some(now)) => (now.to_string(), (now + now).max(Span::from_secs(10)).to_string()),
        (_, Some(now)) if now >= Span::from_millis(2) => {
            (now.to_string(), Span::from_millis(now.as_millis() / 2).to_string())
        }
        _ => return None,
    };
    Some(Remedy { wait, setting, set: format!("{place}.{setting}={to}"), from, to })
}
