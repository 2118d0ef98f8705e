//! rebalance-sim: a deterministic discrete-event simulator of Apache RocketMQ consumer-group rebalancing.
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
//! | [`mqadmin`] | lists as RocketMQ's tools print them, for [`cli`]'s `allocate` | read on a guess, touch files |
//! | [`model`] | RocketMQ's causes; says what can be seen as [`model::observation`] | read what it says, decide anything centrally |
//! | [`trace`] | recordings of a cluster, real or simulated, and what they measure | know the model |
//! | [`check`] | observations | change anything |
//! | [`scenario`] | the language | touch files |
//! | [`lint`] | plans that RocketMQ accepts and users regret | refuse one, touch files |
//! | [`run`], [`sweep`] | outcomes, pure functions of scenario and seed | print |
//! | [`fuzz`] | random clusters by seed as scenario texts, and what must not be left at rest | touch files |
//! | [`mutants`] | rules broken on purpose, and the guards that must notice | touch files |
//! | [`fidelity`] | a recording played again: how far the model is from it | touch files, know a story by name |
//! | [`conformance`] | recorded answers of RocketMQ's classes, beside ours | let time pass |
//! | [`words`] | every word that the program says, from the tables that the rooms use | print, say what no table has |
//! | [`report`], [`cli`] | people | decide what happened |
//!
//! Start reading at [`model::World`]: one loop, one [`model::event::Event`], one `match`.

pub mod allocation;
pub mod check;
pub mod cli;
pub mod conformance;
pub mod fidelity;
pub mod fuzz;
pub mod kernel;
pub mod lint;
pub mod model;
pub mod mqadmin;
pub mod mutants;
pub mod offset;
pub mod report;
pub mod run;
pub mod scenario;
pub mod strategy;
pub mod sweep;
pub mod trace;
pub mod words;
