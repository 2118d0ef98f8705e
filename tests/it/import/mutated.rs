//! Damaged texts: nothing breaks, and nothing is read that does not stand there.

use std::fs;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::evidence;
use rebalance_sim::import::Fact;
use rebalance_sim::import::fact::BrokerRef;

/// Read once for all cases.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(texts);

/// The texts of all formats, one behind the other as in a terminal, or one alone.
fn texts() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/import/formats");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("it can be listed").path()).collect();
    files.sort();
    let files = files.iter().map(|path| fs::read_to_string(path).expect("formats are text"));
    let texts: Vec<String> = files
        .flat_map(|file| {
            let cases = file.split(">>> ").skip(1).filter_map(|case| case.split_once('\n')?.1.split_once("<<<"));
            cases.map(|(text, _)| text.to_owned()).collect::<Vec<_>>()
        })
        .collect();
    assert!(texts.len() > 40, "{} texts", texts.len());
    texts
}

/// The names and numbers that a fact invents if they do not stand in the text.
fn names(fact: &Fact) -> Vec<String> {
    let broker = |broker: &BrokerRef| match broker {
        BrokerRef::Name(name) | BrokerRef::Address(name) => name.clone(),
        BrokerRef::OfThisFolder => String::new(),
    };
    let some = |text: &Option<String>| text.clone().unwrap_or_default();
    match fact {
        Fact::Broker { cluster, name, id, address, version, .. } => {
            let id = id.map(|id| id.to_string()).unwrap_or_default();
            vec![some(cluster), name.clone(), id, some(address), some(version)]
        }
        Fact::NameServer { address } => vec![address.clone()],
        Fact::BrokerSetting { broker: of, key, value } | Fact::BrokerStatus { broker: of, key, value } => {
            vec![broker(of), key.clone(), value.clone()]
        }
        Fact::NameServerSetting { key, value } => vec![key.clone(), value.clone()],
        // Of `allocateMQ` the number of queues is that of the last one and one.
        Fact::TopicAt { topic, broker: of, .. } => vec![topic.clone(), broker(of)],
        Fact::Topic { topic, cluster } => vec![topic.clone(), some(cluster)],
        Fact::QueueRange { topic, broker, queue, min, max, .. } => {
            vec![some(topic), broker.clone(), queue.to_string(), min.to_string(), max.to_string()]
        }
        Fact::GroupAt { group, broker: of, .. } => vec![group.clone(), broker(of)],
        Fact::GroupIs { group, .. } | Fact::SubscriptionsDiffer { group } => vec![some(group)],
        Fact::Member { group, client_id, address, language, version } => {
            vec![some(group), client_id.clone(), some(address), some(language), some(version)]
        }
        Fact::Subscription { group, client_id, topic, expression } => {
            vec![some(group), some(client_id), topic.clone(), expression.clone()]
        }
        Fact::ClientSetting { group, client_id, key, value } => {
            vec![some(group), some(client_id), key.clone(), value.clone()]
        }
        Fact::Progress { group, queue, broker_offset, consumer_offset, client_ip, .. } => vec![
            some(group),
            queue.topic.clone(),
            queue.broker.clone(),
            queue.id.to_string(),
            broker_offset.to_string(),
            consumer_offset.to_string(),
            some(client_ip),
        ],
        Fact::TopicOfGroup { group, topic, .. } => vec![group.clone(), topic.clone()],
        Fact::Owner { group, client_id, queue, .. } | Fact::ClientOffset { group, client_id, queue, .. } => {
            vec![some(group), client_id.clone(), queue.topic.clone(), queue.broker.clone(), queue.id.to_string()]
        }
        Fact::PopOwner { group, client_id, topic, broker, queue, .. } => {
            let queue = queue.map_or("-1".to_owned(), |queue| queue.to_string());
            vec![some(group), client_id.clone(), topic.clone(), broker.clone(), queue]
        }
        // Of other inputs than tables.
        _ => Vec::new(),
    }
}

