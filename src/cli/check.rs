//! `check FILE...`: reads scenarios and says what is wrong with them, and plays nothing.

use super::{Answer, Failure, Verdict, load, terminal};

/// Reads scenario files and reports the first error of each.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Scenario files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Replaces or adds one value, as in `groups.g.pullBatchSize=64`.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    set: Vec<String>,
}

impl Arguments {
    /// Checks every file; bad input where one is not a scenario.
    pub(super) fn execute(self) -> Answer {
        let mut refused = Vec::new();
        for file in &self.files {
            match load::scenario(file, &self.set) {
                Ok(scenario) => {
                    let plan = &scenario.plan;
                    terminal::print(&format!(
                        "{file}: ok: {}, {} brokers, {} topics, {} groups, {} consumers, {} steps, {} expectations, lasts {}\n",
                        scenario.title,
                        plan.brokers.len(),
                        plan.topics.len(),
                        plan.groups.len(),
                        plan.consumers.len(),
                        plan.timeline.len(),
                        scenario.expect.len(),
                        plan.duration,
                    ))?;
                }
                Err(Failure::BadInput(why)) => refused.push(why),
                Err(failure) => return Err(failure),
            }
        }
        if refused.is_empty() { Ok(Verdict::Held) } else { Err(Failure::bad_input(refused.join("\n"))) }
    }
}
