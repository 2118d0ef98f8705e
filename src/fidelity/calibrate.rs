//! Estimates an environment from recordings: what belongs to the machine and not to RocketMQ.
//!
//! Every figure is a time between two lines of a recording, or a share counted over them; none is fitted to what is
//! predicted. What no recording shows (latencies, service times, the cost of cold code) stays as the base says.
//!
//! | key | from | to |
//! |---|---|---|
//! | `process_boot` | step `start` | `starting` |
//! | `client_start` | `starting` | first queue owned, less the second that a first rebalance waits |
//! | `client_instance_start` | the end of `client_start` | `started`, less the calls that the base knows |
//! | `crowded_start` | how much slower than alone | clients start that start within 3 s of each other |
//! | `client_shutdown_hook` | step `term` | `stopping` |
//! | `client_event_stop` | share of `shutdown()` | that took 3 s longer |
//! | `process_kill` | step `kill` | first change of a survivor's table, less the calls of a rebalance |
//! | `pool_before_pull` | share of queues | of a killed consumer of which no message came twice |
//! | `broker_boot` | step `broker_start` | `broker_up` |
//! | `operator_command` | step `queues` | `topic` |

use std::collections::BTreeMap;

use crate::trace::{Event, Listener, MessageModel, Trace, What, measure};

/// Clients that start no farther apart share the machine (`model::crowd`).
const TOGETHER_MS: i64 = 3_000;
/// A first rebalance comes a second after the instance was made, and takes so long itself.
const FIRST_REBALANCE_MS: i64 = 1_025;
/// Route calls and heartbeats of a start, cold ones included.
const START_CALLS_MS: i64 = 90;
/// From the close of a connection to a survivor's changed table: event, notification, list, offset, look.
const TAKE_OVER_MS: i64 = 18;
/// The drain of events is uniform up to so many ms (`client_event_drain`).
const DRAIN_MS: f64 = 40.0;
/// Few samples do not show the ends of a distribution: they are widened by so many percent.
const WIDEN_PERCENT: i64 = 15;

/// Makes an environment of `base`, with every key that the recordings say something of replaced.
#[must_use]
pub fn calibrate<'a>(traces: impl IntoIterator<Item = &'a Trace>, base: &str) -> String {
    let traces: Vec<&Trace> = traces.into_iter().collect();
    let found = estimates(&traces);
    let mut text = format!(
        "# Estimated from {} recordings by `rebalance-sim calibrate`; what they do not show is kept.\n",
        traces.len()
    );
    let lines = base.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    for line in lines {
        let key = line.split('=').next().unwrap_or_default().trim();
        let value =
            found.get(key).cloned().unwrap_or_else(|| line[line.find('=').map_or(0, |at| at + 1)..].trim().to_owned());
        text.push_str(&format!("{key} = {value}\n"));
    }
    for (key, value) in found
        .iter()
        .filter(|(key, _)| !base.lines().any(|line| line.split('=').next().unwrap_or_default().trim() == **key))
    {
        text.push_str(&format!("{key} = {value}\n"));
    }
    text
}

/// The keys that the recordings say something of, with their values.
fn estimates(traces: &[&Trace]) -> BTreeMap<&'static str, String> {
    let mut found: BTreeMap<&'static str, Option<String>> = BTreeMap::new();
    let all = |sample: &dyn Fn(&Trace) -> Vec<i64>| traces.iter().flat_map(|trace| sample(trace)).collect::<Vec<i64>>();
    found.insert("process_boot", distribution(all(&|trace| after_step(trace, "start", started_calling))));
    found.insert("client_shutdown_hook", distribution(all(&|trace| after_step(trace, "term", stop_called))));
    found.insert("broker_boot", distribution(all(&|trace| after_step(trace, "broker_start", broker_up))));
    found.insert(
        "operator_command",
        distribution(all(&|trace| after_step(trace, "queues", |what, _| matches!(what, What::Topic { .. })))),
    );
    found.insert("process_kill", distribution(all(&survivors_react)));
    let starts: Vec<Start> = traces.iter().flat_map(|trace| starts(trace)).collect();
    let alone: Vec<&Start> = starts.iter().filter(|start| start.crowd.is_none()).collect();
    found.insert("client_start", distribution(alone.iter().map(|start| start.instance_ms).collect()));
    found.insert("client_instance_start", distribution(alone.iter().map(|start| start.rest_ms).collect()));
    found.insert("crowded_start", crowd_pace(&starts));
    found.insert("client_event_stop", event_stop(traces));
    found.insert("pool_before_pull", pool_before_pull(traces));
    found.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// A sample as an empirical distribution of up to eleven quantiles.
fn distribution(mut sample: Vec<i64>) -> Option<String> {
    if sample.len() < 3 {
        return None;
    }
    sample.sort_unstable();
    let points = sample.len().min(11) as u32;
    let mut quantiles: Vec<i64> = (0..points)
        .map(|point| super::score::quantile(&sample, point * 1_000 / (points - 1)))
        .map(|ms| ms.max(0))
        .collect();
    quantiles[0] -= quantiles[0] * WIDEN_PERCENT / 100;
    let last = quantiles.len() - 1;
    quantiles[last] += quantiles[last] * WIDEN_PERCENT / 100;
    let texts: Vec<String> = quantiles.iter().map(|ms| format!("\"{ms}ms\"")).collect();
    Some(format!("{{ empirical = [{}] }}", texts.join(", ")))
}

