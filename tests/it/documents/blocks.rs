//! What stands in a document: its fenced blocks, their commands, and the output that is shown below each.

/// A fenced block, or the examples of a help text.
pub struct Block {
    /// What stands behind the fence: a language, and for a file of its own its name.
    pub info: String,
    /// The number of the first line inside, from 0.
    pub first: usize,
    /// The lines inside.
    pub lines: Vec<String>,
}

/// One command of a block.
pub struct Shown {
    /// As it is typed, with its continuations.
    pub text: String,
    /// What its comment says.
    pub comment: String,
    /// The lines of the output, as positions in the block; empty where the block shows none.
    pub output: std::ops::Range<usize>,
}

/// The lines of a document without the marks of a doc comment.
pub fn lines(text: &str, of_rust: bool) -> Vec<String> {
    let plain = |line: &str| match line.strip_prefix("//!") {
        Some(rest) if of_rust => rest.strip_prefix(' ').unwrap_or(rest).to_owned(),
        _ if of_rust => String::new(),
        _ => line.to_owned(),
    };
    text.lines().map(plain).collect()
}

/// The fenced blocks of a document.
pub fn fenced(lines: &[String]) -> Vec<Block> {
    let (mut blocks, mut open): (Vec<Block>, Option<Block>) = (Vec::new(), None);
    for (number, line) in lines.iter().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                open = Some(Block { info: info.trim().to_owned(), first: number + 1, lines: Vec::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.lines.push(line.clone()),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The examples of a help text: lines that are set in, and begin with the name of the program.
pub fn examples(lines: &[String]) -> Block {
    let of_program = |line: &&String| line.starts_with("    rebalance-sim ");
    let lines = lines.iter().filter(of_program).map(|line| line.trim().to_owned()).collect();
    Block { info: "sh".to_owned(), first: 0, lines }
}

impl Block {
    /// What is typed: every line of an `sh` block, what stands behind `$ ` in a `console` block.
    pub fn commands(&self) -> Vec<Shown> {
        let console = self.info == "console";
        let (mut found, mut at): (Vec<Shown>, usize) = (Vec::new(), 0);
        while at < self.lines.len() {
            let line = match self.lines[at].strip_prefix("$ ") {
                Some(line) => line,
                None if console || self.lines[at].trim().is_empty() || self.lines[at].starts_with('#') => {
                    at += 1;
                    continue;
                }
                None => &self.lines[at],
            };
            let mut typed = line.to_owned();
            while typed.ends_with('\\') {
                at += 1;
                typed = format!("{}{}", typed.trim_end_matches('\\'), self.lines[at].trim());
            }
            at += 1;
            let (text, comment) = typed.split_once(" # ").unwrap_or((&typed, ""));
            let rest = self.lines[at..].iter().take_while(|line| console && !line.starts_with("$ ")).count();
            // An empty line before the next command belongs to neither.
            let blank = self.lines[at..at + rest].iter().rev().take_while(|line| line.is_empty()).count();
            found.push(Shown {
                text: text.trim().to_owned(),
                comment: comment.to_owned(),
                output: at..at + rest - blank,
            });
            at += rest;
        }
        found
    }
}

#[test]
fn commands_comments_and_outputs_are_told_apart() {
    let text = "```console\n$ a \\\n    b # exit 1\none\n\ntwo\n\n$ c\n```\n```sh\n# said\nd   # takes minutes\n```";
    let told: Vec<String> = fenced(&lines(text, false))
        .iter()
        .flat_map(|block| {
            let said =
                |shown: Shown| format!("{}|{}|{}", shown.text, shown.comment, block.lines[shown.output].join("/"));
            block.commands().into_iter().map(said).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(told, ["a b|exit 1|one//two", "c||", "d|takes minutes|"]);
}
