use serde_json::Value;

use super::{Version, Word};

/// What a member's value looks like in JSON.
#[derive(Clone, Copy, Debug)]
pub(in crate::card) enum Shape {
    Any,
    Flag,
    Number,
    /// A whole number from 0.
    Count,
    Text,
    /// A text of an open set.
    Word(&'static [Word]),
    TextOrNumber,
    /// An object whose values are texts.
    Texts,
    Object(&'static Kind),
    TextOrObject(&'static Kind),
    List(&'static Shape),
    Element,
    Action,
    Card,
    /// An element to show instead, or the text `drop`.
    ElementInstead,
    /// An action to offer instead, or the text `drop`.
    ActionInstead,
}

impl Shape {
    /// Whether the value is of this shape itself; what it contains is not looked at.
    pub(in crate::card) fn fits(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Flag => value.is_boolean(),
            Self::Number => value.is_number(),
            Self::Count => value.as_u64().is_some_and(|count| u32::try_from(count).is_ok()),
            Self::Text | Self::Word(_) => value.is_string(),
            Self::TextOrNumber => value.is_string() || value.is_number(),
            Self::Texts => value.as_object().is_some_and(|members| members.values().all(Value::is_string)),
            Self::Object(_) | Self::Element | Self::Action | Self::Card => value.is_object(),
            Self::TextOrObject(_) | Self::ElementInstead | Self::ActionInstead => {
                value.is_string() || value.is_object()
            }
            Self::List(_) => value.is_array(),
        }
    }

    /// The shape in words, after "must be".
    pub(in crate::card) fn words(self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Flag => "true or false, without quotes",
            Self::Number => "a number, without quotes",
            Self::Count => "a whole number, without quotes",
            Self::Text | Self::Word(_) => "a text",
            Self::TextOrNumber => "a text or a number",
            Self::Texts => "an object of texts",
            Self::Object(_) | Self::Element | Self::Action | Self::Card => "an object",
            Self::TextOrObject(_) | Self::ElementInstead | Self::ActionInstead => "a text or an object",
            Self::List(_) => "a list",
        }
    }
}

/// What is known of one kind of object: the reader, the writer and the check all go by it.
#[derive(Debug)]
pub(in crate::card) struct Kind {
    /// Its `type`.
    pub(in crate::card) name: &'static str,
    pub(in crate::card) since: Version,
    pub(in crate::card) members: &'static [Member],
}

/// One member of a [`Kind`].
#[derive(Debug)]
pub(in crate::card) struct Member {
    pub(in crate::card) name: &'static str,
    pub(in crate::card) since: Version,
    pub(in crate::card) shape: Shape,
    pub(in crate::card) need: Need,
}

/// What happens when a member is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::card) enum Need {
    /// Nothing.
    Optional,
    /// The object is not shown.
    Shown,
    /// Phones refuse the whole card: the shared object model of the mobile renderers demands it
    /// (microsoft/AdaptiveCards, `source/shared/cpp/ObjectModel`).
    Required,
}