/// For each step with this action: from it to the first event after it that is what is looked for.
fn after_step(trace: &Trace, action: &str, is: impl Fn(&What, &str) -> bool) -> Vec<i64> {
    let step = |event: &Event| match &event.what {
        What::Step { action: done, target } if done == action => Some((event.t, target.clone())),
        _ => None,
    };
    let of = |(t, target): (i64, String)| {
        trace.events.iter().find(|event| event.t >= t && is(&event.what, &target)).map(|event| event.t - t)
    };
    trace.events.iter().filter_map(step).filter_map(of).collect()
}

fn started_calling(what: &What, target: &str) -> bool {
    matches!(what, What::Starting { who, .. } if who == target)
}

fn stop_called(what: &What, target: &str) -> bool {
    matches!(what, What::Stopping { who, .. } if who == target)
}

fn broker_up(what: &What, target: &str) -> bool {
    matches!(what, What::Step { action, target: up } if action == "broker_up" && up == target)
}

/// From each kill to the first survivor's table that changes, where that is at once.
fn survivors_react(trace: &Trace) -> Vec<i64> {
    if trace.header.listener == Listener::Orderly {
        return Vec::new(); // The locks of the dead hold the queues.
    }
    let changed = after_step(trace, "kill", |what, killed| matches!(what, What::Own { who, .. } if who != killed));
    changed.into_iter().filter(|ms| *ms < 500).map(|ms| (ms - TAKE_OVER_MS).max(1)).collect()
}

/// One `start()`.
struct Start {
    /// Which crowd it belongs to; `None`: it was alone.
    crowd: Option<(String, i64)>,
    /// From `starting` to the making of the instance.
    instance_ms: i64,
    /// From there to the first call.
    rest_ms: i64,
    /// From `starting` to `started`.
    whole_ms: i64,
}

fn starts(trace: &Trace) -> Vec<Start> {
    let moments: Vec<i64> =
        trace.events.iter().filter(|event| matches!(event.what, What::Starting { .. })).map(|event| event.t).collect();
    let mut found = Vec::new();
    for event in &trace.events {
        let What::Starting { who, .. } = &event.what else { continue };
        let until = |is: &dyn Fn(&What) -> bool| {
            trace.events.iter().find(|later| later.t >= event.t && is(&later.what)).map(|later| later.t - event.t)
        };
        let started = until(&|what| matches!(what, What::Started { who: other, .. } if other == who));
        let owned =
            until(&|what| matches!(what, What::Own { who: other, queues } if other == who && !queues.is_empty()));
        let Some(whole_ms) = started else { continue };
        // A start that was late to be a member for another reason says nothing of the making of its instance.
        let gated = owned.map_or(i64::MAX, |owned| owned - FIRST_REBALANCE_MS);
        let instance_ms = gated.min(whole_ms / 2).max(1);
        let rest_ms = (whole_ms - instance_ms - START_CALLS_MS).max(1);
        found.push(Start { crowd: crowd_of(trace, &moments, event.t), instance_ms, rest_ms, whole_ms });
    }
    found
}

/// The crowd of a start: its recording and the first start of the chain.
fn crowd_of(trace: &Trace, moments: &[i64], t: i64) -> Option<(String, i64)> {
    let chain = moments.chunk_by(|before, after| after - before <= TOGETHER_MS).find(|chain| chain.contains(&t))?;
    (chain.len() > 1).then(|| (trace.name.clone(), chain[0]))
}

/// The time that a second of start work takes in a crowd: the geometric mean of its starts over the median alone.
fn crowd_pace(starts: &[Start]) -> Option<String> {
    let mut alone: Vec<i64> = starts.iter().filter(|start| start.crowd.is_none()).map(|start| start.whole_ms).collect();
    alone.sort_unstable();
    let median = *alone.get(alone.len() / 2)?;
    let mut crowds: BTreeMap<&(String, i64), Vec<f64>> = BTreeMap::new();
    for start in starts {
        if let Some(crowd) = &start.crowd {
            crowds.entry(crowd).or_default().push(libm::log(start.whole_ms as f64 / median as f64));
        }
    }
    let pace = |logs: &Vec<f64>| (libm::exp(logs.iter().sum::<f64>() / logs.len() as f64) * 1_000.0) as i64;
    distribution(crowds.values().map(pace).collect())
}

/// How often `shutdown()` waits 3 s for the event thread, as the range of the moment at which it is told to stop.
fn event_stop(traces: &[&Trace]) -> Option<String> {
    let ends = traces.iter().flat_map(|trace| {
        let stopped = |what: &What, target: &str| matches!(what, What::Stopped { who, .. } if who == target);
        after_step(trace, "term", stopped)
    });
    let ends: Vec<i64> = ends.collect();
    if ends.len() < 3 {
        return None;
    }
    let share = ends.iter().filter(|ms| **ms >= 2_900).count() as f64 / ends.len() as f64;
    // Of two uniform moments, up to d and up to s, the second is later with a chance of s / 2d where s < d.
    Some(format!("{{ uniform = [\"0ms\", \"{}ms\"] }}", (share * 2.0 * DRAIN_MS).round().clamp(1.0, DRAIN_MS) as i64))
}

/// The share of queues of a killed, idle consumer of which no message came twice.
fn pool_before_pull(traces: &[&Trace]) -> Option<String> {
    let (mut moved, mut again) = (0, 0);
    for trace in traces {
        let header = &trace.header;
        let plain = header.listener == Listener::Concurrent && header.message_model == MessageModel::Clustering;
        if !plain || header.work_ms > 0 {
            continue;
        }
        for phase in measure(trace)
            .phases
            .iter()
            .filter(|phase| phase.phase.starts_with("kill:") || phase.phase.starts_with("stop:"))
        {
            moved += phase.moved_queues;
            again += phase.duplicates.unwrap_or_default().min(phase.moved_queues);
        }
    }
    (moved >= 6).then(|| format!("{:.2}", (moved - again) as f64 / moved as f64))
}
