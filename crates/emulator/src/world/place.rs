use std::collections::BTreeSet;

use super::{AppIx, ChannelKind, GroupChatIx, PersonIx, PlaceIx, TeamIx, TenantIx, World};

/// Where messages go.
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) tenant: TenantIx,
    pub(crate) kind: PlaceKind,
}

/// What sort of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceKind {
    Personal { app: AppIx, person: PersonIx },
    GroupChat(GroupChatIx),
    Channel { team: TeamIx, channel: usize },
}

impl PlaceKind {
    /// The person, in a personal chat.
    pub(crate) fn person(self) -> Option<PersonIx> {
        match self {
            Self::Personal { person, .. } => Some(person),
            Self::GroupChat(_) | Self::Channel { .. } => None,
        }
    }

    pub(crate) fn is_channel(self) -> bool {
        matches!(self, Self::Channel { .. })
    }

    /// What the Connector calls it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Personal { .. } => "personal",
            Self::GroupChat(_) => "groupChat",
            Self::Channel { .. } => "channel",
        }
    }
}

/// Who is in a place.
pub(crate) enum Roster<'a> {
    One(PersonIx),
    Many(&'a BTreeSet<PersonIx>),
}

impl Roster<'_> {
    pub(crate) fn has(&self, person: PersonIx) -> bool {
        match self {
            Self::One(own) => *own == person,
            Self::Many(members) => members.contains(&person),
        }
    }
}

impl World {
    /// Who is in a place; a private or shared channel has members of its own.
    pub(crate) fn roster(&self, place: PlaceIx) -> Roster<'_> {
        match self.places[place.0].kind {
            PlaceKind::Personal { person, .. } => Roster::One(person),
            PlaceKind::GroupChat(chat) => Roster::Many(&self.group_chats[chat.0].members),
            PlaceKind::Channel { team, channel } => {
                let team = &self.teams[team.0];
                match team.channels[channel].kind {
                    ChannelKind::Standard => Roster::Many(&team.members),
                    ChannelKind::Private | ChannelKind::Shared => Roster::Many(&team.channels[channel].members),
                }
            }
        }
    }

    /// A place by conversation id, without thread part; the id Graph gives a personal chat works too.
    pub(crate) fn place(&mut self, id: &str) -> Option<PlaceIx> {
        if let Some(place) = self.place_by_id.get(id) {
            return Some(*place);
        }
        let (person, app) = id.strip_prefix("19:")?.strip_suffix("@unq.gbl.spaces")?.split_once('_')?;
        let (app, person) = (self.app(app)?, self.person(person)?);
        Some(self.chat(app, person).place)
    }

    pub(super) fn add_place(&mut self, place: Place) -> PlaceIx {
        let ix = PlaceIx(self.places.len());
        self.place_by_id.insert(place.id.clone(), ix);
        self.places.push(place);
        ix
    }
}
