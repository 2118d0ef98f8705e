//! Settings of RocketMQ that the model has not, from [`crate::scenario::settings_not_modelled`].

use super::Entry;
use crate::scenario::settings_not_modelled;

pub(super) fn entries() -> Vec<Entry> {
    settings_not_modelled().map(|(name, reason)| Entry::new(name, format!("Not modelled: {reason}."))).collect()
}
