//! A story as rows of words: what its text and its page have in common.

use serde::Serialize;

use super::{Explained, governed, size};
use crate::check::Cause;
use crate::explain::{Line, Spent, Wait};
use crate::kernel::{Instant, Span};
use crate::report::wording::{printable_line, words};

/// A story in words.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Told {
    /// What it is and how large.
    pub size: String,
    /// The queue and its group.
    pub place: String,
    pub from: String,
    pub until: String,
    /// What the checks say of it.
    pub cause: String,
    /// What of it the lines tell, where that is not all; else empty.
    pub below: &'static str,
    /// What had become of the one that held the queue; else empty.
    pub before: String,
    /// The chain.
    pub lines: Vec<ToldLine>,
    /// Where the time went, the sum behind the parts; nothing where no time went by.
    pub spent: Vec<ToldPart>,
    /// What had been consumed and was not committed; else empty.
    pub uncommitted: String,
    /// What would shorten it, and the command that tries it.
    pub shorter: Vec<(String, String)>,
    /// Why nothing would; empty where something does.
    pub why_nothing: &'static str,
}

/// One line of the chain.
#[derive(Debug, Serialize)]
pub(in crate::report) struct ToldLine {
    /// To the microsecond.
    pub at: String,
    pub actor: String,
    pub text: String,
    /// What it waited for since the line before, and why it had not happened before; else empty.
    pub waited: String,
}

/// A part of the time.
#[derive(Debug, Serialize)]
pub(in crate::report) struct ToldPart {
    pub name: &'static str,
    /// Milliseconds to the microsecond.
    pub ms: String,
    pub share: String,
    /// The setting that governs it and what it says; else empty.
    pub governed: String,
}

impl Told {
    pub(in crate::report) fn of(explained: &Explained<'_>) -> Self {
        let story = explained.story;
        let finding = &story.finding;
        let below = "the first of these messages, to where it came again or was passed over";
        let before = story.before.as_ref();
        let shorter: Vec<(String, String)> = (explained.remedies.iter())
            .map(|remedy| {
                let said = format!("{} = {} instead of {}", remedy.setting, remedy.to, remedy.from);
                (said, explained.tried(remedy))
            })
            .collect();
        let unfinished = story.spent.iter().any(|part| part.wait == Wait::EndOfRun);
        let why_nothing = match (shorter.is_empty(), unfinished) {
            (false, _) => "",
            (true, true) => {
                "nothing here: it was not over as the run ended, and a longer `duration` may show what ends it"
            }
            (true, false) => "no setting of RocketMQ governs what it waited for",
        };
        Self {
            size: size(finding),
            place: explained.place(),
            from: finding.from.to_string(),
            until: finding.until.to_string(),
            cause: explained.causes(),
            below: if finding.what.counts_messages() { below } else { "" },
            before: before.map_or_else(String::new, |line| format!("at {} {} {}", line.at, line.actor, line.text)),
            lines: story.lines.iter().map(|line| told_line(line, finding.length())).collect(),
            spent: spent(&story.spent, finding.length()),
            uncommitted: uncommitted(explained),
            shorter,
            why_nothing,
        }
    }
}

impl Told {
    /// What would act on a reader's screen is written out.
    pub(in crate::report) fn printable(mut self) -> Self {
        let lines = self.lines.iter_mut().flat_map(|line| [&mut line.actor, &mut line.text, &mut line.waited]);
        let shorter = self.shorter.iter_mut().flat_map(|(said, command)| [said, command]);
        let own = [&mut self.place, &mut self.before, &mut self.uncommitted];
        for text in lines.chain(shorter).chain(own) {
            *text = printable_line(text).into_owned();
        }
        self
    }
}

fn told_line(line: &Line, length: Span) -> ToldLine {
    let times =
        if line.times > 1 { format!(" ({} times in a row, this is the last)", line.times) } else { String::new() };
    let shown = line.waited.as_nanos() >= (length.as_nanos() / 1_000).max(1_000_000);
    let waited = line.wait.filter(|_| shown).map(|wait| match wait {
        Wait::Unknown => format!("unknown: {}", line.waited.human()),
        wait => format!("after {}: {}", line.waited.human(), wait.rule()),
    });
    let said: Vec<String> = waited.into_iter().chain((!line.note.is_empty()).then(|| line.note.clone())).collect();
    ToldLine {
        at: moment(line.at),
        actor: line.actor.clone(),
        text: format!("{}{times}", line.text),
        waited: said.join("; "),
    }
}

/// A moment of the run to the microsecond: links are shorter than a millisecond.
fn moment(at: Instant) -> String {
    let (nanos, micros) = (at.as_nanos(), at.as_nanos() / 1_000 % 1_000_000);
    let seconds = nanos / 1_000_000_000;
    match seconds / 60 {
        0 => format!("{seconds}.{micros:06}s"),
        minutes => format!("{minutes}m{:02}.{micros:06}s", seconds % 60),
    }
}

fn spent(parts: &[Spent], length: Span) -> Vec<ToldPart> {
    let total = length.as_nanos();
    if total == 0 {
        return Vec::new();
    }
    let share = |span: Span| {
        let permille = u128::from(span.as_nanos()) * 1_000 / u128::from(total);
        if permille == 0 { "<0.1%".to_owned() } else { format!("{}.{}%", permille / 10, permille % 10) }
    };
    let row = |name, span: Span, governed| {
        let ms = format!("{}.{:03}", span.as_millis(), span.as_nanos() / 1_000 % 1_000);
        ToldPart { name, ms, share: share(span), governed }
    };
    let all = parts.iter().map(|part| row(part.wait.rule(), part.span, governed(part.wait, part.setting)));
    let sum = (parts.len() > 1).then(|| row("sum", length, String::new()));
    all.chain(sum).collect()
}

fn uncommitted(explained: &Explained<'_>) -> String {
    let Some(found) = &explained.story.uncommitted else { return String::new() };
    let names = &explained.story.names;
    let (offset, at) = found.reached;
    let who = names.consumer(found.by);
    let governed = found.wait().map_or_else(String::new, |wait| format!("; {} governs it", governed(wait, None)));
    match found.committed {
        Some((committed, when, path)) => format!(
            "{who} had handed out up to offset {offset} by {at}; what counted was all below {committed}, committed at {when} ({}): \
             {} of consumption without a commit{governed}",
            words(Cause::from(path).word()),
            found.span().human()
        ),
        None => format!("{who} had handed out up to offset {offset} by {at}, and nothing was ever committed"),
    }
}
