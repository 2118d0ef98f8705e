//! A scenario from a file, many seeds, and what is said of them.

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use rebalance_sim::{
    Cluster, Counts, Error, Figure, FigureError, Group, Lasted, RunError, Scenario, Shares, Spans, Sweep, secs,
};

use crate::killed;

/// A folder of one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("rebalance-sim-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("environments")).expect("a temporary folder");
        Self(folder)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("it can be written");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_first_example_of_the_crate_holds() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new("first");
    let rolling = folder.file("rolling.toml", &killed(Group::new("g")).to_toml());
    let scenario = Scenario::from_file(rolling)?.with("groups.g.persistConsumerOffsetInterval", "1s")?;
    let outcomes = Sweep::seeds(0..20).run(&scenario);
    assert!(outcomes.quantile(Figure::Duplicates, 0.99) <= 50.0);
    assert_eq!(outcomes.total(Figure::Lost), 0.0);
    Ok(())
}

#[test]
fn environments_are_looked_up_beside_the_file_and_nowhere_else() {
    let folder = Folder::new("environments");
    let text = killed(Group::new("g")).environment("mine").to_toml();
    let path = folder.file("story.toml", &text);
    let why = Scenario::from_file(&path).expect_err("there is no such environment").to_string();
    assert!(why.contains("there is no environment `mine`"), "{why}");
    folder.file("environments/mine.toml", "client_broker_latency = \"7ms\"\n");
    let scenario = Scenario::from_file(&path).expect("it lies there now");
    assert!(scenario.plan().environment.client_broker_latency.upper_bound() == Some(rebalance_sim::millis(7)));
    assert!(matches!(Scenario::from_toml(&text), Err(Error::Refused(_))), "a text lies nowhere");
    assert!(scenario.with("environment", "cloud").is_ok(), "a change may name another");
}

#[test]
fn values_stand_in_their_unit() {
    let outcomes = Sweep::seeds(3..9).run(&killed(Group::new("g")).scenario().expect("it is one"));
    let each: Vec<(u64, Lasted)> = outcomes.each(Figure::UnownedMax).collect();
    assert_eq!(each.iter().map(|(seed, _)| *seed).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8]);
    let (seed, longest) = outcomes.worst(Figure::UnownedMax).expect("all have it");
    assert!(each.contains(&(seed, longest)) && longest > secs(0) && longest < secs(30), "{longest}");
    assert_eq!(outcomes.quantile(Figure::UnownedMax, 1.0), longest);
    assert!(outcomes.quantile(Figure::UnownedMax, 0.5) <= longest);
    assert!(outcomes.mean(Figure::UnownedMax) <= longest);
    let fair: f64 = outcomes.mean(Figure::<Shares>::BalanceJain);
    assert!(fair > 0.5 && fair <= 1.0, "{fair}");
    let total = outcomes.total(Figure::Delivered);
    let sum: f64 = outcomes.each(Figure::Delivered).map(|(_, delivered)| delivered).sum();
    assert_eq!(total, sum);
    assert_eq!(outcomes.results().len(), 6);
    let phase = outcomes.mean(Figure::Delivered.in_phase("kill"));
    assert!(phase > 0.0 && phase <= total, "{phase}");
}

#[test]
fn a_figure_by_name_is_of_its_unit_or_an_error() {
    assert_eq!(Figure::named("phase kill: stalled.max"), Ok(Figure::StalledMax.in_phase("kill")));
    assert_eq!(Figure::named("topic T: lag.max"), Ok(Figure::LagMax.of_topic("T")));
    assert_eq!(Figure::LagMax.of_group("g").in_phase("kill").name(), "phase kill: g: lag.max");
    let misspelt = Figure::<Counts>::named("duplikates").expect_err("misspelt");
    assert!(misspelt.to_string().contains("there is no figure `duplikates`; the nearest are duplicates"), "{misspelt}");
    let unit = FigureError::OtherUnit { figure: "lost".to_owned(), unit: "messages" };
    assert_eq!(Figure::<Spans>::named("lost"), Err(unit));
    assert_eq!(
        Figure::<Counts>::named("cause.crash_lag").map(|figure| figure.name().to_owned()).as_deref(),
        Ok("cause.crash_lag")
    );
}

#[test]
fn what_is_expected_is_judged() {
    let cluster = killed(Group::new("g")).expect(["lost == 0", "unowned.max <= 1us"]);
    let outcomes = Sweep::seeds(0..3).run(&cluster.scenario().expect("it is one"));
    assert!(!outcomes.held());
    assert_eq!(outcomes.judgements().len(), 2);
    assert!(outcomes.violated()[0].starts_with("unowned.max <= 1us (seed "), "{:?}", outcomes.violated());
}

#[test]
fn threads_change_no_result() {
    let scenario = killed(Group::new("g")).scenario().expect("it is one");
    let one = Sweep::seeds(0..4).threads(NonZeroUsize::MIN).run(&scenario);
    let many = Sweep::seeds(0..4).threads(NonZeroUsize::new(3).expect("not zero")).run(&scenario);
    assert_eq!(one.results(), many.results());
}

/// What cannot be told is unknown, and no bound holds for it: a test does not pass because nothing was played.
#[test]
#[expect(clippy::neg_cmp_op_on_partial_ord, reason = "that neither bound holds is what is asked")]
fn of_no_outcome_nothing_holds() {
    let quick = "environment = { client_broker_latency = '0s', service_time = '0s', client_start = '0s', \
                 client_instance_start = '0s' }";
    let group = Group::new("g").set("pullTimeDelayMillsWhenException", 0);
    let cluster = Cluster::new().broker("b").topic("orders", 1).group(group).at(secs(3)).kill_broker("b");
    let endless = Scenario::from_toml(&format!("{quick}\n{cluster}")).expect("the language takes it");
    let none = Sweep::seeds(0..3).run(&endless);
    assert!(matches!(none.failure(), Some(RunError::Unfinished { seed: 0, .. })), "{:?}", none.failure());
    assert!(none.violated()[0].contains("time stands still") && !none.held());
    assert!(endless.run(0).is_err());

    let scenario = killed(Group::new("g")).expect(["lost == 0"]).scenario().expect("it is one");
    let none = Sweep::seeds(7..7).run(&scenario);
    assert_eq!(none.failure(), Some(&RunError::NoSeeds(7..7)));
    assert!(!none.held());
    assert!(!(none.quantile(Figure::Duplicates, 0.99) <= 50.0) && none.total(Figure::Lost) != 0.0);
    assert!(!(none.quantile(Figure::StalledMax, 0.99) <= secs(5)) && !(none.mean(Figure::StalledMax) > secs(5)));
    let some = Sweep::seeds(0..1).run(&scenario);
    assert!(some.quantile(Figure::Duplicates, 1.5).is_nan() && some.quantile(Figure::Duplicates, f64::NAN).is_nan());
    assert!(some.mean(Figure::Lost.in_phase("nowhere")).is_nan(), "there is no such phase");
}
