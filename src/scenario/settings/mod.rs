//! RocketMQ's settings under RocketMQ's names, in RocketMQ's units, within the ranges of its `checkConfig`.

mod broker;
mod by_hand;
mod catalogue;
mod client;
mod client_rule;
mod client_rules;
mod client_version;
mod consumer;
mod environment;
mod go_version;
mod grpc;
mod lite_pull;
mod name_server;
mod not_modelled;
mod orderly;
mod pop;
mod proxy;
mod told_rules;

pub(in crate::scenario) use broker::{BROKER, Released, read_server};
pub use broker::{ServerRule, ServerVersion, server_rules, server_versions};
pub(in crate::scenario) use by_hand::settings_by_hand;
pub use catalogue::{KnownSetting, known_settings};
pub(in crate::scenario) use client::CLIENT;
pub(in crate::scenario) use client_version::read_client_version;
pub use client_version::{ClientVersion, RuleOfClient, client_versions, rules_of_clients};
pub(in crate::scenario) use consumer::{CONSUMER, check_consumer, read_consume_from_where, read_message_model};
pub(in crate::scenario) use environment::ENVIRONMENT;
pub(in crate::scenario) use go_version::{check_go, read_go_version};
pub(in crate::scenario) use grpc::{GRPC, SIMPLE, check_grpc, read_grpc_version};
pub use lite_pull::CLASSES;
pub(in crate::scenario) use lite_pull::{LITE_PULL, check_lite_pull, read_consumer_class};
pub(in crate::scenario) use name_server::NAME_SERVER;
pub(in crate::scenario) use not_modelled::not_modelled;
pub use not_modelled::settings_not_modelled;
pub(in crate::scenario) use pop::check_pop;
pub(in crate::scenario) use proxy::PROXY;

use crate::kernel::{Distribution, Span};
use crate::scenario::text::{Fault, Fields};
use crate::wording::did_you_mean;

/// One setting of `T`.
pub(in crate::scenario) struct Setting<T> {
    /// RocketMQ's name, and the others it answers to.
    pub names: &'static [&'static str],
    /// How it is read.
    pub kind: Kind<T>,
    /// What a person wants to know of it.
    pub about: About,
}

impl<T> Clone for Setting<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Setting<T> {}

/// All settings of `T`, table by table.
pub(in crate::scenario) type Tables<T> = &'static [&'static [Setting<T>]];

/// What a person wants to know of a setting.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenario) struct About {
    /// Its default, as a scenario would write it.
    pub default: &'static str,
    /// What it does, in one sentence.
    pub does: &'static str,
    /// Where RocketMQ has it; empty where it is none of RocketMQ's.
    pub source: &'static str,
}

const fn about(default: &'static str, does: &'static str, source: &'static str) -> About {
    About { default, does, source }
}

/// A setting that has not said yet what it does: it is none before it has.
struct Draft<T> {
    names: &'static [&'static str],
    kind: Kind<T>,
}

impl<T> Draft<T> {
    const fn about(self, default: &'static str, does: &'static str, source: &'static str) -> Setting<T> {
        let Self { names, kind } = self;
        Setting { names, kind, about: about(default, does, source) }
    }
}

/// What kind of value a setting has.
pub(in crate::scenario) enum Kind<T> {
    /// A duration; bare integers count in the unit. The bounds are milliseconds.
    Span { unit: Span, least_ms: u64, most_ms: u64, set: fn(&mut T, Span) },
    /// A whole number.
    Count { least: u32, most: u32, set: fn(&mut T, u32) },
    /// A whole number, or -1 for "off".
    Optional { least: u32, most: u32, set: fn(&mut T, Option<u32>) },
    /// True or false.
    Flag(fn(&mut T, bool)),
    /// One of these words.
    Word { words: &'static [&'static str], set: fn(&mut T, usize) },
    /// Durations in one string, separated by spaces, as `messageDelayLevel` has them.
    Spans(fn(&mut T, Vec<Span>)),
    /// A duration that always names its unit.
    Length(fn(&mut T, Span)),
    /// A distribution of durations.
    Drawn(fn(&mut T, Distribution)),
    /// A share, as a number or in percent; set in millionths.
    Share(fn(&mut T, u32)),
}

impl<T> Clone for Kind<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kind<T> {}

const MS: Span = Span::from_millis(1);
const SECOND: Span = Span::from_secs(1);
const MINUTE: Span = Span::from_secs(60);
/// The longest timer: 365 days.
const LONGEST_MS: u64 = crate::scenario::text::YEAR.as_millis();

