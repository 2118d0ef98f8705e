//! What readers of YAML share: each document is read by the reader whose shape it has.

use super::super::reader::{Reader, Reading};
use super::super::section::{Place, Section};
use super::yaml::{Yaml, documents};

/// Reads one kind of YAML.
pub(in crate::import) struct YamlReader {
    /// [`Reader::name`].
    pub name: &'static str,
    /// How a line begins, without its indent, that stands in every text of this kind.
    pub marks: &'static [&'static str],
    /// Whether a document is of this kind.
    pub is: fn(&Yaml) -> bool,
    /// Reads it.
    pub read: fn(&Manifest<'_>, &mut Reading),
}

/// A document that is read.
pub(in crate::import) struct Manifest<'a> {
    section: &'a Section<'a>,
    /// What it holds.
    pub root: &'a Yaml,
}

static KINDS: &[&YamlReader] = &[&super::KUBERNETES, &super::COMPOSE, &super::SPRING_YAML, &super::HELM];

impl Reader for YamlReader {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let mut lines = section.lines.iter().map(|(_, line)| line.trim_start().trim_start_matches("- "));
        lines.any(|line| self.marks.iter().any(|mark| line.starts_with(mark)))
            && documents(&section.text()).documents.iter().any(self.is)
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let read = documents(&section.text());
        for root in &read.documents {
            let manifest = Manifest { section, root };
            match KINDS.iter().find(|kind| (kind.is)(root)) {
                Some(kind) => (kind.read)(&manifest, reading),
                None if root.fields().is_empty() && root.elements().is_empty() && root.text().is_none() => {}
                None => reading.note(manifest.place(root), "this document of YAML is of no kind that is known"),
            }
        }
        if let Some((line, _)) = section.lines.iter().find(|(_, line)| line.contains("{{")) {
            let what = "this is a template of Helm: `helm template` makes a manifest of it";
            reading.note(section.place(*line), what);
        }
        if let Some((line, why)) = read.broken {
            reading.note(place(section, line), format!("YAML ends here: {why}; what follows is not read"));
        }
    }
}

fn place(section: &Section<'_>, line: usize) -> Place {
    let at = section.lines.get(line.saturating_sub(1)).or(section.lines.last());
    section.place(at.map_or(1, |(number, _)| *number))
}

impl Manifest<'_> {
    /// Where a value of it stands.
    pub(super) fn place(&self, value: &Yaml) -> Place {
        place(self.section, value.line)
    }

    /// Where a line of it stands.
    pub(super) fn place_of_line(&self, line: usize) -> Place {
        place(self.section, line)
    }
}
