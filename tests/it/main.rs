//! Integration tests, one crate; a module a behaviour.

mod offset_command;
mod offset_conformance;
mod offset_stores;
