use serde::{Serialize, Serializer};
use serde_json::Value;

use super::schema::{Part, Shape, Version};
use super::{Action, Element, Mention};

/// What a client does with an element or action it does not know, or whose `requires` it does not meet.
#[derive(Clone, Debug, PartialEq)]
pub enum Fallback<T> {
    /// Leaves it out.
    Drop,
    /// Shows this instead.
    Instead(T),
}

/// Fallback of an element.
pub type ElementFallback = Fallback<Element>;
/// Fallback of an action.
pub type ActionFallback = Fallback<Action>;

const DROP: &str = "drop";

/// What can be a fallback.
pub(in crate::card) trait Instead: Part + Serialize {
    const SHAPE: Shape;
}

impl<T: Instead> Part for Fallback<T> {
    const SHAPE: Shape = <T as Instead>::SHAPE;

    fn fits(value: &Value) -> bool {
        value == DROP || value.is_object()
    }

    fn read(value: Value, depth: usize) -> Option<Self> {
        if value == DROP { Some(Self::Drop) } else { T::read(value, depth).map(Self::Instead) }
    }

    fn since(&self) -> Version {
        match self {
            Self::Drop => Version::V1_0,
            Self::Instead(it) => it.since(),
        }
    }

    fn mentions<'a>(&'a self, found: &mut Vec<&'a Mention>) {
        if let Self::Instead(it) = self {
            it.mentions(found);
        }
    }
}

impl<T: Serialize> Serialize for Fallback<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Drop => serializer.serialize_str(DROP),
            Self::Instead(it) => it.serialize(serializer),
        }
    }
}
