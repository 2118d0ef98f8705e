//! `doctor INPUT...`: what is wrong with a cluster now, from what an operator has in hand.

use clap::{Args, ValueEnum};

use super::{Answer, Failure, Verdict, inputs, load, terminal};
use crate::doctor::{Asked, Intended, diagnose};
use crate::report::diagnosis::{Diagnosis, html, json, junit, markdown, text};

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/doctor.txt"))]
pub(super) struct Arguments {
    /// Outputs of mqadmin, files of brokers and clients, logs, configuration, manifests; folders of them; `-` for stdin.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// A scenario that says what the cluster should be: its groups' strategies, members and topics.
    #[arg(long, value_name = "FILE")]
    scenario: Option<String>,
    /// Only this group, which is also that of outputs that do not say theirs.
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How the findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One object.
    Json,
    /// One page.
    Html,
    /// JUnit XML, as CI servers read it.
    Junit,
    /// For issues and chats.
    Markdown,
}

impl Arguments {
    /// Reads all inputs and prints what is wrong; bad input where nothing in them is known, or nothing of it is understood:
    /// what says nothing is not healthy.
    pub(super) fn execute(self) -> Answer {
        let intended = self.scenario.as_deref().map(|file| load::scenario(file, &[])).transpose()?;
        let intended = intended.map(|scenario| Intended::of(&scenario.plan));
        let inputs = inputs::read(&self.inputs)?;
        let evidence = crate::import::read(&inputs);
        if evidence.recognised.is_empty() {
            let named = self.inputs.join("`, `");
            return Err(Failure::bad_input(format!(
                "nothing in `{named}` is known; `rebalance-sim doctor --help` says what is read"
            )));
        }
        if evidence.facts.is_empty() {
            let named = self.inputs.join("`, `");
            let first = evidence.notes.iter().min_by_key(|note| note.place);
            let why = first.map_or_else(String::new, |note| format!(": {}: {}", evidence.at(note.place), note.what));
            return Err(Failure::bad_input(format!("nothing in `{named}` says anything of a cluster{why}")));
        }
        let findings = diagnose(&evidence, &Asked { group: self.group, intended });
        let diagnosis = Diagnosis { evidence: &evidence, findings: &findings, inputs: &self.inputs };
        match self.format {
            Format::Text => {
                let text = text::text(&diagnosis);
                let plain = crate::report::printable(&text);
                terminal::print_painted(&text::painted(&diagnosis, &plain, terminal::paint()))?;
            }
            Format::Json => terminal::print(&json::json(&diagnosis))?,
            Format::Html => terminal::print(&html::html(&diagnosis))?,
            Format::Junit => terminal::print(&junit::junit(&diagnosis))?,
            Format::Markdown => terminal::print(&markdown::markdown(&diagnosis))?,
        }
        Ok(if diagnosis.is_healthy() { Verdict::Held } else { Verdict::Violated })
    }
}