/// A way to damage a text.
#[derive(Debug, Clone)]
enum Damage {
    CutLine(usize, usize),
    DoubleLine(usize),
    SwapLines(usize, usize),
    DropLine(usize),
    DropColumn(usize, usize),
    Insert(usize, String),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = || 0..200usize;
    prop_oneof![
        (at(), at()).prop_map(|(line, at)| Damage::CutLine(line, at)),
        at().prop_map(Damage::DoubleLine),
        (at(), at()).prop_map(|(one, other)| Damage::SwapLines(one, other)),
        at().prop_map(Damage::DropLine),
        (at(), 0..9usize).prop_map(|(line, column)| Damage::DropColumn(line, column)),
        (at(), "[ -~\t\u{0}\u{e4}\u{4e2d}=#@:{\\[]{0,12}").prop_map(|(at, text)| Damage::Insert(at, text)),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for damage in damages {
        if lines.is_empty() {
            break;
        }
        let count = lines.len();
        match damage {
            Damage::CutLine(line, at) => {
                let line = &mut lines[line % count];
                *line = line.chars().take(*at).collect();
            }
            Damage::DoubleLine(line) => lines.insert(line % count, lines[line % count].clone()),
            Damage::SwapLines(one, other) => lines.swap(one % count, other % count),
            Damage::DropLine(line) => drop(lines.remove(line % count)),
            Damage::DropColumn(line, column) => {
                let line = &mut lines[line % count];
                let mut words: Vec<&str> = line.split_inclusive(char::is_whitespace).collect();
                if !words.is_empty() {
                    words.remove(column % words.len());
                }
                *line = words.concat();
            }
            Damage::Insert(at, text) => {
                let line = &mut lines[at % count];
                let begin = line.char_indices().map(|(index, _)| index).nth(at / 3).unwrap_or(line.len());
                line.insert_str(begin, text);
            }
        }
    }
    lines.join("\n")
}

/// That everything that is read stands in the text.
fn nothing_is_invented(text: &str) {
    let read = evidence(text);
    for sighted in &read.facts {
        // Java joins lines behind a backslash, and reads what it escapes: such a value stands there in another form.
        let of_properties = matches!(
            sighted.fact,
            Fact::BrokerSetting { .. }
                | Fact::SlaveSetting { .. }
                | Fact::NameServerSetting { .. }
                | Fact::Broker { .. }
        );
        if of_properties && text.contains('\\') {
            continue;
        }
        for name in names(&sighted.fact) {
            assert!(text.contains(&name), "{name:?} of {sighted:?} does not stand in\n{text}");
        }
        // A member is nothing else that stands there.
        if let Fact::Member { client_id, .. } = &sighted.fact {
            assert!(client_id.contains('@'), "{sighted:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_text_gives_nothing_that_does_not_stand_in_it(
        picked in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        damages in prop::collection::vec(damage(), 0..12),
    ) {
        let text: String = picked.iter().map(|index| TEXTS[index.index(TEXTS.len())].as_str()).collect();
        nothing_is_invented(&damaged(&text, &damages));
    }

    #[test]
    fn noise_gives_nothing_that_does_not_stand_in_it(text in "(?s).{0,300}") {
        nothing_is_invented(&text);
    }
}

#[test]
fn a_damaged_text_is_told_of_in_few_lines() {
    let header = "#Topic  #Broker Name  #QID  #Broker Offset  #Consumer Offset  #Diff  #LastTime\n";
    for nonsense in ["x\n".repeat(50_000), format!("{header}{}", "T b 0\n".repeat(20_000)), "{}\n".repeat(20_000)] {
        let read = evidence(&nonsense);
        assert!(read.facts.is_empty() && read.notes.len() <= 1001, "{} notes", read.notes.len());
    }
    let read = evidence(&format!("{header}{}", "T b 0\n".repeat(200)));
    let last = &read.notes.last().expect("there are some").what;
    assert_eq!(last, "and 101 further lines like that", "a group that is not said, too");
}
