use super::window::{Window, window};
use crate::operation::Operation;

/// What Graph counts apart.
///
/// Source: Microsoft Learn, "Microsoft Graph service-specific throttling limits". The directory counts
/// resource units, by the size of the tenant; Teams counts calls, all that change something together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum GraphLimit {
    TeamsRead,
    TeamsWrite,
    TeamsDelete,
    /// Up to 50 people.
    SmallDirectory,
    /// Up to 500 people.
    MediumDirectory,
    LargeDirectory,
}

impl GraphLimit {
    /// The limit a call counts against, in a tenant of so many people.
    pub(crate) fn of(operation: Operation, people: usize) -> Self {
        match operation {
            Operation::Install | Operation::Upgrade | Operation::Notify | Operation::NotifyBulk => Self::TeamsWrite,
            Operation::Uninstall => Self::TeamsDelete,
            Operation::User
            | Operation::Users
            | Operation::UserCount
            | Operation::UserChanges
            | Operation::DirectoryObjects
            | Operation::Group
            | Operation::Groups
            | Operation::GroupChanges
            | Operation::GroupMembers
            | Operation::TransitiveMembers => match people {
                0..50 => Self::SmallDirectory,
                50..=500 => Self::MediumDirectory,
                _ => Self::LargeDirectory,
            },
            _ => Self::TeamsRead,
        }
    }

    pub(crate) fn is_directory(self) -> bool {
        matches!(self, Self::SmallDirectory | Self::MediumDirectory | Self::LargeDirectory)
    }

    pub(super) fn window(self) -> Window {
        match self {
            Self::TeamsRead | Self::TeamsWrite => window(30, 1),
            Self::TeamsDelete => window(15, 1),
            Self::SmallDirectory => window(3_500, 10),
            Self::MediumDirectory => window(5_000, 10),
            Self::LargeDirectory => window(8_000, 10),
        }
    }
}
