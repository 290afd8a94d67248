use std::time::Duration;

use super::Limits;
use crate::Timestamp;
use crate::pace::{Pace, Way, Window};

/// A call of Graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GraphCall {
    /// Look up the app in the tenant's catalogue.
    Catalog,
    /// Read the apps installed for a person, in a team or in a chat.
    InstalledApps,
    /// Read a team or its channels.
    Team,
    /// Read a chat.
    Chat,
    /// Install an app, or upgrade it.
    Install,
    /// Uninstall an app.
    Uninstall,
    /// Read one person.
    User,
    /// Read one page of the tenant's people.
    Users,
    /// Read one page of a group's members.
    GroupMembers,
    /// Read one page of the members of a group and of the groups in it.
    TransitiveMembers,
}

/// What Graph counts apart, per app and tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GraphBudget {
    /// Reading of Teams: teams, channels, installed apps, the catalogue.
    TeamsRead,
    /// Whatever changes something in Teams.
    TeamsWrite,
    /// Deletions in Teams.
    TeamsDelete,
    /// Reading of people and groups, counted in resource units.
    Directory,
}

/// Source: Microsoft Learn, "Microsoft Graph service-specific throttling limits", Microsoft Teams: "GET team,
/// channel, tab, installedApps, appCatalogs", 30 requests a second per app per tenant; "POST/PUT channel, tab,
/// installedApps, appCatalogs", 30.
pub const GRAPH_TEAMS_PER_S: u32 = 30;

/// Deletions are granted half of that. Source: the same table, "DELETE channel, tab, installedApps,
/// appCatalogs", 15 requests a second per app per tenant.
pub const GRAPH_DELETE_SHARE: u32 = 2;

/// Source: the same page, Identity and access: resource units per app and tenant in ten seconds. 3 500 is
/// granted in tenants of fewer than 50 people, more in larger ones; the size is not known beforehand.
pub const GRAPH_DIRECTORY: Window = Window::per_seconds(3_500, 10);

impl GraphCall {
    /// The budget it counts against.
    pub const fn budget(self) -> GraphBudget {
        match self {
            Self::Catalog | Self::InstalledApps | Self::Team | Self::Chat => GraphBudget::TeamsRead,
            Self::Install => GraphBudget::TeamsWrite,
            Self::Uninstall => GraphBudget::TeamsDelete,
            Self::User | Self::Users | Self::GroupMembers | Self::TransitiveMembers => GraphBudget::Directory,
        }
    }

    /// What it costs: calls, or resource units of the directory (without the discount for `$select`).
    ///
    /// Source: the same page, "Resource unit cost".
    pub const fn units(self) -> u32 {
        match self {
            Self::Users => 2,
            Self::GroupMembers => 3,
            Self::TransitiveMembers => 5,
            _ => 1,
        }
    }
}

impl GraphBudget {
    /// Every budget.
    pub const ALL: [Self; 4] = [Self::TeamsRead, Self::TeamsWrite, Self::TeamsDelete, Self::Directory];

    /// Its window. The configured rate is that of reading and of changing Teams; deletions get half.
    pub fn window(self, limits: &Limits) -> Window {
        match self {
            Self::TeamsRead | Self::TeamsWrite => Window::per_seconds(limits.graph_per_s, 1),
            Self::TeamsDelete => Window::per_seconds((limits.graph_per_s / GRAPH_DELETE_SHARE).max(1), 1),
            Self::Directory => GRAPH_DIRECTORY,
        }
    }
}

/// Graph's budgets of one lane.
#[derive(Debug, Default)]
pub(super) struct Graph {
    paces: [Pace; GraphBudget::ALL.len()],
    way: Way,
}

impl Graph {
    pub(super) fn earliest(&self, call: GraphCall, limits: &Limits, now: Timestamp) -> Timestamp {
        let budget = call.budget();
        self.paces[budget as usize].earliest_for(call.units(), &[budget.window(limits)], now)
    }

    pub(super) fn begin(&mut self, call: GraphCall, limits: &Limits, now: Timestamp) {
        let budget = call.budget();
        for _ in 0..call.units() {
            self.paces[budget as usize].begin(&[budget.window(limits)], now);
        }
    }

    pub(super) fn answered(&mut self, call: GraphCall, begun: Timestamp, left: Timestamp, now: Timestamp) {
        let arrived = self.way.arrival(left, now);
        for _ in 0..call.units() {
            self.paces[call.budget() as usize].answered(begun, arrived);
        }
    }

    pub(super) fn refused(&mut self, call: GraphCall, rest: Duration, now: Timestamp) {
        self.way.refused(now);
        self.paces[call.budget() as usize].close_until(now + rest);
    }

    pub(super) fn close_until(&mut self, call: GraphCall, until: Timestamp) {
        self.paces[call.budget() as usize].close_until(until);
    }
}
