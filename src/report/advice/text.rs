//! The advice as text: what helps, best first, each with its price; then what does not.

use std::fmt::Write as _;

use super::{Advice, Fallen, Moved, Tried, Why, is_zero, named};
use crate::report::comparison::signed;
use crate::report::summary::line;
use crate::report::wording::{counted, human_figure, printable, printable_line};
use crate::scenario::levers::{Needs, Trial};
use crate::sweep::{LEAST_SEEDS, Quantiles};

/// So much that helps is told in full.
const SHOWN: usize = 6;
/// So many figures stand in a line.
const FIGURES: usize = 4;

/// The whole advice, with a newline at its end.
#[must_use]
pub fn summary(advice: &Advice<'_>) -> String {
    let mut text = format!("{}\n", printable_line(&headline(advice)));
    if is_zero(advice.figure, advice.base) {
        text.push('\n');
        line(&mut text, "again", &advice.command);
        return printable(&text).into_owned();
    }
    text.push('\n');
    line(&mut text, "as it is", &as_it_is(advice));
    for (rank, tried) in (1..).zip(advice.helped.iter().take(SHOWN)) {
        one(&mut text, advice, (rank, tried));
    }
    text.push('\n');
    let more: Vec<String> = advice.helped.iter().skip(SHOWN).map(|tried| named(&tried.trials)).collect();
    if !more.is_empty() {
        line(&mut text, "helps too", &more.join(", "));
    }
    if let Some(tried) = safest(advice) {
        line(
            &mut text,
            "release",
            &format!("the safest way found is {}: number {} above", named(&tried.1.trials), tried.0),
        );
    }
    fallen(&mut text, advice.fallen);
    line(&mut text, "tried", &tried(advice));
    line(&mut text, "again", &advice.command);
    printable(&text).into_owned()
}

fn headline(advice: &Advice<'_>) -> String {
    let (title, figure) = (advice.title, advice.figure);
    if is_zero(figure, advice.base) {
        let seeds = counted(advice.seeds.count(), "seed");
        return format!("ADVICE  {title}: nothing to better, {figure} is zero or not there in all of {seeds}");
    }
    match advice.helped {
        [] if advice.seeds.count() < LEAST_SEEDS => format!(
            "ADVICE  {title}: nobody knows what lessens {figure}; fewer than {LEAST_SEEDS} seeds tell nothing apart from chance"
        ),
        [] => format!("ADVICE  {title}: nothing that was tried lessens {figure}"),
        [best, ..] => format!("ADVICE  {title}: {} lessens {figure} most", named(&best.trials)),
    }
}

/// The figure without any change.
fn as_it_is(advice: &Advice<'_>) -> String {
    let values = Quantiles::of(advice.figure, advice.base);
    let said = values.map_or_else(String::new, |values| {
        let (typical, worst) = (human_figure(values.at(500)), human_figure(values.worst().0));
        format!("{} {typical} typically, {worst} at worst", advice.figure)
    });
    format!("{said}, over {}", counted(advice.seeds.count(), "seed"))
}

/// What one does, costs and needs.
fn one(text: &mut String, advice: &Advice<'_>, (rank, tried): (usize, &Tried)) {
    let change = |trial: &Trial| format!("{} {} -> {}", trial.setting, trial.from, trial.to);
    let changes: Vec<String> = tried.trials.iter().map(change).collect();
    writeln!(text, "\n  {rank}. {}", printable_line(&changes.join(", with "))).expect("a string takes every write");
    if let (Some(paired), Some(values)) = (advice.paired(tried), Quantiles::of(advice.figure, &tried.results)) {
        let (interval, (better, _)) = (paired.interval(), paired.seeds());
        let said = format!(
            "{} {} ({} to {}), better in {better} of {}: now {} typically, {} at worst",
            advice.figure,
            signed(paired.mean()),
            signed(interval.low),
            signed(interval.high),
            paired.count(),
            human_figure(values.at(500)),
            human_figure(values.worst().0)
        );
        line(text, "effect", &said);
    }
    let (worse, better) = (advice.moved(tried, false), advice.moved(tried, true));
    line(text, "price", &if worse.is_empty() { "no figure got worse".to_owned() } else { figures(&worse) });
    if !better.is_empty() {
        line(text, "better too", &figures(&better));
    }
    let mut needs: Vec<Needs> = Vec::new();
    for trial in &tried.trials {
        if !needs.contains(&trial.needs) {
            needs.push(trial.needs);
            line(text, "needs", trial.needs.words());
        }
    }
    tried.trials.iter().for_each(|trial| line(text, "risk", trial.risk));
    tried.warned.iter().for_each(|warned| line(text, "warning", warned));
    line(text, "compare", &advice.again(tried));
}

