//! The client that members run: its language, and which release that is modelled.
//!
//! A release of the Go client is not told by lists of members: each of them says version 317, `V4_5_2`
//! (`internal/remote/codec.go:_Version`). Its running information has the release, by a number of its own that is behind
//! (`internal/client.go:clientVersion`).

use std::collections::{BTreeMap, BTreeSet};

use super::super::cluster::{Group, Known, Member, RemarkKind};
use super::draft::Draft;
use super::lines::quoted;
use crate::scenario::client_versions;

/// The newest release of the Go client, which is taken where none is told.
const NEWEST_GO: &str = "go-2.1.2";

/// The Java client that a scenario has without `clientVersion`.
const DEFAULT: &str = "5.3.3";

/// What releases of the Go client call themselves, the release that is taken for it, and which have that word.
const GO_WORDS: [(&str, &str, &str); 3] = [
    ("v2.0.0", "go-2.1.0", "and this is the oldest that is modelled"),
    ("v2.1.0", "go-2.1.1", "as go-2.1.0 does too"),
    ("v2.1.1", "go-2.1.2", "as go-master does too"),
];

/// A release that is modelled, for a member.
struct Release<'a> {
    name: String,
    /// In what it may not be the one that runs; empty where it is.
    doubt: String,
    /// What says so.
    known: &'a Known<String>,
}

/// Whether a fact shows that a member is a Go client: its language, or where none is told a release that only that has.
fn is_go(member: &Member) -> bool {
    match (&member.language, &member.version) {
        (Some(language), _) => language.value.eq_ignore_ascii_case("GO"),
        (None, Some(version)) => GO_WORDS.iter().any(|(word, ..)| *word == version.value),
        (None, None) => false,
    }
}

/// Who of a group is played as a Go client.
#[derive(Debug, Clone, Copy)]
struct Played<'a> {
    /// What the group does is modelled of the Go client.
    group: bool,
    as_java: &'a BTreeSet<&'a str>,
}

impl Played<'_> {
    fn as_go(self, member: &Member) -> bool {
        is_go(member) && self.group && !self.as_java.contains(member.client_id.as_str())
    }
}

/// Whether what a group does is modelled of the Go client: consumers of it that pull by themselves are not.
fn plays_go(group: &Group) -> bool {
    group.consume_type.as_ref().is_none_or(|known| known.value != "CONSUME_ACTIVELY")
}

/// Client ids of processes that members of several groups share, and in which not everybody can be played as a Go client: a
/// process runs one client.
pub(super) fn played_as_java<'a>(draft: &Draft<'a>) -> BTreeSet<&'a str> {
    let groups = draft.groups.iter().map(|name| &draft.cluster.groups[*name]);
    let members = groups.flat_map(|group| group.members.iter().map(move |member| (group, member)));
    let shared = members.filter(|(_, member)| draft.processes.contains_key(member.client_id.as_str()));
    let not_go = shared.filter(|(group, member)| !plays_go(group) || !is_go(member));
    not_go.map(|(_, member)| member.client_id.as_str()).collect()
}

/// The release of a member, as far as something is known of it.
fn release<'a>(member: &'a Member, played: Played<'_>) -> Option<Release<'a>> {
    if played.as_go(member) {
        return go_release(member);
    }
    let known = member.version.as_ref()?;
    let (name, exact) = modelled(&known.value)?;
    let doubt = if exact { "" } else { &format!("{}, and this is the nearest that is modelled", known.value) };
    Some(Release { name, doubt: doubt.to_owned(), known })
}

fn go_release(member: &Member) -> Option<Release<'_>> {
    let own = member.version.as_ref();
    let word = own.and_then(|known| Some((GO_WORDS.iter().find(|(word, ..)| *word == known.value)?, known)));
    Some(match word {
        Some(((word, release, others), known)) => {
            Release { name: (*release).to_owned(), doubt: format!("it calls itself {word}, {others}"), known }
        }
        None => Release {
            name: NEWEST_GO.to_owned(),
            doubt: "assumed: all releases of the Go client have one version in lists".to_owned(),
            known: member.language.as_ref()?,
        },
    })
}

/// `V5_3_3` as the language has it: the newest release that is not newer.
fn modelled(version: &str) -> Option<(String, bool)> {
    let numbers = |text: &str| -> Option<[u32; 3]> {
        let mut numbers = text.split(['_', '.', '-']).map(|part| part.parse().ok());
        Some([numbers.next()??, numbers.next()??, numbers.next().flatten().unwrap_or(0)])
    };
    let own = numbers(version.trim().trim_start_matches(['V', 'v']))?;
    let all: Vec<_> = client_versions().into_iter().filter(|release| numbers(&release.name).is_some()).collect();
    let known = |name: &str| numbers(name).unwrap_or_default();
    let nearest = all.iter().rev().find(|release| known(&release.name) <= own).or(all.first())?;
    Some((nearest.name.clone(), known(&nearest.name) == own && !version.contains("SNAPSHOT")))
}

