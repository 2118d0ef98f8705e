//! The catalogue of scenarios: what each is called, asks, retells and shows, read from the head of its text.
//!
//! Nothing is played and nothing else of a scenario is checked, so that a catalogue is made at once.

use super::origin::Origin;
use super::text::{Fields, Node, ScenarioError, Sources};

/// The folders of scenarios, in the order in which they are shown, with the question that those in it are about.
pub const FOLDERS: &[(&str, &str)] = &[
    ("ownership", "Why has a queue no consumer, or two?"),
    ("go", "What is different with the Go client?"),
    ("duplicates", "How many messages come twice, and why?"),
    ("stalls", "How long does a queue stand still?"),
    ("order", "What happens to ordered queues?"),
    ("loss", "Do I skip or lose messages?"),
    ("pop", "What is different where messages are popped?"),
    ("grpc", "What is different with gRPC clients and a proxy?"),
    ("brokers", "What if a broker or a name server goes and comes?"),
    ("releases", "What happens during a rolling release?"),
    ("balance", "How uneven is it, and what moves?"),
    ("timers", "Which timers contradict each other?"),
    ("large", "What do hundreds of members cost the brokers?"),
];

/// One scenario of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its file, as it was named.
    pub path: String,
    /// The folder that it stands in, below the one that is listed; empty where it stands in that one.
    pub folder: String,
    /// Its title.
    pub title: String,
    /// The question that it answers.
    pub question: String,
    /// The threads that it retells and the traps that it shows.
    pub origin: Origin,
}

impl Entry {
    /// Reads the head of a scenario that is `path`, and stands in `folder`.
    ///
    /// # Errors
    /// The text is no TOML, or lacks a title, or its head is not as it should be.
    pub fn read(folder: &str, path: &str, text: &str) -> Result<Self, ScenarioError> {
        let mut sources = Sources::default();
        let source = sources.add(path, text);
        let read = || {
            let root = Node::parse(text, source)?;
            let fields = Fields::of(&root, "the scenario")?;
            let title = fields.require("title", "\"...\"")?.text("a title")?.to_owned();
            let question = fields.get("question").map_or(Ok(""), |node| node.text("a question"))?.to_owned();
            let origin = Origin::read(&fields)?;
            Ok(Self { path: path.to_owned(), folder: folder.to_owned(), title, question, origin })
        };
        read().map_err(|fault| sources.explain(fault))
    }

    /// The name of its file, without the folder.
    #[must_use]
    pub fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether each word of a search is found in it, whatever the case. A word such as `E2` asks for that trap, and
    /// not for E20.
    #[must_use]
    pub fn matches(&self, search: &str) -> bool {
        let sources = self.origin.sources.join(" ");
        let text = format!("{} {} {} {sources}", self.path, self.title, self.question).to_lowercase();
        search.split_whitespace().all(|word| {
            let trap = word.strip_prefix(['E', 'e']).is_some_and(|rest| rest.parse::<u8>().is_ok());
            match trap {
                true => self.origin.traps.iter().any(|known| known.eq_ignore_ascii_case(word)),
                false => text.contains(&word.to_lowercase()),
            }
        })
    }
}

/// Sorts entries as they are shown: by folder in the order of [`FOLDERS`], others behind, then by path.
pub fn sort(entries: &mut [Entry]) {
    let place = |entry: &Entry| FOLDERS.iter().position(|(folder, _)| *folder == entry.folder);
    entries.sort_by_cached_key(|entry| (place(entry).unwrap_or(FOLDERS.len()), entry.path.clone()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let text = "title = 'One id'\nquestion = 'Who owns what?'\nsource = ['apache/rocketmq#2760', 'https://x.org/a']\n\
                    trap = ['E2', 'E23']\nanything = 1\n";
        Entry::read("ownership", "scenarios/ownership/one_id.toml", text).expect("it has a head")
    }

    #[test]
    fn an_entry_is_found_by_any_of_its_words() {
        let entry = entry();
        assert_eq!(entry.file(), "one_id.toml");
        for search in
            ["", "one_ID", "OWNS", "2760", "rocketmq#2760", "x.org", "E2", "e23", "ownership id", "who E2 2760"]
        {
            assert!(entry.matches(search), "{search}");
        }
        for search in ["E3", "E", "E232", "27600", "one two", "who E3"] {
            assert_eq!(entry.matches(search), search == "E", "{search}");
        }
    }

    #[test]
    fn a_text_without_a_head_is_refused_with_its_place() {
        let refused = |text: &str| Entry::read("", "a.toml", text).expect_err(text).to_string();
        assert!(refused("question = 'x'").starts_with("a.toml:1:1: the scenario lacks `title`"));
        assert!(refused("title = 'x'\ntrap = 'E99'").starts_with("a.toml:2:8: `E99` is no trap"));
        assert!(refused("title = ").starts_with("a.toml:1:"));
    }

    #[test]
    fn folders_stand_in_their_own_order() {
        let at = |folder: &str, path: &str| Entry { path: path.to_owned(), folder: folder.to_owned(), ..entry() };
        let mut entries = [at("mine", "4"), at("", "3"), at("timers", "2"), at("ownership", "1"), at("ownership", "0")];
        sort(&mut entries);
        assert_eq!(entries.map(|entry| entry.path), ["0", "1", "2", "3", "4"]);
    }
}
