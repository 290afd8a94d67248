use std::ops::Not;

use pregon_model::{CatalogAppId, GroupId, ObjectId};

use crate::BadArgument;

/// Most values `in` takes.
///
/// Source: Microsoft Learn, "Use the $filter query parameter", which allows 15 expressions in a row.
const MOST_VALUES: usize = 15;

/// A condition of a list (`$filter`). Values are quoted here, so that no name can change the condition.
///
/// Names of properties come from the code, not from people: they are `'static`. Conditions that only
/// advanced queries take (`ne`, `not`, `endsWith`) make the list of directory objects one by itself.
///
/// ```
/// use pregon_connector::graph::Filter;
///
/// let members = Filter::is("accountEnabled", true).and(Filter::is("userType", "Member"));
/// let named = Filter::starts_with("displayName", "O'").or(Filter::is("surname", "O'Neil"));
/// assert_eq!(
///     members.and(named).as_str(),
///     "accountEnabled eq true and userType eq 'Member' \
///      and (startsWith(displayName,'O''') or surname eq 'O''Neil')",
/// );
/// ```
///
/// Source: Microsoft Learn, "Use the $filter query parameter" and "Advanced query capabilities on
/// Microsoft Entra ID objects".
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a filter does nothing until it is given to a list"]
pub struct Filter {
    text: String,
    pub(super) advanced: bool,
    pub(super) fault: Option<BadArgument>,
}

impl Filter {
    /// `property eq value`. A property of a related object is named with its path: `teamsApp/id`.
    pub fn is(property: &'static str, value: impl Into<Literal>) -> Self {
        Self::basic(format!("{property} eq {}", value.into().0))
    }

    /// `property ne value`.
    pub fn is_not(property: &'static str, value: impl Into<Literal>) -> Self {
        Self::advanced(format!("{property} ne {}", value.into().0))
    }

    /// `startsWith(property,'text')`, without regard to case.
    pub fn starts_with(property: &'static str, text: &str) -> Self {
        Self::basic(format!("startsWith({property},{})", quoted(text)))
    }

    /// `endsWith(property,'text')`; only `mail`, `otherMails`, `userPrincipalName` and `proxyAddresses`.
    pub fn ends_with(property: &'static str, text: &str) -> Self {
        Self::advanced(format!("endsWith({property},{})", quoted(text)))
    }

    /// `property in (values)`: 1 to 15 of them.
    pub fn one_of<V: Into<Literal>>(property: &'static str, values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<_> = values.into_iter().map(|value| value.into().0).collect();
        let filter = Self::basic(format!("{property} in ({})", values.join(",")));
        if (1..=MOST_VALUES).contains(&values.len()) {
            return filter;
        }
        Self { fault: Some(BadArgument::new("values of a filter", "must be 1 to 15")), ..filter }
    }

    /// `collection/any(a:condition)`: some element fulfils the condition, in which it is called `a`.
    ///
    /// ```
    /// # use pregon_connector::graph::Filter;
    /// let teams = Filter::any("resourceProvisioningOptions", Filter::is("a", "Team"));
    /// assert_eq!(teams.as_str(), "resourceProvisioningOptions/any(a:a eq 'Team')");
    /// ```
    pub fn any(collection: &'static str, condition: Self) -> Self {
        Self { text: format!("{collection}/any(a:{})", condition.text), ..condition }
    }

    /// A condition of the caller's own, taken as it is. What people wrote goes through [`Literal`] first.
    pub fn raw(text: impl Into<String>) -> Self {
        Self::advanced(format!("({})", text.into()))
    }

    /// Both conditions.
    pub fn and(self, other: Self) -> Self {
        let text = format!("{} and {}", self.text, other.text);
        self.with(other, text)
    }

    /// At least one of the conditions.
    pub fn or(self, other: Self) -> Self {
        let text = format!("({} or {})", self.text, other.text);
        self.with(other, text)
    }

