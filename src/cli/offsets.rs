//! `offsets FILE`: a client's `offsets.json` or a broker's `consumerOffset.json` as a table.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

use crate::mqadmin::{Kind, kind};
use crate::offset::fastjson::{OffsetFile, ParseError, field_names, read_offset_file};
use crate::offset::{ConsumerOffsets, QueueKey};

/// Prints the offsets in a file that RocketMQ wrote: offsets.json of a broadcasting consumer, consumerOffset.json of
/// a broker, or the .bak of either.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = include_str!("help/offsets.txt"))]
pub struct Arguments {
    /// The file.
    pub file: PathBuf,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = OffsetsFormat::Text)]
    pub format: OffsetsFormat,
}

/// How to print the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OffsetsFormat {
    /// Aligned columns.
    Text,
    /// Comma-separated, with a header.
    Csv,
    /// One array of objects.
    Json,
}

/// Why nothing could be printed; the exit code is 2.
#[derive(Debug, thiserror::Error)]
pub enum OffsetsError {
    /// The file is not there, or may not be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the operating system says.
        reason: io::Error,
    },
    /// It is something else.
    #[error(
        "{path} is {what}; wanted is a client's offsets.json or a broker's consumerOffset.json, with an offsetTable"
    )]
    Other {
        /// The file.
        path: String,
        /// What it is.
        what: String,
    },
    /// The text is broken.
    #[error("{path}, {reason}")]
    Broken {
        /// The file.
        path: String,
        /// Where and what.
        reason: ParseError,
    },
    /// The output cannot be written.
    #[error("the table cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl Arguments {
    /// Prints the table to stdout.
    pub(super) fn execute(self) -> super::Answer {
        let mut text = Vec::new();
        match run(&self, &mut text) {
            Ok(_) => super::terminal::print(&String::from_utf8_lossy(&text)).map(|()| super::Verdict::Held),
            Err(error @ OffsetsError::Output(_)) => Err(super::Failure::own(error)),
            Err(error) => Err(super::Failure::bad_input(error)),
        }
    }
}

/// Prints the table; the exit code is 0.
///
/// # Errors
/// [`OffsetsError`]; the exit code is then 2.
pub fn run(args: &Arguments, out: &mut dyn Write) -> Result<u8, OffsetsError> {
    let path = args.file.display().to_string();
    let failed = |reason| OffsetsError::Unreadable { path: path.clone(), reason };
    print(&path, &super::bounded::bytes(&args.file, super::bounded::Sort::Offsets).map_err(failed)?, args.format, out)?;
    Ok(0)
}

/// Prints the offsets in the bytes of a file.
///
/// # Errors
/// [`OffsetsError`].
pub fn print(path: &str, bytes: &[u8], format: OffsetsFormat, out: &mut dyn Write) -> Result<(), OffsetsError> {
    let (path, text) = (path.to_owned(), String::from_utf8_lossy(bytes));
    let names = field_names(&text);
    let table = match Table::read(&text) {
        Ok(_) if !names.is_empty() && !names.iter().any(|name| name == "offsettable") => {
            let what = kind(&text).map_or_else(|| "an object without one".to_owned(), |kind| kind.to_string());
            return Err(OffsetsError::Other { path, what });
        }
        Ok(table) => table,
        Err(reason) => {
            return Err(match kind(&text) {
                None | Some(Kind::Json | Kind::File(Kind::OFFSETS)) => OffsetsError::Broken { path, reason },
                Some(kind) => OffsetsError::Other { path, what: kind.to_string() },
            });
        }
    };
    match format {
        OffsetsFormat::Text => table.write_text(out)?,
        OffsetsFormat::Csv => table.write_csv(out)?,
        OffsetsFormat::Json => table.write_json(out)?,
    }
    Ok(())
}

/// Rows in order of topic, then group or broker, then queue id.
struct Table {
    header: [&'static str; 4],
    rows: Vec<(Option<String>, Option<String>, i32, i64)>,
}

impl Table {
    fn read(text: &str) -> Result<Self, ParseError> {
        let (second, mut rows): (_, Vec<_>) = match (read_offset_file(text), ConsumerOffsets::read(text)) {
            (Ok(OffsetFile::Entries(content)), _) => {
                ("broker", content.iter().map(|(q, &o)| client_row(q, o)).collect())
            }
            (_, Ok(offsets)) => ("group", offsets.entries().map(broker_row).collect()),
            (Ok(OffsetFile::NullWrapper | OffsetFile::NullTable), Err(_)) => ("broker", Vec::new()),
            // Both refuse it: the one that came further knows better what the file was meant to be.
            (Err(client), Err(broker)) => {
                let place = |error: &ParseError| (error.line, error.column);
                return Err(if place(&broker) > place(&client) { broker } else { client });
            }
        };
        rows.sort();
        Ok(Self { header: ["topic", second, "queueId", "offset"], rows })
    }

    fn cells(&self) -> impl Iterator<Item = [String; 4]> {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        self.rows
            .iter()
            .map(move |(topic, second, id, offset)| [text(topic), text(second), id.to_string(), offset.to_string()])
    }

    fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let header = self.header.map(str::to_owned);
        let mut widths = header.clone().map(|cell| cell.chars().count());
        for row in self.cells() {
            for (width, cell) in widths.iter_mut().zip(&row) {
                *width = cell.chars().count().max(*width);
            }
        }
        let [topic, second, id, offset] = widths;
        for [a, b, c, d] in std::iter::once(header).chain(self.cells()) {
            writeln!(out, "{a:topic$}  {b:second$}  {c:>id$}  {d:>offset$}")?;
        }
        Ok(())
    }

    fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(self.header)?;
        for row in self.cells() {
            writer.write_record(row)?;
        }
        writer.flush()
    }

    fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let objects = self.rows.iter().map(|(topic, second, id, offset)| {
            let values: [Value; 4] = [topic.clone().into(), second.clone().into(), (*id).into(), (*offset).into()];
            Value::Object(self.header.map(str::to_owned).into_iter().zip(values).collect::<Map<_, _>>())
        });
        serde_json::to_writer_pretty(&mut *out, &Value::Array(objects.collect()))?;
        writeln!(out)
    }
}

fn client_row(queue: &QueueKey, offset: i64) -> (Option<String>, Option<String>, i32, i64) {
    (queue.topic.as_deref().map(str::to_owned), queue.broker_name.as_deref().map(str::to_owned), queue.queue_id, offset)
}

fn broker_row(row: (&str, &str, i32, i64)) -> (Option<String>, Option<String>, i32, i64) {
    (Some(row.0.to_owned()), Some(row.1.to_owned()), row.2, row.3)
}
