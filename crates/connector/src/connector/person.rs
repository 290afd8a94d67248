use pregon_model::{MemberId, ObjectId};

/// A person, by either of the ids a bot may know them by. Never an e-mail: Teams does not take one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person<'a> {
    /// As this bot sees them, `29:…`.
    Member(&'a MemberId),
    /// Entra object id; for a new conversation the app must be installed for this person.
    Object(&'a ObjectId),
}

impl<'a> Person<'a> {
    pub(super) fn as_str(self) -> &'a str {
        match self {
            Self::Member(id) => id.as_str(),
            Self::Object(id) => id.as_str(),
        }
    }
}

impl<'a> From<&'a MemberId> for Person<'a> {
    fn from(id: &'a MemberId) -> Self {
        Self::Member(id)
    }
}

impl<'a> From<&'a ObjectId> for Person<'a> {
    fn from(id: &'a ObjectId) -> Self {
        Self::Object(id)
    }
}
