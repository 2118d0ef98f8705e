//! One file that holds a page: style, data and scripts.

use std::io::{self, Write};

use serde::Serialize;

use crate::report::wording::printable_line;

/// A script of a page: its name, for who looks into the file, and its text.
#[derive(Debug, Clone, Copy)]
pub struct Script(pub &'static str, pub &'static str);

/// Names the file of a script beside its text.
macro_rules! script {
    ($name:literal) => {
        $crate::report::page::Script(
            $name,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/page/assets/", $name)),
        )
    };
}
pub(in crate::report) use script;

/// What all pages begin with: marks and texts, moments, colours.
const COMMON: [Script; 3] = [script!("elements.js"), script!("moments.js"), script!("colours.js")];

/// A page before it is written.
pub struct Frame<'a, D> {
    /// Its title, as the tab of a browser shows it.
    pub title: &'a str,
    /// What it shows.
    pub data: &'a D,
    /// The scripts that show it, behind those that all pages have. The last one calls what begins.
    pub scripts: &'a [Script],
}

/// Nothing of a page comes from anywhere else, whatever stands in a scenario's texts.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

impl<D: Serialize> Frame<'_, D> {
    /// Writes the page.
    ///
    /// # Errors
    /// What the file says.
    pub fn write(&self, file: &mut dyn Write) -> io::Result<()> {
        let title = text(&printable_line(self.title));
        write!(
            file,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"generator\" content=\"rebalance-sim {}\">\n<link rel=\"icon\" href=\"data:,\">\n\
             <title>{title}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main id=\"page\">\n\
             <noscript>This page draws its data with JavaScript. The CSV files and pictures beside it say the same.</noscript>\n\
             </main>\n<script type=\"application/json\" id=\"data\">",
            env!("CARGO_PKG_VERSION"),
            include_str!("assets/style.css"),
        )?;
        serde_json::to_writer(&mut Guarded(file), self.data)?;
        file.write_all(b"</script>\n<script type=\"module\">\n")?;
        for Script(name, source) in COMMON.iter().chain(self.scripts) {
            write!(file, "\n// ---- {name}\n{source}")?;
        }
        file.write_all(b"</script>\n</body>\n</html>\n")
    }
}

/// Writes JSON that stands within a page: `<` is in strings alone, and there `\u003c` says the same and ends no element.
struct Guarded<'a>(&'a mut dyn Write);

impl Write for Guarded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for (at, part) in bytes.split(|byte| *byte == b'<').enumerate() {
            if at > 0 {
                self.0.write_all(b"\\u003c")?;
            }
            self.0.write_all(part)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A text that is none but itself within an element.
fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_ends_its_element() {
        let data = ["</script><script>alert(1)</script>", "<!-- <script>", "a < b & c > d", "\u{2028}"];
        let mut page = Vec::new();
        let frame = Frame { title: "</title><b>\u{202e}", data: &data, scripts: &[] };
        frame.write(&mut page).expect("memory takes all");
        let page = String::from_utf8(page).expect("text");
        let (_, rest) = page.split_once("id=\"data\">").expect("the data begin");
        let (json, _) = rest.split_once("</script>").expect("the data end");
        assert!(!json.contains('<'), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(json).expect("it is JSON"), data);
        assert!(page.contains("<title>&lt;/title&gt;&lt;b&gt;\\u202e</title>"));
    }

    #[test]
    fn a_script_does_not_end_its_element_either() {
        let own = COMMON.iter().chain(super::super::exporter::SCRIPTS).chain(crate::report::comparison::SCRIPTS);
        let own = own.chain(crate::report::variation::SCRIPTS);
        for Script(name, source) in own {
            assert!(!source.contains("</script") && !source.contains("<!--"), "{name}");
            assert!(source.lines().count() <= 400, "{name} is one idea and has at most 400 lines");
            // The name of SVG's elements is no address that anybody asks.
            let asks = source.replace("http://www.w3.org/2000/svg", "");
            assert!(!asks.contains("http://") && !asks.contains("https://"), "{name} asks no network");
        }
    }
}
