//! One page that needs nothing else, for who gets it by mail.

use std::fmt::Write as _;

use super::{Diagnosis, why};
use crate::report::files::escaped;

/// Nothing of the page comes from anywhere else, whatever stands in an input.
const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
    .error{border-left:.3rem solid #b3261e}.warning{border-left:.3rem solid #b26a00}.note{border-left:.3rem solid #777}\
    section{padding-left:1rem;margin:1.5rem 0}dt{font-weight:600}dd{margin:0 0 .3rem}code,pre{font-size:.9em}\
    @media(prefers-color-scheme:dark){body{background:#161616;color:#eee}}";

/// The whole page.
#[must_use]
pub fn html(diagnosis: &Diagnosis<'_>) -> String {
    let (verdict, counts) = (diagnosis.verdict(), escaped(&diagnosis.counts()));
    let mut page = format!(
        "{HEAD}<title>{verdict}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{verdict}</h1>\n<p>{counts}</p>\n"
    );
    for finding in diagnosis.findings {
        let (severity, what) = (finding.severity().word(), escaped(&finding.what));
        writeln!(page, "<section class=\"{severity}\">\n<h2>{what}</h2>\n<dl>").expect("a text takes all");
        let mut item = |title: &str, what: &str| {
            writeln!(page, "<dt>{title}</dt><dd>{}</dd>", escaped(what)).expect("a text takes all");
        };
        item("severity", severity);
        item("stands at", &diagnosis.places(finding).join(", "));
        if let Some(why) = why(finding) {
            item("why", &why);
        }
        item("how sure", finding.sure.word());
        finding.what_to_do.iter().for_each(|step| item("what to do", step));
        page.push_str("</dl>\n</section>\n");
    }
    let [import, run] = diagnosis.commands().map(|command| escaped(&command));
    write!(page, "<h2>Simulate it</h2>\n<pre>{import}\n{run}</pre>\n</body>\n</html>\n").expect("a text takes all");
    page
}
