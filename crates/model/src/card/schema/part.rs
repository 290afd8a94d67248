use std::collections::BTreeMap;

use serde_json::{Number, Value};

use super::{Shape, Version};
use crate::card::Mention;
use crate::{Entity, Extra, MemberId};

/// How deep elements and actions may be nested and still be read as such; what is deeper stays raw
/// JSON. JSON text can nest 64 (`serde_json` reads 128 levels, two for each), so this bounds only
/// values made in memory, whose depth would else be the stack's.
pub(in crate::card) const DEEPEST: usize = 64;

/// What a member of a card's object can hold.
pub(in crate::card) trait Part: Sized {
    /// What it looks like.
    const SHAPE: Shape;

    /// Whether [`read`](Part::read) takes the value without loss.
    fn fits(value: &Value) -> bool {
        Self::SHAPE.fits(value)
    }

    /// Takes a value that fits.
    fn read(value: Value, depth: usize) -> Option<Self>;

    /// The version that has all of it.
    fn since(&self) -> Version {
        Version::V1_0
    }

    /// Collects the mentions in it.
    fn mentions<'a>(&'a self, _found: &mut Vec<&'a Mention>) {}
}

/// Takes a member out of an object, if it is there and fits.
pub(in crate::card) fn take<T: Part>(members: &mut Extra, name: &str, depth: usize) -> Option<T> {
    if !T::fits(members.get(name)?) {
        return None;
    }
    T::read(members.remove(name)?, depth)
}

impl Part for bool {
    const SHAPE: Shape = Shape::Flag;

    fn read(value: Value, _: usize) -> Option<Self> {
        value.as_bool()
    }
}

impl Part for u32 {
    const SHAPE: Shape = Shape::Count;

    fn read(value: Value, _: usize) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl Part for Number {
    const SHAPE: Shape = Shape::Number;

    fn read(value: Value, _: usize) -> Option<Self> {
        if let Value::Number(number) = value { Some(number) } else { None }
    }
}

impl Part for String {
    const SHAPE: Shape = Shape::Text;

    fn read(value: Value, _: usize) -> Option<Self> {
        if let Value::String(text) = value { Some(text) } else { None }
    }
}

impl Part for MemberId {
    const SHAPE: Shape = Shape::Text;

    fn read(value: Value, depth: usize) -> Option<Self> {
        String::read(value, depth).map(Self::new)
    }
}

impl Part for Value {
    const SHAPE: Shape = Shape::Any;

    fn read(value: Value, _: usize) -> Option<Self> {
        Some(value)
    }
}

/// Features of the host and the versions needed of them.
pub type Requires = BTreeMap<String, String>;

impl Part for Requires {
    const SHAPE: Shape = Shape::Texts;

    fn read(value: Value, _: usize) -> Option<Self> {
        serde_json::from_value(value).ok()
    }
}

impl Part for Entity {
    const SHAPE: Shape = Shape::Any;

    fn fits(value: &Value) -> bool {
        value.get("type").is_some_and(Value::is_string)
    }

    fn read(value: Value, _: usize) -> Option<Self> {
        serde_json::from_value(value).ok()
    }
}

impl<T: Part> Part for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn fits(value: &Value) -> bool {
        value.as_array().is_some_and(|items| items.iter().all(T::fits))
    }

    fn read(value: Value, depth: usize) -> Option<Self> {
        let Value::Array(items) = value else { return None };
        items.into_iter().map(|item| T::read(item, depth)).collect()
    }

    fn since(&self) -> Version {
        self.iter().map(Part::since).max().unwrap_or(Version::V1_0)
    }

    fn mentions<'a>(&'a self, found: &mut Vec<&'a Mention>) {
        for item in self {
            item.mentions(found);
        }
    }
}

/// Reads an object that stands alone.
///
/// # Errors
///
/// It is no object, or its `type` names another kind.
pub(in crate::card) fn read_whole<T: Part, E: serde::de::Error>(value: Value, kind: &str) -> Result<T, E> {
    if !value.is_object() {
        return Err(E::custom(format_args!("{kind} must be an object")));
    }
    if !T::fits(&value) {
        let found = value.get("type").unwrap_or(&Value::Null);
        return Err(E::custom(format_args!("type must be \"{kind}\", but is {found}")));
    }
    T::read(value, DEEPEST).ok_or_else(|| E::custom(format_args!("no {kind}")))
}
