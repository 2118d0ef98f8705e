//! Configuration of RocketMQ's servers as Java reads it: texts of `java.util.Properties`, and what `MixAll.properties2Object`
//! makes of a value.

mod known;
mod text;

pub use known::{JavaType, Property as KnownProperty, broker_property, name_server_property, near_broker_property};
pub use text::{Property, properties};
