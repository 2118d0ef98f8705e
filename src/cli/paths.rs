//! Short paths: a setting of RocketMQ by its name alone, and `group.X` for `X` of every group.

use crate::scenario::known_settings;

/// The paths that a short one stands for, as `--set` takes them; any other path as it is.
pub(super) fn full_paths(path: &str, groups: usize) -> Vec<String> {
    let in_groups = |rest: &str| (0..groups).map(|at| format!("groups.{at}.{rest}")).collect();
    if let Some(rest) = path.strip_prefix("group.") {
        return in_groups(rest);
    }
    if path.contains('.') {
        return vec![path.to_owned()];
    }
    let known = known_settings().into_iter().find(|known| known.name == path || known.others.contains(&path));
    match known.map(|known| known.place) {
        Some("a broker") => vec![format!("broker.{path}")],
        Some("a name server") => vec![format!("name_server.{path}")],
        Some(place) if place.starts_with("a group") => in_groups(path),
        _ => vec![path.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_found_where_it_belongs() {
        let table: [(&str, &[&str]); 7] = [
            (
                "persistConsumerOffsetInterval",
                &["groups.0.persistConsumerOffsetInterval", "groups.1.persistConsumerOffsetInterval"],
            ),
            ("channelExpiredTimeout", &["broker.channelExpiredTimeout"]),
            (
                "allocateMessageQueueStrategy",
                &["groups.0.allocateMessageQueueStrategy", "groups.1.allocateMessageQueueStrategy"],
            ),
            ("group.count", &["groups.0.count", "groups.1.count"]),
            ("groups.g.count", &["groups.g.count"]),
            ("duration", &["duration"]),
            ("timeline.0.at", &["timeline.0.at"]),
        ];
        for (path, full) in table {
            assert_eq!(full_paths(path, 2), full, "{path}");
        }
    }
}
