//! What a word of the checks explains, and the macro that makes an enum of such words from one list.

/// What a word means, for a person who meets it in a result and wants to do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// What was seen.
    pub means: &'static str,
    /// How it comes about in RocketMQ, with the class and method.
    pub comes_about: &'static str,
    /// How one sees it on a live cluster: a line of a log, or what `mqadmin` prints.
    pub seen: &'static str,
    /// What to do: a setting or a practice.
    pub advice: &'static str,
}

/// An explanation but for what it means, which the list of words says.
#[derive(Debug)]
pub(super) struct Background {
    pub comes_about: &'static str,
    pub seen: &'static str,
    pub advice: &'static str,
}

/// An enum of words. Each variant has one line of documentation, which is its sentence, its word, and its background.
/// A last variant may carry a word of its own: it is not among `ALL`.
macro_rules! words {
    (
        $(#[$about:meta])*
        $name:ident {
            $(#[doc = $sentence:literal] $variant:ident $word:literal $background:path,)+
        }
        $(#[doc = $own_sentence:literal] $own:ident $own_background:path)?
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $sentence] $variant,)+
            $(#[doc = $own_sentence] $own(&'static str),)?
        }

        impl $name {
            /// All of them, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word, as tables and figures spell it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                    $(Self::$own(word) => { let _ = $own_sentence; word })?
                }
            }

            /// What it says, in one sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$variant => $sentence,)+
                    $(Self::$own(_) => $own_sentence,)?
                }
                .trim_ascii_start()
            }

            /// What it means, how it comes about, how it shows, and what to do.
            #[must_use]
            pub const fn explanation(self) -> $crate::check::Explanation {
                let background = match self {
                    $(Self::$variant => &$background,)+
                    $(Self::$own(_) => &$own_background,)?
                };
                $crate::check::Explanation {
                    means: self.sentence(),
                    comes_about: background.comes_about,
                    seen: background.seen,
                    advice: background.advice,
                }
            }
        }

        /// They sort as their words do, as the outputs list them.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.word().cmp(other.word())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        /// Written as its word.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        /// Read by its word; one of its own that a variant carries is not known again.
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                let found = Self::ALL.iter().find(|known| known.word() == text).copied();
                found.ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no {}", stringify!($name))))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }
    };
}
pub(super) use words;
