//! The cluster: name servers, brokers, producers and push consumers, each rule with the place in RocketMQ's source it
//! was read from.
//!
//! ```text
//!   plan --> World --step()--> Event --> one match --> handler of one actor --> network --> Event ...
//!                                                              |
//!                                                              +--> Observation --> checks, metrics, reports
//! ```
//! Causes are modelled, not results: nothing is decided centrally. Two members disagree because their messages came
//! in another order, a queue is idle because a timer has not fired yet.
//!
#![doc = include_str!("README.md")]

mod address;
mod broker;
mod channel;
mod concern;
mod consumer;
mod controllers;
mod crowd;
mod database;
mod databases;
mod deployment;
mod dialing;
mod disk;
pub mod event;
mod event_loops;
mod fault;
mod go_client;
mod grpc_client;
mod happen;
mod hosts;
pub mod ids;
mod instance;
mod instances;
mod java_order;
mod kubelet;
mod late_call;
mod marks;
mod name_server;
mod names;
pub mod network;
mod notice;
pub mod observation;
mod operator;
mod outside;
mod passes;
pub mod plan;
mod producer;
mod proxy;
mod push;
mod registrations;
mod replicas;
mod server_table;
mod silence;
mod tasks;
#[cfg(test)]
mod testing;
mod transport;
pub mod views;
mod world;

pub use address::ip_address;
pub use concern::Concern;
pub use marks::Mark;
pub use names::{Names, QueuePlace, TopicKind, TopicName};
pub use replicas::Addresses;
pub use world::World;