/// The release that most members run; those of another say so.
pub(super) fn version(draft: &mut Draft<'_>, name: &str, group: &Group) {
    let as_java = draft.as_java.clone();
    let played = Played { group: plays_go(group), as_java: &as_java };
    let mut others: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for member in &group.members {
        let language = member.language.as_ref().map_or("", |language| &language.value);
        if !language.eq_ignore_ascii_case("JAVA") && !language.is_empty() || is_go(member) {
            let language = if language.is_empty() { "GO" } else { language };
            *others.entry((language, played.as_go(member))).or_default() += 1;
        }
    }
    for ((language, modelled), count) in others {
        let are = match count {
            1 => format!("1 of {name} is a {language} client"),
            _ => format!("{count} of {name} are {language} clients"),
        };
        let sentence = match modelled {
            true => format!("{are}, played as such"),
            false => format!("{are}, which {} played as Java's", if count == 1 { "is" } else { "are" }),
        };
        draft.remark(RemarkKind::Assumed, sentence);
    }
    if let Some(Release { name, doubt, known }) = common_release(group, played) {
        let (near, at) = (if doubt.is_empty() { String::new() } else { format!("{doubt}; ") }, draft.of(known));
        draft.lines.said(format!("clientVersion = {}", quoted(&name)), format!("{near}{at}"));
    }
}

/// What most members run, and who says so first.
fn common_release<'a>(group: &'a Group, played: Played<'_>) -> Option<Release<'a>> {
    let mut counts: BTreeMap<String, (usize, Release<'_>)> = BTreeMap::new();
    for release in group.members.iter().filter_map(|member| release(member, played)) {
        counts.entry(release.name.clone()).or_insert((0, release)).0 += 1;
    }
    counts.into_values().max_by_key(|(count, _)| *count).map(|(_, release)| release)
}

/// What a member says of its own release, where most run another. One of which only the language is told, or that shares its
/// process with a Java client, runs the default where the others are Go clients.
pub(super) fn own_version(draft: &Draft<'_>, group: &Group, member: &Member) -> Option<String> {
    let played = Played { group: plays_go(group), as_java: &draft.as_java };
    let common = common_release(group, played)?.name;
    let is_java = || draft.as_java.contains(member.client_id.as_str()) || member.language.is_some();
    let own = match release(member, played) {
        Some(release) => release.name,
        None if common.starts_with("go") && is_java() => DEFAULT.to_owned(),
        None => return None,
    };
    (own != common).then(|| format!("clientVersion = {}", quoted(&own)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_that_are_modelled_or_the_nearest_older() {
        let table = [
            ("V5_3_3", Some(("5.3.3", true))),
            ("V4_9_7", Some(("4.9.7", true))),
            ("V5_3_4", Some(("5.3.3", false))),
            ("V5_5_0", Some(("5.5.0", true))),
            ("V5_6_0", Some(("5.5.0", false))),
            ("V3_2_6_SNAPSHOT", Some(("4.9.0", false))),
            ("V5_1_0-SNAPSHOT", Some(("5.1.0", false))),
            ("HIGHER_VERSION", None),
        ];
        for (text, expected) in table {
            let found = modelled(text);
            assert_eq!(found.as_ref().map(|(name, exact)| (name.as_str(), *exact)), expected, "{text}");
        }
    }

    #[test]
    fn a_go_client_is_one_where_its_language_or_its_release_says_so() {
        let known = |value: &str| Known { value: value.to_owned(), places: Vec::new() };
        let member = |language: &str, version: &str| Member {
            language: Some(known(language)).filter(|known| !known.value.is_empty()),
            version: Some(known(version)).filter(|known| !known.value.is_empty()),
            ..Member::default()
        };
        let table = [
            ("GO", "V4_5_2", Some("go-2.1.2")),
            ("go", "", Some("go-2.1.2")),
            ("", "v2.1.1", Some("go-2.1.2")),
            ("", "v2.1.0", Some("go-2.1.1")),
            ("GO", "v2.0.0", Some("go-2.1.0")),
            // The version that Go clients say is a Java client's too.
            ("", "V4_5_2", Some("4.9.0")),
            ("JAVA", "V4_5_2", Some("4.9.0")),
            ("CPP", "V4_9_7", Some("4.9.7")),
            ("CPP", "", None),
            ("", "", None),
        ];
        let nobody = BTreeSet::new();
        for (language, version, expected) in table {
            let member = member(language, version);
            let found = release(&member, Played { group: true, as_java: &nobody }).map(|release| release.name);
            assert_eq!(found.as_deref(), expected, "{language} {version}");
        }
        let played = Played { group: false, as_java: &nobody };
        assert_eq!(release(&member("GO", "V4_9_7"), played).map(|release| release.name).as_deref(), Some("4.9.7"));
    }
}
