//! For programs.

use serde_json::{Value, json};

use super::Diagnosis;
use crate::check::{Cause, Trap};
use crate::doctor::Finding;

/// The whole document, with a newline at its end.
#[must_use]
pub fn json(diagnosis: &Diagnosis<'_>) -> String {
    let evidence = diagnosis.evidence;
    let recognised = evidence
        .recognised
        .iter()
        .map(|piece| json!({ "at": evidence.at(piece.place), "as": piece.what, "facts": piece.facts }));
    let notes = evidence.notes.iter().map(|note| json!({ "at": evidence.at(note.place), "what": note.what }));
    let value = json!({
        "verdict": diagnosis.verdict(),
        "findings": diagnosis.findings.iter().map(|found| finding(diagnosis, found)).collect::<Vec<_>>(),
        "read": recognised.collect::<Vec<_>>(),
        "not_understood": notes.collect::<Vec<_>>(),
        "simulate": diagnosis.commands(),
    });
    serde_json::to_string_pretty(&value).expect("texts make JSON") + "\n"
}

fn finding(diagnosis: &Diagnosis<'_>, finding: &Finding) -> Value {
    json!({
        "kind": finding.kind.word(),
        "severity": finding.severity().word(),
        "group": finding.group,
        "what": finding.what,
        "evidence": diagnosis.places(finding),
        "cause": finding.cause.map(Cause::word),
        "trap": finding.trap().map(Trap::word),
        "how_sure": finding.sure.word(),
        "what_to_do": finding.what_to_do,
        "simulate": finding.simulate(),
    })
}