/// A timer in milliseconds that must not be zero, because Java's scheduler refuses a period of zero.
const fn period<T>(names: &'static [&'static str], set: fn(&mut T, Span)) -> Draft<T> {
    Draft { names, kind: Kind::Span { unit: MS, least_ms: 1, most_ms: LONGEST_MS, set } }
}

/// A duration in milliseconds that may be zero.
const fn delay<T>(names: &'static [&'static str], set: fn(&mut T, Span)) -> Draft<T> {
    Draft { names, kind: Kind::Span { unit: MS, least_ms: 0, most_ms: LONGEST_MS, set } }
}

/// A duration in another unit that must not be zero.
const fn period_in<T>(unit: Span, names: &'static [&'static str], set: fn(&mut T, Span)) -> Draft<T> {
    Draft { names, kind: Kind::Span { unit, least_ms: 1, most_ms: LONGEST_MS, set } }
}

const fn count<T>(names: &'static [&'static str], least: u32, most: u32, set: fn(&mut T, u32)) -> Draft<T> {
    Draft { names, kind: Kind::Count { least, most, set } }
}

const fn flag<T>(names: &'static [&'static str], set: fn(&mut T, bool)) -> Draft<T> {
    Draft { names, kind: Kind::Flag(set) }
}

/// Puts every setting of the list that the table names into `target`.
pub(in crate::scenario) fn read_settings<T>(list: Tables<T>, fields: &Fields<'_>, target: &mut T) -> Result<(), Fault> {
    for setting in list.iter().copied().flatten() {
        for &name in setting.names {
            if let Some(node) = fields.get(name) {
                read_one(setting, name, node, target)?;
            }
        }
    }
    Ok(())
}

fn read_one<T>(
    setting: &Setting<T>,
    name: &str,
    node: &crate::scenario::text::Node,
    target: &mut T,
) -> Result<(), Fault> {
    let named = |mut fault: Fault| {
        fault.problem = format!("`{name}`: {}", fault.problem);
        fault
    };
    match &setting.kind {
        Kind::Span { unit, least_ms, most_ms, set } => {
            let span = node.span(Some(*unit)).map_err(named)?;
            let (least, most) = (Span::from_millis(*least_ms), Span::from_millis(*most_ms));
            if span < least || span > most {
                let allowed = if most.as_millis() == LONGEST_MS {
                    format!("allowed is {least} or more")
                } else {
                    format!("allowed is {least} to {most}")
                };
                return Err(Fault::new(node.place, format!("`{name}`: {span} is out of range"), allowed));
            }
            set(target, span);
        }
        Kind::Count { least, most, set } => set(target, node.count(*least, *most).map_err(named)?),
        Kind::Optional { least, most, set } => match node.value {
            crate::scenario::text::Value::Integer(-1) => set(target, None),
            _ => {
                let count = node.count(*least, *most).map_err(|mut fault| {
                    fault.allowed = format!("allowed is {least} to {most}, or -1 for RocketMQ's default");
                    named(fault)
                })?;
                set(target, Some(count));
            }
        },
        Kind::Flag(set) => set(target, node.flag().map_err(named)?),
        Kind::Word { words, set } => {
            let text = node.text("a word").map_err(named)?;
            let Some(chosen) = words.iter().position(|word| *word == text) else {
                let problem = format!("`{name}`: `{text}` is not known");
                return Err(Fault::new(
                    node.place,
                    problem,
                    match did_you_mean(text, words.iter().copied()) {
                        Some(meant) => meant,
                        None => format!("allowed are {}", words.join(" and ")),
                    },
                ));
            };
            set(target, chosen);
        }
        Kind::Length(set) => set(target, node.span(None)?),
        Kind::Drawn(set) => set(target, node.distribution()?),
        Kind::Share(set) => set(target, node.share()?),
        Kind::Spans(set) => {
            let text = node.text("durations separated by spaces, such as \"1s 5s 10s\"").map_err(named)?;
            let spans = text.split_whitespace().map(str::parse::<Span>).collect::<Result<Vec<_>, _>>();
            let spans = spans.map_err(|error| Fault::new(node.place, format!("`{name}`: {error}"), ""))?;
            if spans.is_empty() || spans.iter().any(|span| *span > crate::scenario::text::YEAR) {
                return Err(Fault::new(
                    node.place,
                    format!("`{name}`: no levels, or one above 365 days"),
                    "write such as \"1s 5s 10s\"",
                ));
            }
            set(target, spans);
        }
    }
    Ok(())
}
