//! The house is kept: what was agreed about its rooms is read from the sources themselves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Rooms from left to right, as `lib.rs` draws them: a room may use those of earlier lines, never of its own or later ones.
const FLOORS: &[&[&str]] = &[
    &["wording"],
    &["kernel", "strategy"],
    &["offset", "trace", "allocation"],
    &["model", "conformance"],
    &["check", "lint"],
    &["scenario"],
    &["run", "import"],
    &["sweep", "mqadmin"],
    &["fuzz", "fidelity", "explain", "shrink", "doctor"],
    &["mutants", "words", "library"],
    &["report"],
    &["cli"],
];

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 70;

/// All sources below a folder, with their texts.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
        let mut entries: Vec<_> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("it can be listed").path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).expect("sources are text");
                into.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} has sources");
    found
}

/// A path as the repository says it.
fn short(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).display().to_string()
}

/// The room that a file of `src` belongs to; `lib.rs` and `main.rs` are the door.
fn room(path: &Path) -> String {
    let short = short(path);
    short.trim_start_matches("src/").split(['/', '.']).next().unwrap_or_default().to_owned()
}

/// The rooms that a text names as `crate::ROOM`.
fn rooms_used(text: &str) -> Vec<&str> {
    let names = text.split("crate::").skip(1);
    names
        .map(|rest| rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or(""))
        .collect()
}

/// The functions of a formatted text with their lengths in lines: from `fn` to the brace that stands below it.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (first, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let head = code.split(" fn ").next().unwrap_or_default();
        let named = code.strip_prefix("fn ").or_else(|| {
            let words =
                head.split_whitespace().all(|word| word.starts_with("pub") || ["const", "in", "async"].contains(&word));
            (words && code.contains(" fn ")).then(|| code.split(" fn ").nth(1)).flatten()
        });
        let Some(named) = named else { continue };
        let name = named.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
        if name.is_empty() {
            continue;
        }
        let closing = format!("{}}}", " ".repeat(indent));
        let length = lines[first..].iter().position(|line| *line == closing).map_or(1, |lines| lines + 1);
        found.push((name.to_owned(), length));
    }
    found
}

