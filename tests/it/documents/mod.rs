//! What documents show is true: every command in them is run and ends with the code that they say, every output that
//! they show is what is printed, every scenario in them holds, and the files that they name are there.
//!
//! `UPDATE_DOCUMENTS=1 cargo test --test it documents -- --include-ignored` puts the outputs of now into the documents.

mod blocks;
mod workplace;

use blocks::{Block, Shown, examples, fenced, lines};
use workplace::{Workplace, root};

/// Words that other commands of a block begin with; these are not run.
const OTHERS: [&str; 5] = ["cargo test", "cargo build", "cargo install", "git clone", "cd "];

fn read(document: &str) -> String {
    std::fs::read_to_string(root().join(document)).unwrap_or_else(|error| panic!("{document}: {error}"))
}

/// The command as the built program is called; `None` where it is one of others.
fn called(text: &str) -> Option<String> {
    if let Some((before, arguments)) = text.split_once(" -- ")
        && before.starts_with("cargo run ")
    {
        return Some(format!("rebalance-sim {arguments}"));
    }
    (!OTHERS.iter().any(|other| text.starts_with(other))).then(|| text.to_owned())
}

/// The exit code that the comment of a command says; 0 where it says none.
fn expected(comment: &str) -> i32 {
    let code = comment.split_once("exit ").map(|(_, rest)| rest.chars().take_while(char::is_ascii_digit).collect());
    code.map_or(0, |code: String| code.parse().expect("a number behind `exit`"))
}

/// Runs one command; what is wrong with it, and what it printed.
fn play(place: &Workplace, shown: &Shown) -> Result<String, String> {
    let Some(command) = called(&shown.text) else { return Ok(String::new()) };
    // What takes minutes is read by the program and not done.
    let long = shown.comment.contains("takes minutes");
    let (code, said) = place.run(&if long { format!("{command} --help > /dev/null") } else { command });
    if code != expected(&shown.comment) {
        return Err(format!("`{}` ended with {code}, not {}:\n{said}", shown.text, expected(&shown.comment)));
    }
    Ok(said)
}

/// Runs the commands of a document in its order, and puts the files that it shows in their places before.
fn play_all(document: &str, shown: &[Block], found: &mut Vec<String>) -> Vec<(std::ops::Range<usize>, Vec<String>)> {
    let (place, mut changed) = (Workplace::new(), Vec::new());
    for block in shown {
        // What has no name is a part of the language's reference, which is read as a whole elsewhere.
        let unnamed = (block.info == "toml" && document != "scenarios/README.md").then_some("shown.toml");
        if let Some(name) = block.info.strip_prefix("toml ").or(unnamed) {
            place.write(name, &format!("{}\n", block.lines.join("\n")));
            let (code, said) = place.run(&format!("rebalance-sim check {name}"));
            if code != 0 {
                found.push(format!("{document}, line {}: `check {name}` ended with {code}:\n{said}", block.first));
            }
        }
        if !matches!(block.info.as_str(), "sh" | "console") {
            continue;
        }
        for command in block.commands() {
            match play(&place, &command) {
                Err(why) => found.push(format!("{document}, line {}: {why}", block.first)),
                Ok(said) if block.info == "console" => {
                    let said: Vec<String> = said.trim_end().lines().map(|line| line.trim_end().to_owned()).collect();
                    if block.lines[command.output.clone()] != said[..] {
                        let range = block.first + command.output.start..block.first + command.output.end;
                        changed.push((range, said));
                    }
                }
                Ok(_) => {}
            }
        }
    }
    changed
}

/// The text of a document with other lines in these places.
fn rewritten(text: &str, changed: Vec<(std::ops::Range<usize>, Vec<String>)>, of_rust: bool) -> String {
    let mut all: Vec<String> = text.lines().map(str::to_owned).collect();
    let mark = |line: String| if of_rust { format!("//! {line}").trim_end().to_owned() } else { line };
    for (range, said) in changed.into_iter().rev() {
        all.splice(range, said.into_iter().map(mark));
    }
    all.join("\n") + "\n"
}

