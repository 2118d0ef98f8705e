//! Where a scenario comes from: the public threads that it retells, and the traps of RocketMQ that it shows.

use super::text::{Fault, Fields, Node, Value};
use crate::check::Trap;

/// Where a scenario comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The public threads that it retells: `owner/repository#number`, or an address.
    pub sources: Vec<String>,
    /// The traps that it shows, such as `E2`.
    pub traps: Vec<String>,
}

impl Origin {
    /// What the keys `source` and `trap` say, each one text or a list of them.
    pub(super) fn read(root: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { sources: read(root, "source", source)?, traps: read(root, "trap", trap)? })
    }
}

/// One or several texts below a key, each of which must pass.
fn read(root: &Fields<'_>, key: &'static str, check: fn(&Node) -> Result<&str, Fault>) -> Result<Vec<String>, Fault> {
    let items = match root.get(key) {
        None => return Ok(Vec::new()),
        Some(Node { value: Value::List(items), .. }) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let mut found: Vec<String> = Vec::new();
    for item in items {
        let word = check(item)?;
        if found.iter().any(|known| known == word) {
            return Err(Fault::new(item.place, format!("{key} `{word}` stands there twice"), "name it once"));
        }
        found.push(word.to_owned());
    }
    Ok(found)
}

fn source(node: &Node) -> Result<&str, Fault> {
    const FORM: &str =
        "\"owner/repository#number\", such as \"apache/rocketmq#2763\", or an address that begins with https://";
    let word = node.text(FORM)?;
    if is_thread(word) || is_address(word) {
        return Ok(word);
    }
    Err(Fault::new(node.place, format!("`{word}` is no source"), format!("write {FORM}")))
}

/// `owner/repository#number`.
fn is_thread(word: &str) -> bool {
    let name = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let number =
        |part: &str| part.starts_with(|c| ('1'..='9').contains(&c)) && part.chars().all(|c| c.is_ascii_digit());
    let Some((repository, thread)) = word.split_once('#') else { return false };
    repository.split_once('/').is_some_and(|(owner, own)| name(owner) && name(own)) && number(thread)
}

fn is_address(word: &str) -> bool {
    let rest = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"));
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>|`".contains(c);
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(plain))
}

fn trap(node: &Node) -> Result<&str, Fault> {
    let last = Trap::ALL.iter().rfind(|trap| trap.word().starts_with('E')).map_or("", |trap| trap.word());
    let form = format!("\"E1\" to \"{last}\", or one of POP such as \"PE5\"");
    let word = node.text(&form)?;
    let known = Trap::ALL.iter().any(|trap| trap.word() == word);
    if known { Ok(word) } else { Err(Fault::new(node.place, format!("`{word}` is no trap"), format!("write {form}"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_and_traps_are_read_or_refused() {
        let read = |text: &str| {
            let root = Node::parse(text, 0).expect("it is TOML");
            let fields = Fields::of(&root, "the scenario").expect("it is a table");
            Origin::read(&fields).map(|origin| [origin.sources, origin.traps].concat().join(" "))
        };
        let table = [
            ("", Ok("")),
            ("source = 'apache/rocketmq#2763'\ntrap = 'E2'", Ok("apache/rocketmq#2763 E2")),
            (
                "source = ['a-b/c.d_e#1', 'https://x.org/a?b=1']\ntrap = ['E1', 'E48']",
                Ok("a-b/c.d_e#1 https://x.org/a?b=1 E1 E48"),
            ),
            ("source = 'rocketmq#2763'", Err("`rocketmq#2763` is no source")),
            ("source = 'apache/rocketmq#0'", Err("`apache/rocketmq#0` is no source")),
            ("source = 'apache/rocketmq#'", Err("`apache/rocketmq#` is no source")),
            ("source = 'a/b/c#7'", Err("`a/b/c#7` is no source")),
            ("source = '#7'", Err("`#7` is no source")),
            ("source = 'https://'", Err("`https://` is no source")),
            ("source = 'https://a b'", Err("`https://a b` is no source")),
            ("source = 7", Err("this is an integer")),
            ("source = ['a/b#1', 'a/b#1']", Err("source `a/b#1` stands there twice")),
            ("trap = 'E0'", Err("`E0` is no trap")),
            ("trap = 'E49'", Err("`E49` is no trap")),
            ("trap = 'e2'", Err("`e2` is no trap")),
            ("trap = 'E02'", Err("`E02` is no trap")),
            ("trap = ['E2', 3]", Err("this is an integer")),
        ];
        for (text, expected) in table {
            let said = read(text);
            let said = said.as_ref().map(String::as_str).map_err(|fault| fault.problem.as_str());
            assert_eq!(said, expected, "{text}");
        }
    }
}