    /// The condition as it goes on the wire, before it is percent-encoded.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn basic(text: String) -> Self {
        Self { text, advanced: false, fault: None }
    }

    fn advanced(text: String) -> Self {
        Self { text, advanced: true, fault: None }
    }

    fn with(self, other: Self, text: String) -> Self {
        Self { text, advanced: self.advanced || other.advanced, fault: self.fault.or(other.fault) }
    }
}

/// `not (condition)`.
impl Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        Self { text: format!("not ({})", self.text), advanced: true, fault: self.fault }
    }
}

/// A value of a condition, as it is written there: text in quotes, `true`, a number, `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal(String);

impl Literal {
    /// No value.
    pub fn null() -> Self {
        Self("null".to_owned())
    }

    /// The value as it is written in a condition.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! literals {
    ($($kind:ty: $write:expr;)+) => {$(
        impl From<$kind> for Literal {
            fn from(value: $kind) -> Self {
                Self($write(value))
            }
        }
    )+};
}

literals! {
    &str: quoted;
    &String: |text: &String| quoted(text);
    &ObjectId: |id: &ObjectId| quoted(id.as_str());
    &GroupId: |id: &GroupId| quoted(id.as_str());
    &CatalogAppId: |id: &CatalogAppId| quoted(id.as_str());
    bool: |value: bool| value.to_string();
    i64: |value: i64| value.to_string();
}

/// In single quotes, and those inside doubled.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a quoted text as `OData` does: the text, and what follows its closing quote.
    fn read_text(written: &str) -> Option<(String, &str)> {
        let mut rest = written.strip_prefix('\'')?;
        let mut text = String::new();
        loop {
            let quote = rest.find('\'')?;
            text.push_str(&rest[..quote]);
            rest = &rest[quote + 1..];
            let Some(after) = rest.strip_prefix('\'') else { return Some((text, rest)) };
            text.push('\'');
            rest = after;
        }
    }

    proptest! {
        #[test]
        fn no_text_ends_its_quotes_early(text in "[' \\\\a-z)(%&#\u{1f980}]{0,20}", other in ".{0,20}") {
            let filter = Filter::is("displayName", &text).or(Filter::starts_with("mail", &other));
            let rest = filter.as_str().strip_prefix("(displayName eq ").unwrap();
            let (read, rest) = read_text(rest).unwrap();
            prop_assert_eq!(read, text);
            let (read, rest) = read_text(rest.strip_prefix(" or startsWith(mail,").unwrap()).unwrap();
            prop_assert_eq!(read, other);
            prop_assert_eq!(rest, "))");
        }
    }

    #[test]
    fn only_what_basic_queries_do_not_take_is_advanced() {
        let basic = [Filter::is("a", 1), Filter::starts_with("a", "b"), Filter::one_of("a", ["b"])];
        assert!(basic.iter().all(|filter| !filter.advanced));
        let advanced =
            [Filter::is_not("a", true), Filter::ends_with("a", "b"), !Filter::is("a", "b"), Filter::raw("a eq 1")];
        for filter in advanced {
            assert!(filter.advanced && Filter::is("c", 1).and(filter.clone()).advanced, "{filter:?}");
            assert!(Filter::any("c", filter).or(Filter::is("c", 1)).advanced);
        }
    }

    #[test]
    fn conditions_keep_their_bounds_when_they_are_joined() {
        let (a, b, c) = (Filter::is("a", 1), Filter::is("b", Literal::null()), Filter::is("c", false));
        let either = a.clone().or(b.clone());
        assert_eq!(either.and(c.clone()).as_str(), "(a eq 1 or b eq null) and c eq false");
        assert_eq!((!a.clone().and(b)).as_str(), "not (a eq 1 and b eq null)");
        assert_eq!(Filter::raw("x eq 1 or y eq 2").and(c).as_str(), "(x eq 1 or y eq 2) and c eq false");
    }

    #[test]
    fn a_list_of_values_has_its_limits() {
        assert!(Filter::one_of("id", vec!["x"; 15]).fault.is_none());
        for count in [0, 16] {
            let filter = Filter::is("a", 1).and(Filter::one_of("id", vec!["x"; count]));
            assert_eq!(filter.fault.unwrap().to_string(), "values of a filter must be 1 to 15");
        }
    }
}
