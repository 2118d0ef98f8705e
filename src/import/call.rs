//! Calls of `mqadmin`, as they stand behind a prompt or in a comment.

/// A call of `mqadmin` that stands before its output: in a terminal behind the prompt, in a collected file as a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// The subcommand, such as `consumerProgress`.
    pub command: String,
    /// `-g`, `--groupName`.
    pub group: Option<String>,
    /// `-t`, `--topic`.
    pub topic: Option<String>,
    /// `-b`, `--brokerAddr`.
    pub broker_address: Option<String>,
    /// `-i`, `--clientId`.
    pub client_id: Option<String>,
    /// When it was called, milliseconds since 1970, where that is said.
    pub at_ms: Option<i64>,
}

/// What `mqadmin` can be asked for, in all versions (`SubCommand.commandName`).
const COMMANDS: &str = "DecodeMessageId addBroker addWritePerm allocateMQ brokerConsumeStats brokerStatus checkMsgSendRT \
    checkRocksdbCqWriteProgress cleanBrokerMetadata cleanExpiredCQ cleanUnusedTopic cloneGroupOffset \
    clusterAclConfigVersion clusterList clusterRT consumeMessage consumer consumerConnection consumerProgress consumerStatus copyAcl copyUser \
    createAcl createUser deleteAccessConfig deleteAcl deleteExpiredCommitLog deleteKvConfig deleteSubGroup deleteTopic \
    deleteUser dumpCompactionLog electMaster exportConfigs exportMetadata exportMetadataInRocksDB exportMetrics \
    exportPopRecord getAccessConfigSubCommand getAcl getBrokerConfig getBrokerEpoch getColdDataFlowCtrInfo \
    getConsumerConfig getConsumerStatus getControllerConfig getControllerMetaData getNamesrvConfig getSyncStateSet getUser \
    haStatus listAcl listUser printMsg printMsgByQueue producer producerConnection queryCq queryMsgById queryMsgByKey \
    queryMsgByOffset queryMsgByUniqueKey queryMsgTraceById remappingStaticTopic removeBroker \
    removeColdDataFlowCtrGroupConfig resetMasterFlushOffset resetOffsetByTime resetOffsetByTimeOld rocksDBConfigToJson \
    sendMessage sendMsgStatus setCommitLogReadAheadMode setConsumeMode skipAccumulatedMessage startMonitoring statsAll \
    topicClusterList topicList topicRoute topicStatus updateAcl updateAclConfig updateBrokerConfig \
    updateColdDataFlowCtrGroupConfig updateControllerConfig updateGlobalWhiteAddr updateKvConfig updateNamesrvConfig \
    updateOrderConf updateStaticTopic updateSubGroup updateSubGroupList updateTopic updateTopicList updateTopicPerm \
    updateUser wipeWritePerm";

/// What may stand first in a line that calls `mqadmin` and has no prompt.
const BEGINNINGS: [&str; 7] = ["sh", "bash", "+", "sudo", "kubectl", "docker", "podman"];

/// The call that a line is, behind whatever prompt.
pub(super) fn call(line: &str) -> Option<Call> {
    // Scripts inside manifests are indented, and a log has its time in front.
    if line.starts_with(|c: char| c.is_whitespace()) || !line.contains("mqadmin") {
        return None;
    }
    let words = shell_words(line);
    let at = words.iter().position(|word| is_mqadmin(word))?;
    let asked = words.get(at + 1)?;
    // It takes them in any case (`MQAdminStartup.findSubCommand`).
    let command = COMMANDS.split_whitespace().find(|command| command.eq_ignore_ascii_case(asked))?;
    let prompted = |word: &String| word.ends_with(['$', '#', '>', '%']);
    let begins = words[..at].first().is_none_or(|word| BEGINNINGS.contains(&word.as_str()) || word.contains('='));
    if !begins && !words[..at].iter().any(prompted) {
        return None;
    }
    let mut call = Call { command: command.to_owned(), ..Call::default() };
    let mut words = words[at + 2..].iter();
    while let Some(word) = words.next() {
        // What follows is the shell's.
        if word.starts_with(['|', '>', '<', ';', '&']) || word.starts_with("2>") {
            break;
        }
        let (name, value) = option(word);
        let Some(field) = field(&mut call, &name) else { continue };
        *field = value.or_else(|| words.next().cloned()).filter(|value| is_name(value, line));
    }
    Some(call)
}

