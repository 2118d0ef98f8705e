//! `check FILE...`: reads scenarios and says what is wrong with them, and plays nothing.

use std::io::Write;
use std::path::PathBuf;

use super::load::load;
use crate::scenario::Override;

/// Reads scenario files and reports the first error of each.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Scenario files.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Replaces or adds one value, as in `groups.g.pullBatchSize=64`.
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = Override::parse)]
    pub set: Vec<Override>,
}

/// Checks every file; the exit code is 0, or 2 where one is not a scenario, or 3 where the answer cannot be written.
pub fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let mut code = 0;
    for file in &args.files {
        let written = match load(file, &args.set) {
            Ok(scenario) => {
                let plan = &scenario.plan;
                writeln!(
                    out,
                    "{}: ok: {}, {} brokers, {} topics, {} groups, {} consumers, {} steps, {} expectations, lasts {}",
                    file.display(),
                    scenario.title,
                    plan.brokers.len(),
                    plan.topics.len(),
                    plan.groups.len(),
                    plan.consumers.len(),
                    plan.timeline.len(),
                    scenario.expect.len(),
                    plan.duration,
                )
            }
            Err(error) => {
                code = 2;
                writeln!(err, "error: {error}")
            }
        };
        if written.is_err() {
            return 3;
        }
    }
    code
}
