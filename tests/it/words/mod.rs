//! Words: what `list` and `explain-word` print, that no output says a word that they do not know, and that the parser
//! knows no key that they do not know.

mod commands;
mod outputs;
mod parser;
