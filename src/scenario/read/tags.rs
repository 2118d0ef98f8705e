//! Tags: what producers put on messages, and what `subExpression` takes of them.

use super::hosts::one_of;
use crate::model::plan::TagSet;
use crate::scenario::text::{Fault, Fields, Node, Value, list};

/// The tags of a producer's table, each with its weight: `tags = ["A", "B"]` or `tags = { A = 3, B = 1 }`.
fn tags_of<'a>(fields: &Fields<'a>) -> Result<Vec<(&'a str, u32)>, Fault> {
    const FORM: &str = "tags such as [\"A\", \"B\"], or tags with weights such as { A = 3, B = 1 }";
    let Some(node) = fields.get("tags") else { return Ok(Vec::new()) };
    let tags = match &node.value {
        Value::Table(entries) => {
            let weighed = entries.iter().map(|entry| Ok((entry.key.as_str(), entry.node.count(1, 1_000_000)?)));
            weighed.collect::<Result<Vec<_>, Fault>>()?
        }
        _ => list(node, FORM)?.iter().map(|item| Ok((item.name("a tag")?, 1))).collect::<Result<Vec<_>, Fault>>()?,
    };
    if tags.is_empty() || tags.iter().any(|(tag, _)| tag.contains('|') || *tag == "*") {
        return Err(Fault::new(node.place, "these are no tags", format!("write {FORM}")));
    }
    Ok(tags)
}

/// All tags that producers send, in the order in which the file names them.
pub(super) fn read_tags(root: &Fields<'_>) -> Result<Vec<String>, Fault> {
    let mut found: Vec<String> = Vec::new();
    let Some(node) = root.get("producers") else { return Ok(found) };
    for item in list(node, "[[producers]] tables")? {
        for (tag, _) in tags_of(&Fields::read(item, "a producer")?)? {
            if !found.iter().any(|known| known == tag) {
                found.push(tag.to_owned());
            }
        }
    }
    if found.len() > TagSet::MOST {
        let problem = format!("producers send {} tags", found.len());
        return Err(Fault::new(node.place, problem, format!("allowed are up to {}", TagSet::MOST)));
    }
    Ok(found)
}

/// The number of a known tag.
fn number(tag: &str, tags: &[String]) -> u8 {
    let at = tags.iter().position(|known| known == tag).expect("all tags of producers were read");
    at as u8 + 1
}

/// The tags of one producer, by number.
pub(super) fn tag_weights(fields: &Fields<'_>, tags: &[String]) -> Result<Vec<(u8, u32)>, Fault> {
    Ok(tags_of(fields)?.into_iter().map(|(tag, weight)| (number(tag, tags), weight)).collect())
}

/// `subExpression`: `*`, or tags with `||` between them.
pub(super) fn read_sub_expression(node: &Node, tags: &[String]) -> Result<TagSet, Fault> {
    let text = node.text("\"*\", or tags such as \"A || B\"")?;
    if text.trim() == "*" {
        return Ok(TagSet::ALL);
    }
    let known: Vec<&str> = tags.iter().map(String::as_str).collect();
    let mut set = TagSet::default();
    for tag in text.split("||").map(str::trim) {
        if !known.contains(&tag) {
            let what = Node { value: Value::Text(tag.to_owned()), ..node.clone() };
            one_of(&what, "tag that a producer sends", &known)?;
        }
        set = set.with(number(tag, tags));
    }
    Ok(set)
}