fn holds(document: &str) {
    let (text, of_rust) = (read(document), document.ends_with(".rs"));
    let lines = lines(&text, of_rust);
    let shown = if document.ends_with(".txt") { vec![examples(&lines)] } else { fenced(&lines) };
    let commands: usize = shown.iter().map(|block| block.commands().len()).sum();
    assert!(commands > 0, "{document} shows no command");
    let mut found = Vec::new();
    let changed = play_all(document, &shown, &mut found);
    if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
        std::fs::write(root().join(document), rewritten(&text, changed, of_rust)).expect("the document can be written");
    } else {
        for (range, said) in changed {
            found.push(format!("{document}, line {}: printed is now\n{}", range.start + 1, said.join("\n")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

/// A test for each document that shows commands.
macro_rules! documents {
    ($($(#[$tier:meta])* $name:ident: $document:literal,)*) => {
        $(
            #[test]
            $(#[$tier])*
            fn $name() {
                holds($document);
            }
        )*

        const DOCUMENTS: &[&str] = &[$($document),*];
    };
}

documents! {
    #[ignore = "long tier: plays many seeds"]
    the_front_page: "README.md",
    #[ignore = "long tier: plays many seeds"]
    the_language: "scenarios/README.md",
    #[ignore = "long tier: plays many seeds"]
    the_results: "results/README.md",
    how_to_contribute: "src/lib.rs",
    who_gets_which_queue: "src/allocation/mod.rs",
    how_far_from_a_real_cluster: "src/fidelity/mod.rs",
    #[ignore = "long tier: plays many seeds"]
    help_of_advise: "src/cli/help/advise.txt",
    help_of_allocate: "src/cli/help/allocate.txt",
    help_of_compare: "src/cli/help/compare.txt",
    help_of_check: "src/cli/help/check.txt",
    help_of_import: "src/cli/help/import.txt",
    help_of_collect: "src/cli/help/collect.txt",
    help_of_list: "src/cli/help/list.txt",
    help_of_doctor: "src/cli/help/doctor.txt",
    help_of_explain_word: "src/cli/help/explain_word.txt",
    #[ignore = "long tier: plays random clusters"]
    help_of_fuzz: "src/cli/help/fuzz.txt",
    #[ignore = "long tier: plays random clusters"]
    help_of_mutants: "src/cli/help/mutants.txt",
    help_of_bench: "src/cli/help/bench.txt",
    help_of_schema: "src/cli/help/schema.txt",
    help_of_completions: "src/cli/help/completions.txt",
    help_of_merge: "src/cli/help/merge.txt",
    help_of_man: "src/cli/help/man.txt",
    help_of_calibrate: "src/cli/help/calibrate.txt",
    help_of_conformance: "src/cli/help/conformance.txt",
    help_of_explain: "src/cli/help/explain.txt",
    help_of_offsets: "src/cli/help/offsets.txt",
    help_of_run: "src/cli/help/run.txt",
    help_of_shrink: "src/cli/help/shrink.txt",
    help_of_validate: "src/cli/help/validate.txt",
    help_of_vary: "src/cli/help/vary.txt",
}

#[test]
fn links_lead_to_files_and_named_files_are_there() {
    let mut missing = Vec::new();
    for document in DOCUMENTS.iter().chain(&["src/model/README.md"]) {
        let folder = root().join(document).parent().expect("a document is in a folder").to_owned();
        let text = lines(&read(document), document.ends_with(".rs")).join("\n");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !link.contains("://") && !file.is_empty() && !file.contains("::") && !folder.join(file).exists() {
                missing.push(format!("{document} links to {link}"));
            }
        }
        for named in text.split('`').skip(1).step_by(2) {
            let of_ours = ["src/", "tests/", "scenarios/", "results/"].iter().any(|start| named.starts_with(start));
            let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
            if of_ours && named.chars().all(plain) && !root().join(named).exists() {
                missing.push(format!("{document} names {named}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
