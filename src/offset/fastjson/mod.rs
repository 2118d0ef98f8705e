//! The dialect of JSON that fastjson 1.2.83 reads and writes. Map keys may be objects or bare numbers there, so no
//! JSON library can be used; what the real parser lets pass is measured, not guessed.

mod error;
mod offset_file;
mod scanner;
mod string;
mod tree;
mod value;
mod write;

pub use error::{JSON_EXCEPTION, ParseError};
pub use offset_file::{OffsetFile, OffsetFileContent, field_names, read_offset_file};
pub use tree::{Located, Node, Piece, documents};
pub use write::{write_offset_file, write_offset_file_compact};

pub(super) use scanner::Scanner;
pub(super) use value::{Value, integer_of_text, long_of};
pub(super) use write::quoted;