/// Figures with how much they moved: `heartbeats +220 (+171%)`.
fn figures(moved: &[Moved<'_>]) -> String {
    let one = |moved: &Moved<'_>| {
        let change = moved.paired.mean();
        let sign = if change.more { '+' } else { '-' };
        let share = moved
            .share
            .map_or_else(|| "from zero".to_owned(), |share| format!("{sign}{}%", share.saturating_add(5) / 10));
        format!("{} {} ({share})", moved.figure, signed(change))
    };
    let mut said: Vec<String> = moved.iter().take(FIGURES).map(one).collect();
    if moved.len() > FIGURES {
        said.push(format!("and {} more", moved.len() - FIGURES));
    }
    said.join(", ")
}

/// The best of what changes nothing but how the release is rolled out.
fn safest<'a>(advice: &'a Advice<'_>) -> Option<(usize, &'a Tried)> {
    let of_release = |trial: &Trial| matches!(trial.needs, Needs::Release | Needs::Manifest);
    (1..).zip(advice.helped).take(SHOWN).find(|(_, tried)| tried.trials.iter().all(of_release))
}

/// What does not help, by the reason.
fn fallen(text: &mut String, fallen: &[Fallen]) {
    type Is = fn(&Why) -> bool;
    let groups: [(&str, Is); 4] = [
        ("no help", |why| matches!(why, Why::NotBetter(_))),
        ("no telling", |why| matches!(why, Why::NotTold)),
        ("less so", |why| matches!(why, Why::Behind(_))),
        ("no better", |why| matches!(why, Why::NoBetterThan(_))),
    ];
    for (subject, is) in groups {
        let of_group = || fallen.iter().filter(|fallen| is(&fallen.why));
        let mut said: Vec<String> = Vec::new();
        for found in of_group() {
            match (&found.why, found.trials.as_slice()) {
                (Why::NoBetterThan(single), trials) => said.push(format!("{} (than {single} alone)", named(trials))),
                (_, [trial]) => {
                    // Values of one setting stand together.
                    let more = said.iter_mut().find(|said| said.split(' ').next() == trial.setting.split(' ').next());
                    match more {
                        Some(more) => more.push_str(&format!(" or {}", trial.to)),
                        None => said.push(named(&found.trials)),
                    }
                }
                (_, trials) => said.push(named(trials)),
            }
        }
        if !said.is_empty() {
            line(text, subject, &said.join(", "));
        }
    }
    for found in fallen {
        match &found.why {
            Why::Beyond(limit) => {
                line(text, "beyond", &format!("{}: more than --not-more {limit}", named(&found.trials)))
            }
            Why::Unsound(why) => line(text, "not alone", &format!("{}: {why}", named(&found.trials))),
            _ => {}
        }
    }
}

fn tried(advice: &Advice<'_>) -> String {
    let values = counted(advice.tried as u64, "value");
    let runs = counted(advice.runs, "run");
    let seeds = advice.seeds.count();
    format!(
        "{values} of the settings that can touch {}, few seeds each, the best over {seeds}: {runs} in all",
        advice.figure
    )
}
