//! rebalance-sim: a deterministic discrete-event simulator of Apache RocketMQ consumer-group rebalancing.
//!
//! # In tests of your own
//!
//! A scenario, many seeds, and a bound on what a user feels; the same on every machine:
//!
//! ```standalone_crate
//! # let folder = std::env::temp_dir().join(format!("rebalance-sim-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # std::env::set_current_dir(&folder)?;
//! # std::fs::write("rolling.toml", rebalance_sim::Cluster::new().broker("a").topic("orders", 4).producer("orders", "4/s")
//! #     .group(rebalance_sim::Group::new("g").members(3)).lasts(rebalance_sim::secs(60))
//! #     .at(rebalance_sim::secs(40)).kill("c2").to_toml())?;
//! use rebalance_sim::{Figure, Scenario, Sweep};
//!
//! let scenario = Scenario::from_file("rolling.toml")?.with("groups.g.persistConsumerOffsetInterval", "1s")?;
//! let outcomes = Sweep::seeds(0..200).run(&scenario);
//! assert!(outcomes.quantile(Figure::Duplicates, 0.99) <= 50.0);
//! assert_eq!(outcomes.total(Figure::Lost), 0.0);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What it takes in your `Cargo.toml`:
//!
//! ```text
//! [dev-dependencies]
//! rebalance-sim = { version = "0.1", default-features = false, features = ["proptest"] }
//! proptest = "1"                    # where clusters are random; else without it, and without that feature
//!
//! # A test builds without optimisation, and a simulator is ten times as slow then.
//! [profile.dev.package.rebalance-sim]
//! opt-level = 2
//! ```
//!
//! | you want | take |
//! |---|---|
//! | a scenario by its file, its environments beside it | [`Scenario::from_file`], and [`Scenario::with`] for `--set` |
//! | one that is built by hand | [`Cluster`], [`Group`], [`At`]: it prints as a scenario file |
//! | figures over many seeds | [`Sweep`], [`Outcomes`], and [`Figure`], whose unit is part of its type |
//! | what the file expects | [`Outcomes::held`], [`Outcomes::violated`] |
//! | a strategy of your own | [`AllocateMessageQueueStrategy`], [`Scenario::with_strategy`] |
//! | an offset store of your own | [`offset::OffsetStore`] over [`MessageQueue`], [`offset::KnownStore::own`], [`Plugins::offset_store`]; [`offset::InMemory`] to call it by hand |
//! | a listener of your own | [`MessageListener`], [`Plugins::listener`] |
//! | a check of your own | [`Observer`], which sees [`Seen`]; [`Sweep::watched_by`] |
//! | a cluster of your own under random faults | feature `proptest`: `rebalance_sim::proptest::with_faults` |
//! | random clusters and ready properties | feature `proptest`: `rebalance_sim::proptest`, `rebalance_sim::properties` |
//!
//! What stands at the root of this crate keeps its promise from version to version, and so do the words in its fields: what
//! may grow is `#[non_exhaustive]`. The rooms below are as the program needs them. `default-features = false` leaves the
//! command out, with `clap`, pictures, tables and readers of other formats:
//!
//! | feature | what it adds |
//! |---|---|
//! | `cli` (default) | the command `rebalance-sim`; brings `report` |
//! | `report` | tables, JSON, pages and pictures; brings `readers` |
//! | `readers` | outputs of `mqadmin`, logs, manifests, files of disks, recordings |
//! | `proptest` | strategies and properties for [proptest](https://docs.rs/proptest) |
//!
//! # The map of the house
//!
//! One way through it, left to right; nothing imports leftwards:
//!
//! ```text
//! kernel     strategy    model        check       scenario    run        sweep      report      cli
//! time,      who gets    name server, who owned,  TOML text   scenario + many       CSV, JSON,  the only one
//! agenda, <- which    <- brokers,  <- stalled, <- to a plan <- seed ->  <- seeds, <- pictures, <- that prints
//! chance,    queue;      clients,     came twice, and what    outcome    quantiles  text
//! finger-    offset      network,     and why     is expected            verdict
//! print      stores      faults
//! ```
//!
//! | room | what it knows | what it must not do |
//! |---|---|---|
//! | [`kernel`] | time, order, chance | know RocketMQ |
//! | [`strategy`], [`offset`] | ids only | know the model |
//! | [`allocation`] | what strategies answer to a group, beside the simulation: for [`cli`]'s `allocate` | let time pass |
//! | [`import`] | what an operator has in hand, as facts with their places; the picture that they make of a cluster, and a scenario of it | read on a guess, invent a member, touch files |
//! | [`mqadmin`] | lists as RocketMQ's tools print them, for [`cli`]'s `allocate` | read on a guess, touch files |
//! | [`model`] | RocketMQ's causes; says what can be seen as [`model::observation`] | read what it says, decide anything centrally |
//! | [`trace`] | recordings of a cluster, real or simulated, and what they measure | know the model |
//! | [`check`] | observations | change anything |
//! | [`scenario`] | the language | touch files |
//! | [`lint`] | plans that RocketMQ accepts and users regret | refuse one, touch files |
//! | [`run`], [`sweep`] | outcomes, pure functions of scenario and seed | print |
//! | [`explain`] | of one finding the chain of its causes, link by link, from what a run carries | touch files, know a story by name |
//! | [`fuzz`] | random clusters by seed as scenario texts, and what must not be left at rest | touch files |
//! | [`doctor`] | what is wrong with a cluster now, from facts of [`import`] | touch files, say what no fact shows |
//! | [`shrink`] | the smallest scenario file that still shows something | know what it shows, touch files |
//! | [`mutants`] | rules broken on purpose, and the guards that must notice | touch files |
//! | [`fidelity`] | a recording played again: how far the model is from it | touch files, know a story by name |
//! | [`conformance`] | recorded answers of RocketMQ's classes, beside ours | let time pass |
//! | [`wording`] | how numbers and values stand in a sentence, and which word is meant by one that there is not, for every room | know a room |
//! | [`words`] | every word that the program says, from the tables that the rooms use | print, say what no table has |
//! | [`library`] | programs that use this one: scenarios by path or by hand, typed figures, what they plug in | print, decide anything; touch files but those of scenarios |
//! | [`report`], [`cli`] | people | decide what happened |
//!
//! Start reading at [`model::World`]: one loop, one [`model::event::Event`], one `match`.
//!
//! # Contributing
//!
//! ```sh
//! cargo test --locked                                     # the quick tier; builds only what changed, as `--release` does not
//! cargo run --locked -- fuzz --seeds 0..2 --twice         # random clusters, each played twice
//! cargo run --locked -- mutants --only LooseLoadBound     # a rule broken on purpose, and who notices
//! ```
//!
//! A change of the model changes what scenarios say. The tests name the first line and the first event that differ;
//! `UPDATE_RESULTS=1` and `UPDATE_FINGERPRINTS=1` write them anew, `UPDATE_DOCUMENTS=1` what documents show, and the diff
//! is the effect of the change. A number is never tuned to a test.
//!
//! Rules for all code: integer time, and nothing that decides may iterate a hash map, read a clock, a thread or the
//! environment. A broken invariant is an `assert!`; a user's mistake is an error value, one sentence with file, line,
//! value and what is allowed. Comments say why. A file is one idea and has at most 400 lines.
//!
//! | to add | write | what fails if something is forgotten |
//! |---|---|---|
//! | a rule of RocketMQ | the actor in `src/model/instance` and `src/model/consumer`, `src/model/broker` or `src/model/name_server`, with `Class.method` in its comment; a row of `src/model/README.md`; a law in `src/check/protocol` with its line in `Laws`, and a mutant | `tests/it/determinism.rs` and `tests/it/scenarios.rs` show what else it changes, `tests/it/fidelity.rs` whether it leaves the recordings |
//! | an event | a variant of its actor's event in `src/model/event.rs`, and its arm where the actor hears of it (`happen.rs` of `src/model` or of the actor's folder) | the build: every `match` is complete |
//! | a consume service | a variant of `ConsumeMessageService` in `src/model/consumer/service`, and a file or folder beside the others | the build: every `match` is complete |
//! | a setting | its field and default in `src/model/plan`; a line in a table of `src/scenario/settings`, with default, sentence and source; its name out of `not_modelled.rs` | `src/scenario/settings/catalogue.rs`, where the default that is told is not the model's; a name that stands in no table is refused, and that in a `broker.conf` told as not modelled |
//! | a rule in which releases of the Java client differ | its field in `src/model/plan/client_rules.rs`; a row in `src/scenario/settings/client_rules.rs` with the releases that have it otherwise; the place that asks for it; a table in `src/model/instance/releases.rs` | `src/scenario/settings/client_version.rs`, until the release says so |
//! | what of a client is modelled or measured | a cell in `src/words/features.rs`; `UPDATE_INDEX=1` writes `results/README.md` anew | `tests/it/catalogue.rs` |
//! | a rule of a broker's release, or a release | its field in `src/model/plan/broker_rules.rs`, of which the handler asks; its row and its setting in `src/scenario/settings/broker/rules.rs`, the line of releases in `version.rs` beside it; a test with and without it in `src/model/broker/tests/releases.rs` | `src/scenario/settings/broker/version.rs`, where 5.3.3 is not what the settings are without a version |
//! | a lever of `advise` | a line in a table of `src/scenario/levers`, with the values that make sense, who has to do what for them, and what they risk | `src/scenario/levers/mod.rs`, where a value is refused or is not what the plan then has |
//! | a key of the language | the reader in `src/scenario/read`; its row in `src/scenario/keys`; `scenarios/README.md`, with an example in its reference | `src/scenario/known_keys.rs` |
//! | an action | a variant of `Action` in `src/model/plan/timeline.rs`; what it does in `src/model/fault.rs` or `src/model/operator.rs`; its word, sentence and keys in `src/scenario/read/actions.rs`, its reader in `src/scenario/read/timeline.rs`; what it does to a process's state in `src/scenario/read/order.rs`; a kind of trouble in `src/fuzz/swarm.rs` | the build; `src/scenario/known_keys.rs` for its keys |
//! | an observation | a variant of [`model::observation::Observation`] (or `Detail`, if only laws read it), said where it happens; checks read it, the model never does, and the event log says its fields by their types | nothing until a check reads it: write that test first, in `src/check/tests` |
//! | a check | a file in `src/check` with [`check::Check`], whose `reads` names the kinds of observations it is shown, a line in the list of `src/check/mod.rs`; its figures in `src/check/figures`; its causes in [`check::Cause`], with their explanations in `src/check/cause` | `src/check/tests/rows.rs` for figures; a figure that the table lacks panics when it is set |
//! | a cause | its word among those of checks; a test in which it is right and one, looking alike, in which another is, in `src/check/tests/causes` | `src/check/tests/causes`; `src/fuzz/explained` holds it to what was seen |
//! | a wait that `explain` tells of | a line in `src/explain/wait.rs` with its rule, source and setting; the arm of its event in `src/explain/link.rs`, and the change that a tick of it finds | the build for an event; `tests/it/explain.rs` for the sums |
//! | a kind of text that is imported | a reader in `src/import` with [`import::Reader`], a line in `src/import/reader.rs`; the text of each version's shape in `tests/it/import/formats`, with `UPDATE_IMPORTED=1` for its facts | `tests/it/import/mutated.rs`, where a damaged one gives what does not stand in it |
//! | a strategy | a file in `src/strategy` with [`strategy::AllocateMessageQueueStrategy`], a line in `src/strategy/registry.rs`; from another crate [`Plugins::strategy`] or [`strategy::Registry::with`], as in `tests/library`, a crate of its own, and `tests/own_strategy` | `tests/it/strategies/promises.rs`, until a row says what it promises |
//! | an offset store | a file in `src/offset` with [`offset::OffsetStore`]; an entry of `src/offset/registry.rs`, by whose name a group has it (`offsetStore`); from another crate [`Plugins::offset_store`], held to its promises by `properties::offset_store` | `tests/it/offset_store_promises.rs`: what every store keeps, and until a row says in what it differs |
//! | a page, or a part of one | data that serialise in `src/report/page`, or beside what they are of; a script in its `assets`, named in the page's `SCRIPTS`; the words around it are a `Frame` | `tests/it/page`, in a browser: what its probe sees |
//! | a lint | a finder in a file of `src/lint`, a line in [`lint::LINTS`] | `tests/it/lints.rs`, until a shipped scenario shows what it warns of |
//! | a finding of `doctor` | its kind in `src/doctor/kind.rs`; a finder in a file of `src/doctor/finders`, a line in [`doctor::FINDERS`]; a story in which it is right, and one alike in which it is not, in `src/doctor/tests` | `src/doctor/tests`, until some story finds its kind |
//! | a scenario | a file in a folder of `scenarios`, its question as a comment on top, 45 lines at most, with `expect` for what must and what must not happen | `tests/it/scenario_files.rs`; `tests/it/scenarios.rs` until `UPDATE_RESULTS=1` has written what it says |
//! | a mutant | a line in `src/model/plan/planted.rs` with the class and method that do otherwise; the place that asks `planted(..)`; a line in `src/mutants/table.rs` with its guard | `tests/it/fuzz.rs`: every mistake has a guard, and is caught by it |
//! | a question of `collect` | a line in `src/cli/collect/queries.rs`, of a subcommand that only reads | the list beside it in its test |
//! | a command | a file in `src/cli` with `Arguments`, a line in `src/cli/mod.rs`, two examples at least in `src/cli/help`; scenarios are named by its `files::Scenarios`, and several told by its `telling` | a test of `src/cli/mod.rs`; `tests/it/documents/mod.rs` runs the examples |
//! | what people say for a word | a line in `src/wording/said.rs` | `src/words/find.rs`, where it stands for no word |
//! | what is written behind a key in a way that no key has yet | its shape in `src/scenario/schema/forms.rs`; `UPDATE_DOCUMENTS=1` writes `scenarios/schema.json` anew | `src/scenario/schema/mod.rs`, `tests/it/schema.rs` |

#[cfg(feature = "readers")]
pub mod allocation;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "readers")]
pub mod conformance;
#[cfg(feature = "readers")]
pub mod doctor;
pub mod explain;
#[cfg(feature = "readers")]
pub mod fidelity;
pub mod fuzz;
#[cfg(feature = "readers")]
pub mod import;
pub mod kernel;
pub mod library;
pub mod lint;
pub mod model;
#[cfg(feature = "readers")]
pub mod mqadmin;
#[cfg(feature = "readers")]
pub mod mutants;
pub mod offset;
#[cfg(feature = "report")]
pub mod report;
pub mod run;
pub mod scenario;
pub mod shrink;
pub mod strategy;
pub mod sweep;
#[cfg(feature = "readers")]
pub mod trace;
pub mod wording;
#[cfg(feature = "readers")]
pub mod words;

pub use kernel::{Instant, Span, Stream};
pub use library::*;
pub use model::plan::{MessageBatch, MessageListener};
pub use scenario::Plugins;
pub use strategy::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};
