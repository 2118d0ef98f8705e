//! Pages of invented runs: what stands in their data, and that it says what the run says.

use serde_json::Value;

use super::{ReportPage, worst_seeds};
use crate::report::{Body, Exporter, Report, Shown, Story, synthetic};
use crate::scenario::Scenario;
use crate::sweep::{Finished, SeedResult, judge};

fn written(report: &Report<'_>) -> String {
    let mut page = Vec::new();
    ReportPage.export(report, &mut page).expect("memory takes all");
    String::from_utf8(page).expect("text")
}

/// The page of one invented run.
fn page(scenario: &Scenario, queues: u32) -> String {
    let outcome = synthetic::outcome(scenario, 7, queues);
    let result = SeedResult::from(&outcome);
    let story = Story { scenario, file: "a story.toml".to_owned(), overrides: vec!["duration=4m".to_owned()] };
    let judgements = judge(&scenario.expect, std::slice::from_ref(&result));
    written(&Report {
        story,
        judgements,
        body: Body::One { outcome: &outcome, result: &result },
        shown: vec![],
        stories: vec![],
    })
}

/// The data of a page, as its scripts read them.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("id=\"data\">").expect("they begin");
    let (json, _) = rest.split_once("</script>").expect("they end");
    assert!(!json.contains('<'));
    serde_json::from_str(json).expect("it is JSON")
}

fn numbers(value: &Value) -> Vec<i64> {
    value.as_array().expect("a list").iter().map(|number| number.as_i64().expect("a number")).collect()
}

#[test]
fn the_stretches_of_a_row_fill_the_run() {
    for queues in [3, 12, 100] {
        let data = data(&page(&synthetic::scenario(queues), queues));
        let run = &data["runs"][0];
        let consumers = run["consumers"].as_array().expect("names").len() as i64;
        let rows = run["rows"].as_array().expect("rows");
        assert_eq!(rows.len(), queues as usize);
        for row in rows {
            let held = numbers(&row["held"]);
            let shared = row["shared"].as_array().expect("lists");
            assert_eq!(held.chunks(2).map(|stretch| stretch[0]).sum::<i64>(), run["end"].as_i64().expect("a number"));
            assert!(held.chunks(2).all(|stretch| stretch[0] > 0 && (-3..consumers).contains(&stretch[1])), "{held:?}");
            assert_eq!(held.chunks(2).filter(|stretch| stretch[1] == -3).count(), shared.len());
            assert!(shared.iter().all(|owners| numbers(owners).len() > 1), "{shared:?}");
        }
    }
}

#[test]
fn what_is_said_by_number_is_among_the_texts() {
    let data = data(&page(&synthetic::scenario(12), 12));
    let run = &data["runs"][0];
    let texts = run["texts"].as_array().expect("texts");
    let text = |number: i64| usize::try_from(number).ok().map_or("", |at| texts[at].as_str().expect("a text"));
    let columns = |name: &str| {
        let names = run[name]["names"].as_array().expect("names").clone();
        let cells = numbers(&run[name]["cells"]);
        let place = move |column: &str| names.iter().position(|name| name == column).expect("a column");
        let (width, count) = (run[name]["names"].as_array().expect("names").len(), cells.len());
        assert_eq!(count % width, 0);
        (cells.chunks(width).map(<[i64]>::to_vec).collect::<Vec<_>>(), place)
    };
    let (stalls, place) = columns("stalls");
    let silent = stalls.first().expect("c1 falls silent");
    assert_eq!(text(silent[place("queue")]), "orders/broker-a/0");
    assert_eq!((text(silent[place("cause")]), text(silent[place("why")])), ("unowned", "waiting_for_expiry"));
    assert_eq!((silent[place("row")], silent[place("from")]), (0, 60_000_000));
    let (anomalies, place) = columns("anomalies");
    assert_eq!(text(anomalies[0][place("detail")]), "until the scan of broker-a at 1m12s");
    for word in ["unowned", "waiting_for_expiry", "expiry_tells_nobody"] {
        assert!(data["words"]["causes"][word][3].as_str().is_some_and(|advice| !advice.is_empty()), "{word}");
    }
    assert_eq!(run["explain"], "rebalance-sim explain 'a story.toml' --seed 7 --set duration=4m");
    assert!(data["head"]["scenario"].as_str().is_some_and(|text| text.contains("title = ")));
}

