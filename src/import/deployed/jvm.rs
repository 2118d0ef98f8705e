//! Options of a JVM, `-Drocketmq.client.x=y` among them, wherever they are written.

use super::super::fact::Fact;
use super::super::reader::Reading;
use super::super::section::Place;

/// Variables of an environment that hold them: RocketMQ's scripts, the JVM, usual images.
pub(super) const VARIABLES: [&str; 9] = [
    "JAVA_OPT",
    "JAVA_OPTS",
    "JAVA_OPT_EXT",
    "JAVA_OPTIONS",
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "JVM_OPTS",
    "CATALINA_OPTS",
];

/// System properties of RocketMQ in a line of options.
pub(super) fn system_properties(options: &str, workload: Option<&str>, place: Place, reading: &mut Reading) {
    for option in words(options) {
        let Some((key, value)) = option.strip_prefix("-D").and_then(|option| option.split_once('=')) else { continue };
        if !key.starts_with("rocketmq.") && !key.starts_with("com.rocketmq.") {
            continue;
        }
        if value.contains('$') {
            reading.note(place, format!("the value of -D{} is filled in elsewhere", super::super::disk::cut(key)));
            continue;
        }
        if key == "rocketmq.namesrv.addr" {
            name_servers(value, place, reading);
        }
        let workload = workload.map(str::to_owned);
        reading.fact(place, Fact::SystemProperty { workload, key: key.to_owned(), value: value.to_owned() });
    }
}

/// Addresses of name servers as clients take them: with `;` between them, maybe with a scheme.
pub(super) fn name_servers(value: &str, place: Place, reading: &mut Reading) {
    for address in value.split([';', ',']).map(str::trim).filter(|address| !address.is_empty()) {
        let address = address.strip_prefix("http://").unwrap_or(address);
        let is_one = address.rsplit_once(':').is_some_and(|(host, port)| {
            !host.is_empty() && !host.contains(char::is_whitespace) && port.parse::<u16>().is_ok()
        });
        if !is_one || address.contains('$') {
            reading.note(
                place,
                format!("`{}` is no address of a name server, host:port", super::super::disk::cut(address)),
            );
            continue;
        }
        reading.fact(place, Fact::NameServer { address: address.to_owned() });
    }
}

/// Words as a shell makes them: quotes hold together what stands in them.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.push(c),
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            None => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}
