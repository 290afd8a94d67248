use serde_json::{Value, json};

use super::{ActionError, install::in_team};
use crate::{
    app::App,
    lock::lock,
    world::{AppIx, PersonIx, PlaceIx, TeamIx, TeamState},
};

/// What happens to a team as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TeamChange {
    Archive,
    Unarchive,
    Delete,
    HardDelete,
    Restore,
}

impl TeamChange {
    /// The state a team must be in for it, the one it is in afterwards, and what bots are told.
    fn rule(self) -> (&'static [TeamState], TeamState, &'static str) {
        use TeamState::{Archived, Deleted, HardDeleted, Live};
        match self {
            Self::Archive => (&[Live], Archived, "teamArchived"),
            Self::Unarchive => (&[Archived], Live, "teamUnarchived"),
            Self::Delete => (&[Live, Archived], Deleted, "teamDeleted"),
            Self::HardDelete => (&[Live, Archived, Deleted], HardDeleted, "teamHardDeleted"),
            Self::Restore => (&[Deleted], Live, "teamRestored"),
        }
    }
}

impl App {
    /// Archives, deletes or brings back a team, and tells the bots there; `false` when it is in a state
    /// in which that changes nothing.
    pub(crate) fn change_team(&self, team: TeamIx, change: TeamChange) -> bool {
        let (from, to, event) = change.rule();
        {
            let mut world = lock(&self.world);
            let state = &mut world.teams[team.0].state;
            if !from.contains(state) {
                return false;
            }
            *state = to;
            world.note_team(team);
        }
        self.tell_team(team, None, &json!({"channelData": {"eventType": event}}));
        true
    }

    /// Renames a team and tells the bots there.
    pub(crate) fn rename_team(&self, team: TeamIx, name: &str) -> Result<(), ActionError> {
        {
            let mut world = lock(&self.world);
            let known = &mut world.teams[team.0];
            if !known.exists() {
                return Err(ActionError::Gone(known.name.clone()));
            }
            name.clone_into(&mut known.name);
            world.note_team(team);
        }
        self.tell_team(team, None, &json!({"channelData": {"eventType": "teamRenamed"}}));
        Ok(())
    }

    /// Takes a person out of a team or puts them in, and tells the bots there; `false` when nothing
    /// changed.
    pub(crate) fn change_member(&self, person: PersonIx, team: TeamIx, join: bool) -> bool {
        let events: Vec<(AppIx, Value)> = {
            let mut world = lock(&self.world);
            let changed = if join { world.join_team(person, team) } else { world.leave_team(person, team) };
            if !changed {
                return false;
            }
            world.note_member(team, person, join);
            let bots = &world.teams[team.0].apps;
            let event = |bot: &AppIx| {
                let scene = in_team(self, &world, *bot, team, None, Some(person))?;
                Some((*bot, scene.member_changed(person, join)))
            };
            bots.iter().filter_map(event).collect()
        };
        for (bot, event) in events {
            self.tell(bot, [event]);
        }
        true
    }

    /// Sends every bot of a team a `conversationUpdate`, in General unless a channel is meant.
    pub(super) fn tell_team(&self, team: TeamIx, channel: Option<PlaceIx>, more: &Value) {
        let events: Vec<(AppIx, Value)> = {
            let world = lock(&self.world);
            let event = |bot: &AppIx| {
                let scene = in_team(self, &world, *bot, team, channel, None)?;
                Some((*bot, scene.event("conversationUpdate", more.clone())))
            };
            world.teams[team.0].apps.iter().filter_map(event).collect()
        };
        for (bot, event) in events {
            self.tell(bot, [event]);
        }
    }
}
