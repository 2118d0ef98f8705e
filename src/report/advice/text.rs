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
    let best = best(advice);
    for (rank, tried) in (1..).zip(best.iter().take(SHOWN)) {
        one(&mut text, advice, (rank, tried));
    }
    text.push('\n');
    let more: Vec<String> = best.iter().skip(SHOWN).map(|tried| named(&tried.trials)).collect();
    if !more.is_empty() {
        line(&mut text, "helps too", &more.join(", "));
    }
    release(&mut text, advice);
    fallen(&mut text, advice.fallen);
    line(&mut text, "tried", &tried(advice));
    line(&mut text, "again", &advice.command);
    printable(&text).into_owned()
}

/// The settings of a value, or of two.
fn settings(tried: &Tried) -> Vec<&str> {
    let mut settings: Vec<&str> = tried.trials.iter().map(|trial| trial.setting.as_str()).collect();
    settings.sort_unstable();
    settings
}

/// The best value of each setting, or of each pair.
fn best<'a>(advice: &'a Advice<'_>) -> Vec<&'a Tried> {
    let first =
        |&(at, tried): &(usize, &Tried)| advice.helped[..at].iter().all(|other| settings(other) != settings(tried));
    advice.helped.iter().enumerate().filter(first).map(|(_, tried)| tried).collect()
}

/// Other values of the same settings that help too: `1s (duplicates -671)`.
fn other_values(advice: &Advice<'_>, best: &Tried) -> Vec<String> {
    let same = |tried: &&Tried| settings(tried) == settings(best) && tried.trials != best.trials;
    let said = |tried: &Tried| {
        let values: Vec<&str> = tried.trials.iter().map(|trial| trial.to.as_str()).collect();
        let effect = advice.paired(tried).map_or_else(String::new, |paired| signed(paired.mean()));
        format!("{} ({effect})", values.join(" with "))
    };
    advice.helped.iter().filter(same).map(said).collect()
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
    let others = other_values(advice, tried);
    if !others.is_empty() {
        line(text, "or", &others.join(", "));
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

/// The best of what changes nothing but how the release is rolled out, or that none of these ways is better.
fn release(text: &mut String, advice: &Advice<'_>) {
    let of_release =
        |trials: &[Trial]| trials.iter().all(|trial| matches!(trial.needs, Needs::Release | Needs::Manifest));
    let best = best(advice);
    let safest = (1..).zip(best.iter().take(SHOWN)).find(|(_, tried)| of_release(&tried.trials));
    if let Some((rank, tried)) = safest {
        let said = format!("the safest way found to roll it out is {}: number {rank} above", named(&tried.trials));
        line(text, "release", &said);
    } else if advice.fallen.iter().any(|fallen| of_release(&fallen.trials)) {
        line(text, "release", "no other way to roll it out that was tried is better than as it is");
    }
}

/// What does not help, by the reason.
fn fallen(text: &mut String, fallen: &[Fallen]) {
    type Is = fn(&Why) -> bool;
    let groups: [(&str, Is); 6] = [
        ("no help", |why| matches!(why, Why::NotBetter(_))),
        ("no telling", |why| matches!(why, Why::NotTold)),
        ("hardly", |why| matches!(why, Why::Small)),
        ("less so", |why| matches!(why, Why::Behind(_))),
        ("no better", |why| matches!(why, Why::NoBetterThan(_))),
        ("beyond", |why| matches!(why, Why::Beyond(_))),
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
            let limits = if subject == "beyond" { "what --not-more allows: " } else { "" };
            line(text, subject, &format!("{limits}{}", said.join(", ")));
        }
    }
    for found in fallen {
        match &found.why {
            Why::Unsound(why) => line(text, "left out", &format!("{}: {why}", named(&found.trials))),
            Why::Warned(why) => line(text, "left out", &format!("{}: `check` warns, {why}", named(&found.trials))),
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
