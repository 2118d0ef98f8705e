//! Rules of the protocol that the model is held to.

use super::super::explanation::Background;

pub const RULE: Background = Background {
    comes_about: "The check `protocol` holds every run to rules of RocketMQ that no cluster can break, such as \"a \
        drop commits\". Its word is the name of the rule.",
    seen: "On a real cluster never: it is a mistake of the simulator.",
    advice: "Report it, with scenario and seed. Do not trust the other figures of this run.",
};
