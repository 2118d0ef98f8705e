//! Java's order of strings: by UTF-16 code unit, not by code point and not by number (`String.compareTo`).

use std::cmp::Ordering;

/// `a.compareTo(b)` as an ordering. Supplementary characters (surrogates D800..DFFF) sort before U+E000..U+FFFF.
#[must_use]
pub fn compare_java_strings(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        return a.as_bytes().cmp(b.as_bytes());
    }
    a.encode_utf16().cmp(b.encode_utf16())
}
