//! JUnit XML, as CI servers read it: a case a kind of finding that was found, and one that passes where nothing was.

use std::fmt::Write as _;

use super::{Diagnosis, why};
use crate::doctor::Severity;
use crate::report::files::{escaped, quoted};

/// The whole document. A note passes, and says in its name what it is.
#[must_use]
pub fn junit(diagnosis: &Diagnosis<'_>) -> String {
    let failures = diagnosis.findings.iter().filter(|finding| finding.severity() != Severity::Note).count();
    let counts = format!("tests=\"{}\" failures=\"{failures}\"", diagnosis.findings.len().max(1));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"rebalance-sim\" {counts}>\n  \
         <testsuite name=\"doctor\" {counts}>\n"
    );
    if diagnosis.findings.is_empty() {
        text.push_str("    <testcase classname=\"doctor\" name=\"nothing is wrong with what was read\"/>\n");
    }
    for finding in diagnosis.findings {
        let class = format!("doctor.{}", finding.group.as_deref().unwrap_or("cluster"));
        let name = match finding.severity() {
            Severity::Note => format!("{}: {}", finding.kind.word(), finding.what),
            _ => finding.kind.word().to_owned(),
        };
        write!(text, "    <testcase classname={} name={}", quoted(&class), quoted(&name)).expect("a text takes all");
        if finding.severity() == Severity::Note {
            text.push_str("/>\n");
            continue;
        }
        let mut more = vec![diagnosis.places(finding).join(", ")];
        more.extend(why(finding));
        more.extend(finding.what_to_do.iter().cloned());
        writeln!(
            text,
            ">\n      <failure message={} type={}>{}</failure>\n    </testcase>",
            quoted(&finding.what),
            quoted(finding.severity().word()),
            escaped(&more.join("\n"))
        )
        .expect("a text takes all");
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}
