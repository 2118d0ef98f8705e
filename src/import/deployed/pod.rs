//! Pods: how long they take to go and to be ready, and what their containers are started with.

use super::super::fact::Fact;
use super::super::reader::Reading;
use super::jvm::{VARIABLES, name_servers, system_properties};
use super::manifest::Manifest;
use super::yaml::Yaml;

/// A variable of a container's environment.
pub(super) fn variable(
    manifest: &Manifest<'_>,
    workload: &str,
    at: &Yaml,
    (key, value): (&str, &str),
    reading: &mut Reading,
) {
    let place = manifest.place(at);
    if VARIABLES.contains(&key) {
        system_properties(value, Some(workload), place, reading);
    }
    if ["NAMESRV_ADDR", "ROCKETMQ_NAME_SERVER", "ROCKETMQ_NAMESRV_ADDR"].contains(&key) && !value.contains('$') {
        name_servers(value, place, reading);
    }
    // What an environment holds beside is nobody's business, and may be secret.
    let upper = key.to_ascii_uppercase();
    let is_secret = ["SECRET", "PASSWORD", "KEY", "TOKEN"].iter().any(|word| upper.contains(word));
    let is_ours = VARIABLES.contains(&key) || upper.contains("ROCKETMQ") || upper.contains("NAMESRV");
    if is_secret || !is_ours {
        return;
    }
    let (workload, key, value) = (workload.to_owned(), key.to_owned(), value.to_owned());
    reading.fact(place, Fact::WorkloadEnvironment { workload, key, value });
}

/// Environment and options of a container.
pub(super) fn container(manifest: &Manifest<'_>, workload: &str, container: &Yaml, reading: &mut Reading) {
    for entry in container.get("env").map_or(&[][..], Yaml::elements) {
        let text = |field| entry.get(field).and_then(Yaml::text);
        let Some(name) = text("name") else { continue };
        match text("value") {
            Some(value) => variable(manifest, workload, entry, (name, value), reading),
            None if VARIABLES.contains(&name) => {
                reading.note(manifest.place(entry), format!("the value of `{name}` stands elsewhere"));
            }
            None => {}
        }
    }
    for part in ["command", "args"] {
        for word in container.get(part).map_or(&[][..], Yaml::elements) {
            let Some(text) = word.text() else { continue };
            system_properties(text, Some(workload), manifest.place(word), reading);
        }
    }
}

/// The longest sleep before a container is told to stop, milliseconds.
pub(super) fn pre_stop_ms(spec: &Yaml) -> Option<u64> {
    let of = |container: &Yaml| {
        let hook = container.at(&["lifecycle", "preStop"])?;
        if let Some(seconds) = hook.at(&["sleep", "seconds"]).and_then(Yaml::count) {
            return Some(u64::from(seconds) * 1_000);
        }
        let words: Vec<&str> = hook.at(&["exec", "command"])?.elements().iter().filter_map(Yaml::text).collect();
        slept_ms(&words.join(" "))
    };
    spec.get("containers").map_or(&[][..], Yaml::elements).iter().filter_map(of).max()
}

/// What `sleep 15`, `sleep 0.5m` of a shell's line take together, milliseconds.
fn slept_ms(line: &str) -> Option<u64> {
    let words: Vec<&str> = line.split([' ', ';', '&', '\t', '\n', '"', '\'']).filter(|word| !word.is_empty()).collect();
    let spans =
        words.windows(2).filter(|pair| pair[0] == "sleep" || pair[0].ends_with("/sleep")).map(|pair| span_ms(pair[1]));
    spans.flatten().reduce(u64::saturating_add)
}

/// A span as shells, Kubernetes and docker-compose write it: `15`, `1m30s`, `500ms`; without a unit it is in seconds.
pub(super) fn span_ms(text: &str) -> Option<u64> {
    let (mut rest, mut total) = (text.trim(), 0u64);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let factor = match &rest[..unit] {
            "ms" => 1,
            "" | "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(factor)?)?;
        rest = &rest[unit..];
    }
    Some(total)
}

/// When the container that is ready last can be so at the earliest, by its probes, milliseconds.
pub(super) fn ready_after_ms(spec: &Yaml) -> Option<u64> {
    let of = |container: &Yaml| {
        let probe = |name: &str, many: bool| {
            let probe = container.get(name)?;
            let number = |field, default| probe.get(field).and_then(Yaml::count).map_or(default, u64::from);
            // The first look is after the delay; each further success that is asked for takes a period.
            let further = if many { number("successThreshold", 1).saturating_sub(1) } else { 0 };
            Some(number("initialDelaySeconds", 0) + further * number("periodSeconds", 10))
        };
        // The readiness probe waits for the startup probe, and both delays count from the start of the container.
        let (startup, readiness) = (probe("startupProbe", false), probe("readinessProbe", true));
        startup.max(readiness).map(|seconds| seconds * 1_000)
    };
    spec.get("containers").map_or(&[][..], Yaml::elements).iter().filter_map(of).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleeps_are_found_in_shells_lines() {
        for (line, expected) in [
            ("sleep 15", Some(15_000)),
            ("/bin/sh -c /bin/sleep 5 && curl x; sleep 1m", Some(65_000)),
            ("sleep", None),
            ("curl sleep.example 15", None),
            ("sleep 1m30s", Some(90_000)),
            ("sleep 99999999999999999999", None),
        ] {
            assert_eq!(slept_ms(line), expected, "{line}");
        }
    }
}
