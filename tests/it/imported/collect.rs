//! `collect` with an `mqadmin` that is a shell script: what it is asked, what is kept, and how it ends.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::cli::rebalance_sim;

/// Answers as a cluster with one broker, one topic and a group of two; writes down what it is asked.
const TOOL: &str = r##"#!/bin/sh
echo "$@" >> "ASKED"
case "$1" in
clusterList)
    echo "#Cluster Name  #Broker Name  #BID  #Addr            #Version  #InTPS(LOAD)   #OutTPS(LOAD)  #Timer(Progress)    #PCWait(ms)  #Hour   #SPACE  #ACTIVATED"
    echo "c              broker-a      0     10.0.0.21:10911  V5_3_2    0.00(0,0ms)    0.00(0,0ms|0,0ms)  0-0(0.0w, 0.0, 0.0)  0  486190.42  0.3700  true";;
consumerProgress)
    echo "#Topic  #Broker Name  #QID  #Broker Offset  #Consumer Offset  #Client IP  #Diff  #Inflight  #LastTime"
    echo "orders  broker-a      0     10              10                10.0.1.1    0      0          N/A";;
consumerConnection)
    echo "#ClientId    #ClientAddr     #Language  #Version"
    echo "10.0.1.1@1   10.0.1.1:40001  JAVA       V5_3_2"
    echo "10.0.1.2@1   10.0.1.2:40001  JAVA       V5_3_2"
    echo
    echo "Below is subscription:"
    echo "#Topic  #SubExpression"
    echo "orders  *"
    echo
    echo "ConsumeType: CONSUME_PASSIVELY"
    echo "MessageModel: CLUSTERING"
    echo "ConsumeFromWhere: CONSUME_FROM_LAST_OFFSET";;
getConsumerConfig)
    echo "org.apache.rocketmq.tools.command.SubCommandException: there is no such command" >&2;;
*) echo "# nothing to say";;
esac
"##;

/// A place with the script, and what it is asked.
fn place(tool: &str) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a temporary directory");
    let path = place.path().join("mqadmin");
    let asked = place.path().join("asked");
    std::fs::write(&path, tool.replace("ASKED", &asked.to_string_lossy())).expect("it can be written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it can be made to run");
    (place, path)
}

fn collect(place: &Path, more: &[&str]) -> (i32, String, String) {
    let (tool, out) = (place.join("mqadmin"), place.join("snapshot"));
    let (tool, out) = (tool.to_string_lossy(), out.to_string_lossy());
    let fixed = ["collect", "--mqadmin", &*tool, "--namesrv", "n:9876", "--group", "g", "-o", &*out];
    rebalance_sim(&[&fixed[..], more].concat())
}

fn files(place: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(place.join("snapshot")).expect("it is there");
    let mut files: Vec<(String, String)> = entries
        .map(|entry| {
            let path = entry.expect("it can be listed").path();
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("it is text"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn each_answer_is_a_file_that_says_what_was_asked_and_when() {
    let (place, _) = place(TOOL);
    let (code, stdout, stderr) = collect(place.path(), &["--topic", "orders"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stdout.starts_with("COLLECTED  "), "{stdout}");
    assert!(stderr.contains("getConsumerConfig -n n:9876 -g g`: org.apache.rocketmq.tools"), "{stderr}");
    let files = files(place.path());
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let first = [
        "0000-00001-clusterList-cluster.txt",
        "0000-00002-consumerProgress-g.txt",
        "0000-00003-consumerConnection-g.txt",
    ];
    assert_eq!(&names[..3], first);
    assert!(names.contains(&"0000-00005-topicRoute-orders.txt"), "{names:?}");
    for (name, text) in &files {
        let mut lines = text.lines();
        let head = lines.next().expect("it has a head");
        assert!(head.starts_with("# mqadmin ") && head.contains(" -n n:9876"), "{name}: {head}");
        let at = lines.next().expect("it has a time");
        assert!(
            at.starts_with("# at 2") && at.ends_with('Z') && at.len() == "# at 2026-11-28T02:00:00.000Z".len(),
            "{at}"
        );
    }
    assert!(files[3].1.ends_with("there is no such command\n# exit 0\n"), "{}", files[3].1);
    let asked = std::fs::read_to_string(place.path().join("asked")).expect("it was asked");
    assert_eq!(asked.lines().nth(1), Some("consumerProgress -n n:9876 -g g -s true"));
}

#[test]
fn rounds_ask_again_what_changes() {
    let (place, _) = place(TOOL);
    let (code, stdout, _) = collect(place.path(), &["--every", "1s", "--for", "1s"]);
    assert_eq!(code, 0, "{stdout}");
    assert!(stdout.contains(" in 2 rounds, 1 failed"), "{stdout}");
    let second = files(place.path()).into_iter().filter(|(name, _)| name.starts_with("0001-")).map(|(name, _)| name);
    let second: Vec<String> = second.map(|name| name.split('-').nth(2).unwrap_or("").to_owned()).collect();
    assert!(second.contains(&"consumerProgress".to_owned()), "{second:?}");
    assert!(!second.contains(&"getConsumerConfig".to_owned()), "{second:?}");
}

#[test]
fn what_cannot_be_done_is_said() {
    let (silent, _) = place("#!/bin/sh\necho 'java.net.ConnectException: refused' >&2\n");
    let (code, stdout, stderr) = collect(silent.path(), &[]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("error: none of ") && stderr.contains("ConnectException"), "{stderr}");
    // What was answered is kept all the same, and a second time would mix with it.
    assert!(!files(silent.path()).is_empty());
    let (code, _, stderr) = collect(silent.path(), &[]);
    assert!(code == 2 && stderr.contains("is not empty"), "{stderr}");
    let (slow, _) = place(&TOOL.replace("clusterList)", "clusterList) sleep 60;;\nnothing)"));
    let (code, _, stderr) = collect(slow.path(), &["--timeout", "1s"]);
    assert!(code == 0 && stderr.contains("clusterList -n n:9876`: no answer in its time"), "{stderr}");
}

#[test]
fn a_tool_that_is_not_there_is_named() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let (code, stdout, stderr) = collect(place.path(), &[]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("cannot start `") && stderr.contains("--mqadmin names the tool"), "{stderr}");
}
