//! How the command line behaves beside its commands: what shells and readers of manuals get, how quiet and how coloured
//! it is, and how times are written.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::cli::rebalance_sim;

const STORY: &str = "scenarios/stalls/consumer_crashes.toml";

/// Whether a shell reads a script without running it; `None` where the machine has no such shell.
fn parses(shell: &str, script: &str) -> Option<bool> {
    let options: &[&str] = if shell == "fish" { &["--no-execute"] } else { &["-n"] };
    let mut child = Command::new(shell).args(options).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    child.stdin.take().expect("it is piped").write_all(script.as_bytes()).expect("the shell reads");
    Some(child.wait().expect("the shell ends").success())
}

#[test]
fn shells_read_what_completes_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let (code, script, stderr) = rebalance_sim(&["completions", shell]);
        assert_eq!((code, stderr.as_str()), (0, ""), "{shell}");
        for word in ["run", "compare", "explain-word", "seeds", "fail-if", "color"] {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
        match parses(shell, &script) {
            Some(read) => assert!(read, "{shell} does not read its script"),
            None => println!("needs {shell} on the PATH to see that it reads its script; not tried here"),
        }
    }
    assert_eq!(parses("bash", "if then"), Some(false), "needs bash, as all of `.ci/run` does");
}

#[test]
fn every_command_has_a_page() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let folder = place.path().join("man1");
    let (code, listed, stderr) = rebalance_sim(&["man", "--out", folder.to_str().expect("UTF-8")]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let (_, help, _) = rebalance_sim(&["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> =
        commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    assert_eq!(listed.lines().count(), commands.len() + 1, "{listed}");
    for command in commands {
        let page =
            std::fs::read_to_string(folder.join(format!("rebalance-sim-{command}.1"))).expect("a page a command");
        for part in
            [".SH NAME", ".SH OPTIONS", "\\-\\-quiet", &format!("rebalance\\-sim {}", command.replace('-', "\\-"))]
        {
            assert!(page.contains(part), "{command} has no {part}:\n{page}");
        }
        assert_eq!(rebalance_sim(&["man", command]).1, page, "{command}");
    }
    let (code, _, stderr) = rebalance_sim(&["man", "comparee"]);
    assert!(code == 2 && stderr.contains("did you mean `compare`?"), "{stderr}");
}

#[test]
fn a_command_that_there_is_not_is_answered_with_the_one_that_is_meant() {
    for (typed, meant) in [
        ("rnu", "run"),
        ("comparre", "compare"),
        ("explain_word", "explain-word"),
        ("simulate", "run"),
        ("lint", "check"),
    ] {
        let (code, stdout, stderr) = rebalance_sim(&[typed, "x"]);
        assert_eq!((code, stdout.as_str()), (2, ""));
        assert_eq!(stderr, format!("error: there is no command `{typed}`; did you mean `{meant}`?\n"));
    }
}

#[test]
fn colours_and_quiet_are_as_they_are_asked_for() {
    let said = |options: &[&str]| rebalance_sim(&[&["run", STORY], options].concat());
    let (_, plain, _) = said(&[]);
    assert!(plain.starts_with("PASS"), "into a pipe there are no colours: {plain}");
    assert_eq!(said(&["--color", "never"]).1, plain);
    assert_eq!(said(&["--color", "always"]).1, plain.replacen("PASS", "\x1b[1;32mPASS\x1b[0m", 1));
    assert_eq!(said(&["--quiet"]).1, plain, "the result is said all the same");
    let (code, _, stderr) = rebalance_sim(&["list", "figures", "--search", "xyzzyx"]);
    assert!(code == 0 && stderr.starts_with("note: "), "{stderr}");
    assert_eq!(rebalance_sim(&["list", "figures", "--search", "xyzzyx", "--quiet"]).2, "");
    let (code, _, stderr) = rebalance_sim(&["--quiet", "run", "nowhere.toml"]);
    assert!(code == 2 && stderr.starts_with("error: "), "what is wrong is said: {stderr}");
}

#[test]
fn a_time_is_read_in_each_of_its_forms_wherever_one_is_written() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let story = |time: &str| {
        let text = std::fs::read_to_string(STORY).expect("the story is there");
        let file = place.path().join("story.toml");
        std::fs::write(&file, text.replace("duration = \"90s\"", &format!("duration = {time}")))
            .expect("it can be written");
        rebalance_sim(&["check", file.to_str().expect("UTF-8")])
    };
    for time in ["\"90s\"", "\"1m30s\"", "\"1.5m\"", "\"00:01:30\"", "00:01:30"] {
        let (code, stdout, stderr) = story(time);
        assert!(code == 0 && stdout.contains("lasts 1m30s"), "{time}: {stdout}{stderr}");
    }
    for time in ["\"01:30\"", "\"1:30\""] {
        let (code, _, stderr) = story(time);
        assert!(
            code == 2 && stderr.contains("is hours and minutes to some and minutes and seconds to others"),
            "{time}: {stderr}"
        );
    }
    let set = |text: &str| rebalance_sim(&["check", STORY, "--set", text]);
    for text in ["duration=00:01:40", "duration=1m40s", "expect=[\"every: stalled.max <= 00:00:21\"]"] {
        let (code, _, stderr) = set(text);
        assert_eq!((code, stderr.as_str()), (0, ""), "{text}");
    }
    let (code, _, stderr) = set("duration=12:00");
    assert!(code == 2 && stderr.contains("write `00:12:00` or `12:00:00`, or units as in `12m00s`"), "{stderr}");
}