#[test]
fn nothing_imports_leftwards() {
    let floor_of: BTreeMap<&str, usize> =
        FLOORS.iter().enumerate().flat_map(|(floor, rooms)| rooms.iter().map(move |room| (*room, floor))).collect();
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let own = room(&path);
        if matches!(own.as_str(), "lib" | "main") {
            continue;
        }
        let Some(floor) = floor_of.get(own.as_str()) else {
            wrong.push(format!("{}: the room {own} has no floor", short(&path)));
            continue;
        };
        for used in rooms_used(&text) {
            if used != own && floor_of.get(used).is_some_and(|other| other >= floor) {
                wrong.push(format!("{}: {own} uses {used}, which lies to its right", short(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What actors share: data, and what they say to each other.
const SHARED_BY_ACTORS: [&str; 16] = [
    "controllers",
    "crowd",
    "databases",
    "disk",
    "event",
    "ids",
    "instances",
    "marks",
    "names",
    "network",
    "notice",
    "observation",
    "outside",
    "plan",
    "registrations",
    "replicas",
];

/// Who changes itself, and those that move them.
const ACTORS: [&str; 14] = [
    "broker",
    "consumer",
    "database",
    "deployment",
    "fault",
    "grpc_client",
    "happen",
    "instance",
    "kubelet",
    "name_server",
    "operator",
    "producer",
    "proxy",
    "world",
];

/// Otherwise one circle of imports spans the model, and no actor can be read alone.
#[test]
fn what_actors_share_knows_no_actor() {
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (path, text) in sources("src/model") {
        let file = short(&path);
        let below = file.strip_prefix("src/model/").expect("it lies there");
        let own = below.split(['/', '.']).next().expect("a path has a beginning");
        if !SHARED_BY_ACTORS.contains(&own) {
            continue;
        }
        looked_at += 1;
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for (line, actor) in code.flat_map(|line| ACTORS.iter().map(move |actor| (line, actor))) {
            let beside = !below.contains('/') && line.contains(&format!("super::{actor}::"));
            if beside || line.contains(&format!("model::{actor}::")) {
                wrong.push(format!("{file}: {}", line.trim()));
            }
        }
    }
    assert!(looked_at > SHARED_BY_ACTORS.len(), "{looked_at} files");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_map_names_every_room() {
    let map =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("lib.rs is there");
    let rows: String = map.lines().filter(|line| line.starts_with("//! |")).collect();
    for room in map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        assert!(rows.contains(&format!("[`{room}`]")), "the map of lib.rs lacks {room}");
        assert!(FLOORS.iter().any(|rooms| rooms.contains(&room)), "{room} has no floor here");
    }
}

#[test]
fn files_and_functions_fit_a_reader() {
    let mut wrong = Vec::new();
    for (path, text) in [sources("src"), sources("tests")].concat() {
        let file = short(&path);
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            wrong.push(format!("{file}: {lines} lines"));
        }
        for (name, length) in functions(&text) {
            if length > LONGEST_FUNCTION {
                wrong.push(format!("{file}: {name}, {length} lines"));
            }
        }
    }
    assert!(wrong.is_empty(), "too long:\n{}", wrong.join("\n"));
}

#[test]
fn a_folder_has_more_than_one_file() {
    let mut files: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for (path, _) in sources("src") {
        *files.entry(path.parent().expect("files lie in folders").to_owned()).or_default() += 1;
    }
    let alone: Vec<String> = files.iter().filter(|(_, files)| **files < 2).map(|(folder, _)| short(folder)).collect();
    assert!(alone.is_empty(), "folders with one file: {}", alone.join(", "));
}

/// Each file of the model that holds rules of RocketMQ names the class and the method that a rule was read from.
#[test]
fn rules_name_their_source() {
    let mut without = Vec::new();
    for (path, text) in sources("src/model") {
        let rules = ["/client/", "/broker/", "name_server"].iter().any(|part| short(&path).contains(part));
        let cited = text.lines().filter(|line| line.trim_start().starts_with("//")).any(|line| {
            line.split(['`', ' ', '(', ',', ')', ';']).any(|word| {
                let mut parts = word.trim_end_matches(['.', ':']).split(['.', '#']);
                let class = parts.next().unwrap_or_default();
                let method = parts.next().unwrap_or_default();
                class.len() > 4
                    && class.starts_with(|letter: char| letter.is_ascii_uppercase())
                    && method.starts_with(|letter: char| letter.is_ascii_alphabetic())
            })
        });
        if rules && !cited {
            without.push(short(&path));
        }
    }
    assert!(without.is_empty(), "no rule's source is named in {}", without.join(", "));
}

/// What is public is used: its name stands somewhere besides where it is defined.
#[test]
fn nothing_public_is_dead() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut defined: Vec<(String, String)> = Vec::new();
    for (path, text) in [sources("src"), sources("tests")].concat() {
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let words: Vec<&str> = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
            for word in &words {
                *counts.entry((*word).to_owned()).or_default() += 1;
            }
            let code = line.trim_start();
            let kinds = ["fn", "struct", "enum", "trait", "type", "const", "static"];
            if short(&path).starts_with("src") && code.starts_with("pub") {
                let named = words.iter().skip_while(|word| !kinds.contains(*word)).find(|word| !kinds.contains(*word));
                defined.extend(named.map(|name| (short(&path), (*name).to_owned())));
            }
        }
    }
    assert!(defined.len() > 1_000, "public items are found: {}", defined.len());
    let dead: Vec<_> = defined.iter().filter(|(_, name)| counts[name] < 2).collect();
    assert!(dead.is_empty(), "nobody uses {dead:?}");
}

/// Rules that somebody looks for, the file that is guessed first, and what stands there.
const GUESSES: &[(&str, &str, &str)] = &[
    ("a pull expires after 120 s", "src/model/consumer/process_queue.rs", "fn is_pull_expired"),
    ("the first pull of a queue comes after 500 ms", "src/model/consumer/pull.rs", "fn dispatch_pull_requests"),
    ("where a queue begins that is taken", "src/model/consumer/start_offset.rs", "fn start_offset_answered"),
    (
        "offsets of a queue that is given up are written and forgotten",
        "src/model/consumer/rebalance_impl.rs",
        "persist_and_remove",
    ),
    ("what a client writes, and when", "src/model/consumer/offset_persistence.rs", "fn offsets_to_persist"),
    ("the client's lock counts 30 s", "src/model/consumer/service/orderly/lock.rs", "fn is_lock_expired"),
    ("the broker's lock counts 60 s", "src/model/broker/lock.rs", "fn lock_batch"),
    (
        "buffered notifications come every 15 s",
        "src/model/broker/notification.rs",
        "BUFFERED_NOTIFICATION_PERIOD: Span = Span::from_secs(15)",
    ),
    ("expiry tells nobody", "src/model/broker/expiry.rs", "fn member_expired"),
    ("a pull waits for a message", "src/model/broker/hold.rs", "fn check_held_pulls"),
    ("two rebalances are a second apart", "src/model/instance/rebalance_service.rs", "rebalance_min_interval"),
    ("heartbeats have one lock", "src/model/instance/heartbeat.rs", "fn heartbeat_all"),
    ("a name server forgets a silent broker", "src/model/name_server/mod.rs", "fn scanned"),
];

#[test]
fn a_rule_is_found_where_its_name_leads() {
    for (rule, file, what) in GUESSES {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
        let text = text.unwrap_or_else(|error| panic!("{rule}: {file}: {error}"));
        assert!(text.contains(what), "{rule}: {file} has no `{what}`");
    }
}

/// Items that programs use through the root of the crate, and those that they plug in: each page of theirs has an example.
#[test]
fn what_other_programs_use_has_an_example() {
    let all = sources("src");
    let text = |file: &str| all.iter().find(|(path, _)| short(path) == file).map(|(_, text)| text.as_str());
    let plugged = "pub use {Registry, StrategyProperties, OffsetStoreProperties, Broken, Fault, FaultKind};";
    let stores = "pub use {ByName, InMemory, Keeper, KnownStore, StoreOwner, OffsetStore, OffsetStoreError, OffsetSurroundings, \
                  OffsetPort, OffsetDatabase, OffsetRead, QueryAnswer, ReadOffsetType, Reading, RemoteBrokerOffsetStore};";
    let (root, own) = (text("src/lib.rs").expect("the root"), text("src/library/mod.rs").expect("the room"));
    let properties = "pub use {strategy_as, offset_store, clusters, faults, with_faults, groups};";
    let uses = [root, own, plugged, stores, properties].concat();
    let words = uses.lines().flat_map(|line| line.split("pub use ").skip(1)).filter(|line| !line.contains("::*"));
    let names = words.flat_map(|line| line.rsplit("::").next().unwrap_or(line).split([',', '{', '}', ';', ' ']));
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        let kinds = ["struct", "enum", "trait", "type", "const fn", "fn"].map(|kind| format!("pub {kind} {name}"));
        let begins = |line: &str| {
            let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind.as_str()));
            rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
        };
        let documented = |text: &str| {
            let lines: Vec<&str> = text.lines().collect();
            let at = lines.iter().position(|line| begins(line))?;
            let above = lines[..at].iter().rev().take_while(|line| !line.is_empty() && **line != "}");
            Some(above.filter(|line| line.starts_with("///")).any(|line| line.contains("```")))
        };
        // Other rooms have things of the same name.
        let of = |rooms: &'static [&str]| all.iter().filter(move |(path, _)| rooms.contains(&room(path).as_str()));
        let found = of(&["library"]).chain(of(&["offset"])).chain(&all).find_map(|(_, text)| documented(text));
        assert_eq!(found, Some(true), "{name} has no example");
    }
}
