//! How a cluster that was built by hand stands in a file.

use std::fmt::Write;

use crate::kernel::Span;

/// A value of a setting: a text, a number, a yes or no, a length of time, or a list of these.
///
/// ```
/// use rebalance_sim::{Group, Setting, secs};
/// let group = Group::new("g")
///     .set("pullBatchSize", 64)
///     .set("clientVersion", "4.9.0")
///     .set("rebalanceWaitInterval", secs(5))
///     .set("start", vec![Setting::from(secs(0)), Setting::from(secs(20))]);
/// # let _ = group;
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Setting(toml::Value);

macro_rules! settings {
    ($($type:ty as $variant:ident),*) => {
        $(impl From<$type> for Setting {
            fn from(value: $type) -> Self {
                Self(toml::Value::$variant(value.into()))
            }
        })*
    };
}

settings!(&str as String, String as String, &String as String, i32 as Integer, u32 as Integer, i64 as Integer);
settings!(bool as Boolean, f64 as Float);

impl From<Span> for Setting {
    fn from(span: Span) -> Self {
        Self(toml::Value::String(span.to_string()))
    }
}

impl<T: Into<Setting>> From<Vec<T>> for Setting {
    fn from(values: Vec<T>) -> Self {
        Self(toml::Value::Array(values.into_iter().map(|value| value.into().0).collect()))
    }
}

impl Setting {
    /// A table with one entry: `{ uniform = ["1ms", "5ms"] }`.
    pub(super) fn table(key: &str, value: impl Into<Self>) -> Self {
        Self(toml::Value::Table([(key.to_owned(), value.into().0)].into_iter().collect()))
    }
}

/// Keys and values of one table, in their order; what is set again keeps its place.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Table(Vec<(String, Setting)>);

impl Table {
    pub fn set(&mut self, key: &str, value: impl Into<Setting>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some(known) => known.1 = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    pub fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| known == key)
    }

    /// The whole number behind `count`.
    #[cfg(feature = "proptest")]
    pub fn count(&self) -> Option<u32> {
        let (_, Setting(count)) = self.0.iter().find(|(known, _)| known == "count")?;
        count.as_integer().and_then(|count| u32::try_from(count).ok())
    }

    /// Its lines, behind a header where it has one.
    pub fn write(&self, header: &str, into: &mut String) {
        if !header.is_empty() {
            let _ = writeln!(into, "\n{header}");
        }
        for (key, value) in &self.0 {
            let _ = writeln!(into, "{} = {}", path(key), value.0);
        }
    }
}

/// A dotted path stays one; a part that is no bare key is put into quotes.
fn path(key: &str) -> String {
    let bare =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let part = |part: &str| match bare(part) {
        true => part.to_owned(),
        false => toml::Value::String(part.to_owned()).to_string(),
    };
    key.split('.').map(part).collect::<Vec<_>>().join(".")
}
