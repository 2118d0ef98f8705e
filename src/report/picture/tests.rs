//! Pictures of invented runs at the sizes that must stay readable.

use crate::report::synthetic;
use crate::report::{Body, Exporter, Report, Story, registry, text};
use crate::sweep::{Finished, SeedResult, judge};

/// What a file of the report holds; `None`: there is no such file.
fn exported(exporter: &dyn Exporter, report: &Report<'_>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    exporter.export(report, &mut bytes).expect("memory takes all");
    Some(bytes).filter(|bytes| !bytes.is_empty())
}

/// Hands every file of a report of so many queues to `look`.
fn files_of_one(queues: u32, mut look: impl FnMut(&str, Option<Vec<u8>>)) {
    let scenario = synthetic::scenario(queues);
    let outcome = synthetic::outcome(&scenario, 7, queues);
    let result = SeedResult::from(&outcome);
    let story = Story { scenario: &scenario, file: "story.toml".to_owned(), overrides: vec![] };
    let judgements = judge(&scenario.expect, std::slice::from_ref(&result));
    let report = Report {
        story,
        judgements,
        body: Body::One { outcome: &outcome, result: &result },
        shown: vec![],
        stories: vec![],
    };
    registry().iter().for_each(|exporter| look(exporter.file_name(), exported(*exporter, &report)));
}

/// The same with names that no file of the language forbids.
fn files_of_hostile_names(mut look: impl FnMut(&str, Option<Vec<u8>>)) {
    const HOSTILE: &str = "\u{1}\u{1b}[2J<a href=\"x\">&amp;'--]]>\u{fffe}\u{202e}\n\t\u{7f}\u{9b}";
    let mut scenario = synthetic::scenario(12);
    scenario.title = HOSTILE.to_owned();
    let plan = &mut scenario.plan;
    plan.topics.iter_mut().for_each(|topic| topic.name.push_str(HOSTILE));
    plan.brokers.iter_mut().for_each(|broker| broker.name.push_str(HOSTILE));
    plan.groups.iter_mut().for_each(|group| group.name.push_str(HOSTILE));
    plan.timeline.iter_mut().for_each(|step| step.label.push_str(HOSTILE));
    for consumer in &mut plan.consumers {
        consumer.name.push_str(HOSTILE);
        consumer.client_id.push_str(HOSTILE);
    }
    let mut outcome = synthetic::outcome(&scenario, 7, 12);
    outcome.steps.iter_mut().for_each(|(_, label)| label.push_str(HOSTILE));
    let result = SeedResult::from(&outcome);
    let story = Story { scenario: &scenario, file: HOSTILE.to_owned(), overrides: vec![HOSTILE.to_owned()] };
    let judgements = judge(&scenario.expect, std::slice::from_ref(&result));
    let report = Report {
        story,
        judgements,
        body: Body::One { outcome: &outcome, result: &result },
        shown: vec![],
        stories: vec![],
    };
    registry().iter().for_each(|exporter| look(exporter.file_name(), exported(*exporter, &report)));
    let said = text::summary(&report, text::Paint::Plain, text::Extent::All);
    look("summary.txt", Some(said.into_bytes()));
}

#[test]
fn every_picture_is_xml_and_no_summary_acts_on_a_terminal() {
    let mut pictures = 0;
    files_of_hostile_names(|name, bytes| {
        let bytes = bytes.unwrap_or_default();
        if name.ends_with(".svg") && !bytes.is_empty() {
            let text = std::str::from_utf8(&bytes).expect("text");
            roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            pictures += 1;
        }
        if name.starts_with("summary") {
            let text = std::str::from_utf8(&bytes).expect("text");
            let acts = |c: char| c.is_control() && c != '\n' && c != '\t';
            assert!(!text.contains(acts) && text.contains("\\u001b[2J"), "{name}: {text:?}");
        }
    });
    assert_eq!(pictures, 3);
    files_of_many(|name, bytes| {
        if let Some(bytes) = bytes.filter(|_| name.ends_with(".svg")) {
            roxmltree::Document::parse(std::str::from_utf8(&bytes).expect("text")).expect("XML");
        }
    });
}

fn files_of_many(mut look: impl FnMut(&str, Option<Vec<u8>>)) {
    let scenario = synthetic::scenario(12);
    let results: Vec<_> = (0..200).map(|seed| SeedResult::from(&synthetic::outcome(&scenario, seed, 12))).collect();
    let story = Story { scenario: &scenario, file: "story.toml".to_owned(), overrides: vec![] };
    let finished = Finished { results, complete: true };
    let judgements = judge(&scenario.expect, &finished.results);
    let seeds = "200".parse().expect("seeds");
    let report =
        Report { story, judgements, body: Body::Many { seeds, finished: &finished }, shown: vec![], stories: vec![] };
    registry().iter().for_each(|exporter| look(exporter.file_name(), exported(*exporter, &report)));
}

#[test]
fn one_seed_has_timelines_and_many_have_distributions() {
    let mut one = Vec::new();
    files_of_one(12, |name, bytes| one.extend(bytes.map(|_| name.to_owned())));
    let mut many = Vec::new();
    files_of_many(|name, bytes| many.extend(bytes.map(|_| name.to_owned())));
    let pictures = ["ownership.svg", "ownership.png", "lag.svg", "lag.png", "balance.svg", "balance.png"];
    assert!(pictures.iter().all(|name| one.iter().any(|file| file == name)), "{one:?}");
    assert_eq!(many, ["summary.json", "report.html", "seeds.csv", "distributions.svg", "distributions.png"]);
}

#[test]
fn a_picture_names_every_consumer_and_marks_every_step() {
    let mut svg = String::new();
    files_of_one(12, |name, bytes| {
        if name == "ownership.svg" {
            svg = String::from_utf8(bytes.expect("a picture")).expect("text");
        }
    });
    for word in [
        "c1",
        "c2",
        "c3",
        "power off c1",
        "restart c1",
        "orders/broker-b/5",
        "no live owner",
        "two live owners",
        "stalled",
    ] {
        assert!(svg.contains(word), "{word} is missing");
    }
}

#[test]
fn pngs_are_drawn_with_the_embedded_font() {
    files_of_one(3, |name, bytes| {
        if name == "balance.png" {
            let bytes = bytes.expect("a picture");
            let mut reader = png::Decoder::new(bytes.as_slice()).read_info().expect("a PNG");
            let mut pixels = vec![0; reader.output_buffer_size()];
            let info = reader.next_frame(&mut pixels).expect("a PNG");
            let row = info.width as usize * 3;
            // Nothing but the title stands in the first forty rows.
            let dark = pixels[..40 * row].chunks(3).filter(|pixel| pixel.iter().all(|part| *part < 0x80)).count();
            assert!(dark > 500, "only {dark} dark pixels where the title should be");
        }
    });
}

/// Writes all pictures into `target/gallery`, for people to look at.
#[test]
#[ignore = "it writes files for people; run it after a change of a picture"]
fn gallery() {
    let place = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery");
    std::fs::create_dir_all(&place).expect("a directory");
    let write = |prefix: &str, name: &str, bytes: Option<Vec<u8>>| {
        bytes
            .into_iter()
            .for_each(|bytes| std::fs::write(place.join(format!("{prefix}-{name}")), bytes).expect("written"));
    };
    for queues in [3, 12, 100, 1_000] {
        files_of_one(queues, |name, bytes| write(&queues.to_string(), name, bytes));
    }
    files_of_many(|name, bytes| write("many", name, bytes));
}
