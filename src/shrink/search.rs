//! The search: passes that take parts away and make values simpler, until none of them finds anything more.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::document::{Node, Path, Turn, Value};
use super::repair::{self, Read};
use super::simpler::{in_one_unit, shorter, simpler};
use super::{Question, Shrunk, Size};
use crate::kernel::Span;
use crate::scenario::Estimate;

/// What a file is called and what it expects is no part of the story.
const KEPT: [&str; 3] = ["title", "question", "expect"];

/// Keys of the whole story that are moments of it, with the list that they stand in.
const MOMENTS: [(&str, &str); 4] =
    [("timeline", "at"), ("timeline", "between"), ("producers", "until"), ("producers", "from")];

/// The smallest so far, and what was tried.
pub(super) struct Search<'a> {
    question: &'a Question<'a>,
    best: Read,
    /// Texts of which it is not so.
    failed: BTreeSet<String>,
    tries: u64,
    /// What a run may cost: a candidate that plays longer than what it comes from is no simpler one.
    most_events: u64,
}

impl<'a> Search<'a> {
    pub fn begin(question: &'a Question<'a>, best: Read) -> Self {
        let most_events = Estimate::of(&best.scenario.plan, false).events.saturating_mul(2).saturating_add(100_000);
        Self { question, best, failed: BTreeSet::new(), tries: 0, most_events }
    }

    /// Goes on until nothing more can be taken away.
    pub fn smallest(mut self, before: Size) -> Shrunk {
        let mut last = String::new();
        while last != self.best.text && !self.ended() {
            last.clone_from(&self.best.text);
            // The end of the story first: whatever comes later is then played no more.
            self.simplify(&vec![Turn::Key("duration".to_owned())]);
            self.remove_by_depth();
            self.begin_earlier();
            self.ask_for_one_queue();
            self.simplify_all();
        }
        let smallest = !self.ended();
        let after = self.size();
        Shrunk { text: self.best.text, scenario: self.best.scenario, before, after, tries: self.tries, smallest }
    }

    fn size(&self) -> Size {
        Size::of(&self.best.root, &self.best.text, &self.best.scenario)
    }

    fn ended(&self) -> bool {
        self.tries >= self.question.tries || self.question.stop.load(Ordering::Relaxed)
    }

    /// Whether it is still so of a candidate, which is then the smallest so far.
    fn still_so(&mut self, candidate: Node) -> bool {
        if self.ended() {
            return false;
        }
        let Some(read) = repair::read(candidate, self.question.file, self.question.include) else { return false };
        if read.text == self.best.text || self.failed.contains(&read.text) {
            return false;
        }
        if Estimate::of(&read.scenario.plan, false).events > self.most_events {
            return false;
        }
        // Without a key its default holds, which may be more: a topic that does not say how many queues it has, has four.
        if Size::of(&read.root, &read.text, &read.scenario).has_more_than(self.size()) {
            return false;
        }
        self.tries += 1;
        let holds = (self.question.holds)(read.scenario.clone());
        // What was played to a stop says nothing.
        if self.question.stop.load(Ordering::Relaxed) {
            return false;
        }
        match holds {
            true => self.best = read,
            false => _ = self.failed.insert(read.text),
        }
        (self.question.tell)(self.tries, self.size());
        holds
    }

    /// Takes parts away that lie equally deep: all lists and tables, then what is in them, and so on.
    fn remove_by_depth(&mut self) {
        let deepest = |root: &Node| root.parts().iter().map(|(path, _)| path.len()).max().unwrap_or(0);
        let mut depth = 1;
        while depth <= deepest(&self.best.root) {
            let mut size = self.removable(depth).len();
            while size > 0 {
                self.remove_in_chunks(depth, size);
                size /= 2;
            }
            depth += 1;
        }
    }

    /// Takes so many parts away at once, from the last to the first: what comes later often hangs on what was before.
    fn remove_in_chunks(&mut self, depth: usize, size: usize) {
        let mut until = self.removable(depth).len();
        while until > 0 && !self.ended() {
            let parts = self.removable(depth);
            until = until.min(parts.len());
            let from = until.saturating_sub(size);
            let mut candidate = self.best.root.clone();
            parts[from..until].iter().rev().for_each(|path| candidate.remove(path));
            self.still_so(candidate);
            until = from;
        }
    }

    fn removable(&self, depth: usize) -> Vec<Path> {
        let is_kept = |path: &Path| matches!(path.first(), Some(Turn::Key(key)) if KEPT.contains(&key.as_str()));
        let parts = self.best.root.parts().into_iter().map(|(path, _)| path);
        parts.filter(|path| path.len() == depth && !is_kept(path)).collect()
    }

    /// Makes every value simpler, one after the other.
    fn simplify_all(&mut self) {
        let mut at = 0;
        while let Some((path, _)) = self.best.root.parts().get(at).cloned() {
            if !matches!(path.first(), Some(Turn::Key(key)) if KEPT.contains(&key.as_str())) {
                self.at_one_moment(&path);
                self.simplify(&path);
            }
            at += 1;
        }
    }

