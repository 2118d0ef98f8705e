//! What was deployed: configuration of servers and applications, manifests of Kubernetes, values of Helm, docker-compose.

mod compose;
mod conf;
mod helm;
mod jvm;
mod kubernetes;
mod manifest;
mod pod;
mod spring;
mod spring_keys;
#[cfg(test)]
mod tests;
mod yaml;

pub(super) use compose::COMPOSE;
pub(super) use conf::{BROKER_CONF, NAME_SERVER_CONF};
pub(super) use helm::HELM;
pub(super) use kubernetes::KUBERNETES;
pub(super) use spring::{SPRING_PROPERTIES, SPRING_YAML};
#[cfg(test)]
pub(super) use tests::TEXTS;
