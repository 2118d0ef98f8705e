//! What a cluster is asked: commands of `mqadmin` that read and change nothing.

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The cluster.
    Cluster,
    /// Each group.
    Group,
    /// Each topic that a group reads.
    Topic,
    /// Each master.
    Broker,
    /// Each member of a group.
    Member,
}

/// A question.
#[derive(Debug)]
pub(super) struct Query {
    /// The subcommand.
    pub command: &'static str,
    /// What it is about.
    pub about: About,
    /// Options beside those that name what it is about.
    pub options: &'static [&'static str],
    /// Asked in each round; else only in the first, as for what does not change.
    pub every_round: bool,
}

const fn query(command: &'static str, about: About) -> Query {
    Query { command, about, options: &[], every_round: true }
}

const fn once(command: &'static str, about: About) -> Query {
    Query { command, about, options: &[], every_round: false }
}

/// All of them, in the order in which they are asked: groups before the topics and members that their answers name.
pub(super) const QUERIES: &[Query] = &[
    query("clusterList", About::Cluster),
    Query { options: &["-s", "true"], ..query("consumerProgress", About::Group) },
    query("consumerConnection", About::Group),
    once("getConsumerConfig", About::Group),
    query("topicRoute", About::Topic),
    query("topicStatus", About::Topic),
    once("getBrokerConfig", About::Broker),
    once("consumerStatus", About::Member),
];

/// What one question is about, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// The cluster that the name servers know.
    Cluster,
    /// A group.
    Group(String),
    /// A topic.
    Topic(String),
    /// A broker's address.
    Broker(String),
    /// A group and a client id.
    Member(String, String),
}

impl Subject {
    /// The words of a call of `mqadmin`, beginning with the subcommand.
    pub fn words(&self, query: &Query, name_servers: &str) -> Vec<String> {
        let mut words = vec![query.command, "-n", name_servers];
        match self {
            Self::Cluster => {}
            Self::Group(group) => words.extend(["-g", group]),
            Self::Topic(topic) => words.extend(["-t", topic]),
            Self::Broker(address) => words.extend(["-b", address]),
            Self::Member(group, id) => words.extend(["-g", group, "-i", id]),
        }
        words.extend(query.options);
        words.into_iter().map(str::to_owned).collect()
    }

    /// How it is called: in messages, and as a part of a file's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Cluster => "cluster",
            Self::Group(name) | Self::Topic(name) | Self::Broker(name) | Self::Member(_, name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Subcommands that send no request with which a server changes anything (`execute` of each class in
    /// `org.apache.rocketmq.tools.command`). `consumerStatus` reads where one client is named; else it writes files.
    const ONLY_READ: [&str; 16] = [
        "brokerConsumeStats",
        "brokerStatus",
        "clusterList",
        "consumerConnection",
        "consumerProgress",
        "consumerStatus",
        "getBrokerConfig",
        "getConsumerConfig",
        "getNamesrvConfig",
        "producerConnection",
        "queryCq",
        "statsAll",
        "topicClusterList",
        "topicList",
        "topicRoute",
        "topicStatus",
    ];

    #[test]
    fn nothing_is_asked_that_changes_a_cluster() {
        for query in QUERIES {
            assert!(ONLY_READ.contains(&query.command), "{}", query.command);
            if query.command == "consumerStatus" {
                assert_eq!(query.about, About::Member, "without a client id it writes files where it is called");
                assert!(!query.options.contains(&"-s"), "jstack stops the threads of a client");
            }
        }
    }

    #[test]
    fn a_call_names_what_it_is_about() {
        let said = |subject: Subject, at: usize| subject.words(&QUERIES[at], "n:9876").join(" ");
        let table = [
            (said(Subject::Cluster, 0), "clusterList -n n:9876"),
            (said(Subject::Group("g".to_owned()), 1), "consumerProgress -n n:9876 -g g -s true"),
            (said(Subject::Topic("t".to_owned()), 4), "topicRoute -n n:9876 -t t"),
            (said(Subject::Broker("b:1".to_owned()), 6), "getBrokerConfig -n n:9876 -b b:1"),
            (said(Subject::Member("g".to_owned(), "i@1".to_owned()), 7), "consumerStatus -n n:9876 -g g -i i@1"),
        ];
        for (words, expected) in table {
            assert_eq!(words, expected);
        }
    }
}