    /// The simplest value of which it is still so. Between one of which it is not and one of which it is, halves are tried.
    fn simplify(&mut self, path: &Path) {
        let Some(node) = self.best.root.at(path) else { return };
        let choices = simpler(node);
        self.first_that_holds(&choices, |root, choice| {
            if let Some(place) = root.at_mut(path) {
                *place = choice.clone();
            }
        });
    }

    fn first_that_holds<T>(&mut self, choices: &[T], put: impl Fn(&mut Node, &T)) {
        let base = self.best.root.clone();
        let mut tried = |at: usize| {
            let mut candidate = base.clone();
            put(&mut candidate, &choices[at]);
            self.still_so(candidate)
        };
        if choices.is_empty() || tried(0) {
            return;
        }
        let (mut fails, mut holds) = (0, choices.len());
        while holds - fails > 1 {
            let middle = fails.midpoint(holds);
            *if tried(middle) { &mut holds } else { &mut fails } = middle;
        }
    }

    /// A topic that does not say how many queues it has may do with one.
    fn ask_for_one_queue(&mut self) {
        for at in 0..self.best.root.count("topics") {
            let mut candidate = self.best.root.clone();
            let topic = candidate.at_mut(&[key("topics"), Turn::At(at)]);
            let says = |topic: &Node| {
                ["queues", "readQueueNums", "writeQueueNums"]
                    .map(key)
                    .iter()
                    .any(|key| topic.at(std::slice::from_ref(key)).is_some())
            };
            if let Some(topic) = topic.filter(|topic| !says(topic)) {
                topic.set("queues", Node::made(Value::Integer(1)));
                self.still_so(candidate);
            }
        }
    }

    /// A step between two times becomes one at the earlier.
    fn at_one_moment(&mut self, path: &Path) {
        let Some((Turn::Key(key), before)) = path.split_last() else { return };
        let Some(Value::List(items)) = self.best.root.at(path).map(|node| &node.value) else { return };
        let (true, Some(first)) = (key == "between", items.first().cloned()) else { return };
        let mut candidate = self.best.root.clone();
        if let Some(Value::Table(entries)) = candidate.at_mut(before).map(|node| &mut node.value) {
            entries.iter_mut().filter(|(own, ..)| own == key).for_each(|entry| {
                *entry = ("at".to_owned(), entry.1, first.clone());
            });
        }
        self.still_so(candidate);
    }

    /// Moves the whole story to an earlier time.
    fn begin_earlier(&mut self) {
        let first = self.moments().into_iter().filter(|(path, _)| path.starts_with(&[key("timeline")]));
        let Some(first) = first.map(|(_, span)| span).min() else { return };
        let choices = shorter(first);
        let moments = self.moments();
        self.first_that_holds(&choices, |root, target| {
            let shift = first.saturating_sub(*target);
            for (path, span) in moments.iter().filter(|(_, span)| *span > shift) {
                if let Some(place) = root.at_mut(path) {
                    *place = Node::text(&in_one_unit(span.saturating_sub(shift)));
                }
            }
        });
    }

    /// Every moment of the story with its path, the end too.
    fn moments(&self) -> Vec<(Path, Span)> {
        let is_moment = |path: &Path| match path.as_slice() {
            [Turn::Key(end)] => end == "duration",
            [Turn::Key(list), Turn::At(_), Turn::Key(own), ..] => MOMENTS.contains(&(list.as_str(), own.as_str())),
            _ => false,
        };
        let span = |node: &Node| match &node.value {
            Value::Text(text) => text.parse::<Span>().ok(),
            _ => None,
        };
        let parts = self.best.root.parts().into_iter().filter(|(path, _)| is_moment(path));
        parts.filter_map(|(path, node)| Some((path, span(node)?))).collect()
    }
}

fn key(key: &str) -> Turn {
    Turn::Key(key.to_owned())
}

/// Puts a value where a dotted path leads; an item of a list is named by its `name` or its position.
/// `None`: there is no such place.
pub(super) fn set(root: &mut Node, path: &str, value: Node) -> Option<()> {
    let mut at = root;
    for part in path.split('.').map(str::trim) {
        at = match &mut at.value {
            Value::Table(entries) => {
                let found = entries.iter().position(|(own, ..)| own == part).unwrap_or_else(|| {
                    entries.push((part.to_owned(), (0, 0), Node::made(Value::Table(Vec::new()))));
                    entries.len() - 1
                });
                &mut entries[found].2
            }
            Value::List(items) => {
                let is_named = |item: &Node| match &item.value {
                    Value::Text(text) => text == part,
                    _ => ["name", "mark"].iter().find_map(|name| item.text_of(name)) == Some(part),
                };
                let named = items.iter().position(is_named);
                let found = named.or_else(|| part.parse().ok()).filter(|at| *at < items.len())?;
                &mut items[found]
            }
            _ => return None,
        };
    }
    *at = value;
    Some(())
}