#[test]
fn latency_is_drawn_beside_lag_and_is_none_where_nothing_is_handed_out() {
    let data = data(&page(&synthetic::scenario(3), 3));
    let run = &data["runs"][0];
    let title = |panel: &Value| run["texts"][panel["title"].as_u64().expect("a number") as usize].clone();
    let panels = run["panels"].as_array().expect("panels");
    let panel = panels.iter().find(|panel| title(panel).as_str().is_some_and(|title| title.contains("latency")));
    let panel = panel.expect("it is there");
    assert_eq!(panel["unit"], "us");
    let (mut at, mut value) = (0, 0);
    let points: Vec<(i64, i64)> = numbers(&panel["lines"][0]["points"])
        .chunks(2)
        .map(|change| {
            (at, value) = (at + change[0], value + change[1]);
            (at / 1_000_000, value)
        })
        .collect();
    assert_eq!(points, [(0, 4_000), (60, -1), (78, 18_000_000), (79, 4_000), (240, -1)]);
}

#[test]
fn the_same_run_has_the_same_page_and_a_page_is_small() {
    let scenario = synthetic::scenario(500);
    let first = page(&scenario, 500);
    assert!(first == page(&scenario, 500));
    // The help of `run` says how large a page is.
    assert!(first.len() < 700_000, "{} bytes for 500 queues", first.len());
}

#[test]
fn many_seeds_have_their_spread_and_the_worst_whole() {
    let scenario = synthetic::scenario(12);
    let results: Vec<_> = (0..30).map(|seed| SeedResult::from(&synthetic::outcome(&scenario, seed, 12))).collect();
    let story = Story { scenario: &scenario, file: "story.toml".to_owned(), overrides: vec![] };
    let judgements = judge(&scenario.expect, &results);
    let shown = worst_seeds(&judgements, &results).into_iter();
    let shown = shown.map(|(seed, why)| Shown { outcome: synthetic::outcome(&scenario, seed, 12), why }).collect();
    let (seeds, finished) = ("30".parse().expect("seeds"), Finished { results, complete: true });
    let report = Report { story, judgements, body: Body::Many { seeds, finished: &finished }, shown, stories: vec![] };
    let data = data(&written(&report));
    let spread = &data["spreads"][0];
    assert_eq!(
        (&spread["name"], &spread["unit"], numbers(&spread["values"]).len()),
        (&"stalled.max".into(), &"us".into(), 30)
    );
    assert!(numbers(&spread["values"]).is_sorted());
    let runs = data["runs"].as_array().expect("runs");
    assert!(runs.iter().all(|run| run["why"].as_str().is_some_and(|why| !why.is_empty())));
    assert!((1..=3).contains(&runs.len()));
}

#[test]
fn names_do_nothing_on_a_page() {
    const HOSTILE: &str = "\u{1b}[2J</script><script>alert(1)</script>\u{202e}&amp;";
    let mut scenario = synthetic::scenario(12);
    scenario.title = HOSTILE.to_owned();
    scenario.text = HOSTILE.to_owned();
    scenario.plan.topics.iter_mut().for_each(|topic| topic.name.push_str(HOSTILE));
    scenario.plan.consumers.iter_mut().for_each(|consumer| consumer.name.push_str(HOSTILE));
    let page = page(&scenario, 12);
    let _ = data(&page);
    assert_eq!(page.matches("</script>").count(), 2, "that of the data and that of the scripts");
    assert!(!page.contains(['\u{1b}', '\u{202e}']));
}
