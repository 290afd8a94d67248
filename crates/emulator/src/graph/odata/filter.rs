use serde_json::Value;

/// A condition of a list.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::graph) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// `property op value`
    Compare(String, Comparison, Value),
    /// `property in (…)`
    In(String, Vec<Value>),
    StartsWith(String, String),
    EndsWith(String, String),
    /// `collection/any(x:condition)`; without a condition: it is not empty.
    Any(String, Option<(String, Box<Filter>)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graph) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Filter {
    /// Whether something fulfils the condition; `read` tells a property, or null.
    pub(in crate::graph) fn fits(&self, read: &dyn Fn(&str) -> Value) -> bool {
        match self {
            Self::And(all) => all.iter().all(|one| one.fits(read)),
            Self::Or(any) => any.iter().any(|one| one.fits(read)),
            Self::Not(inner) => !inner.fits(read),
            Self::Compare(property, comparison, value) => comparison.holds(&at(read, property), value),
            Self::In(property, values) => {
                let own = at(read, property);
                values.iter().any(|value| Comparison::Equal.holds(&own, value))
            }
            Self::StartsWith(property, text) => lower(&at(read, property)).starts_with(&text.to_lowercase()),
            Self::EndsWith(property, text) => lower(&at(read, property)).ends_with(&text.to_lowercase()),
            Self::Any(collection, condition) => {
                let Value::Array(elements) = at(read, collection) else { return false };
                match condition {
                    None => !elements.is_empty(),
                    Some((variable, condition)) => {
                        elements.iter().any(|element| condition.fits(&|path| of_element(element, variable, path, read)))
                    }
                }
            }
        }
    }

    /// Whether Graph takes it for directory objects only in an advanced query.
    pub(in crate::graph) fn is_advanced(&self) -> bool {
        match self {
            Self::And(inner) | Self::Or(inner) => inner.iter().any(Self::is_advanced),
            Self::Not(_) | Self::EndsWith(..) | Self::Compare(_, Comparison::NotEqual, _) => true,
            Self::Any(_, Some((_, condition))) => condition.is_advanced(),
            Self::Any(_, None) | Self::Compare(..) | Self::In(..) | Self::StartsWith(..) => false,
        }
    }

    /// The properties it reads, as far as they are of the object itself.
    pub(in crate::graph) fn properties(&self) -> Vec<&str> {
        match self {
            Self::And(inner) | Self::Or(inner) => inner.iter().flat_map(Self::properties).collect(),
            Self::Not(inner) => inner.properties(),
            Self::Compare(property, ..)
            | Self::In(property, _)
            | Self::StartsWith(property, _)
            | Self::EndsWith(property, _)
            | Self::Any(property, _) => vec![property],
        }
    }

    /// How many alternatives it has: Graph takes 15.
    pub(in crate::graph) fn alternatives(&self) -> usize {
        match self {
            Self::Or(inner) => inner.iter().map(Self::alternatives).sum(),
            Self::And(inner) => inner.iter().map(Self::alternatives).max().unwrap_or(1),
            Self::Not(inner) | Self::Any(_, Some((_, inner))) => inner.alternatives(),
            Self::In(_, values) => values.len(),
            Self::Compare(..) | Self::StartsWith(..) | Self::EndsWith(..) | Self::Any(_, None) => 1,
        }
    }
}

impl Comparison {
    fn holds(self, own: &Value, other: &Value) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let order = match (own, other) {
            (Value::String(_), Value::String(_)) => lower(own).partial_cmp(&lower(other)),
            (Value::Number(own), Value::Number(other)) => own.as_f64().partial_cmp(&other.as_f64()),
            (own, other) if own == other => Some(Equal),
            _ => None,
        };
        match self {
            Self::Equal => order == Some(Equal),
            Self::NotEqual => order != Some(Equal),
            Self::Less => order == Some(Less),
            Self::LessOrEqual => matches!(order, Some(Less | Equal)),
            Self::Greater => order == Some(Greater),
            Self::GreaterOrEqual => matches!(order, Some(Greater | Equal)),
        }
    }
}

/// A property, or one of a related object: `teamsApp/id`.
fn at(read: &dyn Fn(&str) -> Value, path: &str) -> Value {
    match path.split_once('/') {
        None => read(path),
        Some((property, rest)) => read(property).pointer(&format!("/{rest}")).cloned().unwrap_or(Value::Null),
    }
}

/// What a path means within `any(variable:…)`; called with the first part of a path only.
fn of_element(element: &Value, variable: &str, path: &str, outer: &dyn Fn(&str) -> Value) -> Value {
    if path == variable { element.clone() } else { outer(path) }
}

/// Directory properties compare without regard to case.
fn lower(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_lowercase()
}