/// The prompt before a call, up to where it is the same for other commands: `[root@host `, `$`. None where there is none
/// that tells a prompt from another line.
pub(super) fn prompt(line: &str) -> Option<&str> {
    let before = &line[..line.find("mqadmin")?];
    let end = before.find(['$', '#', '>', '%'])?;
    let prompt = &before[..=end];
    if prompt == "#" {
        return None;
    }
    // The folder behind the host changes.
    let host = prompt.find('@').and_then(|at| Some(at + prompt[at..].find([' ', ':'])?));
    Some(host.map_or(prompt, |end| &prompt[..=end]))
}

/// Whether a line is a prompt with or without a command, by the beginning of another one.
pub(super) fn is_prompt(line: &str, beginning: &str) -> bool {
    let Some(rest) = line.strip_prefix(beginning) else { return false };
    let rest = if beginning.ends_with(['$', '#', '>', '%']) {
        rest
    } else {
        let Some(end) = rest.find(['$', '#', '>', '%']) else { return false };
        &rest[end + 1..]
    };
    rest.is_empty() || rest.starts_with(' ')
}

/// Whether a word calls the tool: `mqadmin`, `./bin/mqadmin`, `C:\rocketmq\bin>mqadmin.cmd`.
fn is_mqadmin(word: &str) -> bool {
    let name = word.rsplit(['/', '\\', '>', '$', '#', '%']).next().unwrap_or("");
    ["mqadmin", "mqadmin.cmd", "mqadmin.sh"].contains(&name)
}

/// Whether a value can be a name: one word that stands in the line as it is, not put together of quoted parts.
fn is_name(value: &str, line: &str) -> bool {
    let plain = !value.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    !value.is_empty() && plain && line.contains(value)
}

/// An option's name without its dashes, and its value where it stands in the same word: `-gorders`, `--topic=T`.
fn option(word: &str) -> (String, Option<String>) {
    if let Some(long) = word.strip_prefix("--") {
        let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value.to_owned())));
        return (name.to_owned(), value);
    }
    let Some(short) = word.strip_prefix('-') else { return (String::new(), None) };
    let mut letters = short.chars();
    let name = letters.next().map(String::from).unwrap_or_default();
    let value = letters.as_str();
    (name, (!value.is_empty()).then(|| value.trim_start_matches('=').to_owned()))
}

/// Where the value of an option belongs. Some letters mean another thing to other commands.
fn field<'a>(call: &'a mut Call, option: &str) -> Option<&'a mut Option<String>> {
    let of_client = ["consumerStatus", "consumer", "getConsumerStatus"].contains(&call.command.as_str());
    let timeout = call.command == "brokerConsumeStats";
    match option {
        "g" | "group" | "groupName" | "consumerGroup" => Some(&mut call.group),
        "t" if !timeout => Some(&mut call.topic),
        "topic" | "topicName" => Some(&mut call.topic),
        "b" | "brokerAddr" => Some(&mut call.broker_address),
        "i" if of_client => Some(&mut call.client_id),
        "clientId" | "originClientId" => Some(&mut call.client_id),
        _ => None,
    }
}

/// The words of a line as a shell parts them; quotes are taken off.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut begun, mut quote) = (String::new(), false, None);
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => (quote, begun) = (Some(letter), true),
            (None, _) if letter.is_whitespace() => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            _ => {
                word.push(letter);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}
