use serde_json::{Value, json};

use super::{ActionError, install::in_team};
use crate::{
    app::App,
    lock::lock,
    world::{AppIx, Channel, ChannelKind, PersonIx, PlaceIx, PlaceKind, TeamIx, World},
};

impl App {
    /// Adds a channel to a team and tells the bots there; the id of the channel.
    pub(crate) fn create_channel(
        &self,
        team: TeamIx,
        name: &str,
        kind: ChannelKind,
        members: &[PersonIx],
    ) -> Result<String, ActionError> {
        let channel = {
            let world = &mut *lock(&self.world);
            if !world.teams[team.0].exists() {
                return Err(ActionError::Gone(world.teams[team.0].name.clone()));
            }
            let channel = world.add_channel(team, name, kind);
            let channel = &mut world.teams[team.0].channels[channel];
            channel.members = members.iter().copied().collect();
            described(channel)
        };
        self.tell_team(team, None, &about("channelCreated", &channel));
        Ok(channel["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Renames a channel and tells the bots there.
    pub(crate) fn rename_channel(&self, channel: PlaceIx, name: &str) -> Result<(), ActionError> {
        self.change_channel(channel, "channelRenamed", |channel| {
            name.clone_into(&mut channel.name);
            true
        })
        .map(|_| ())
    }

    /// Deletes a channel, or brings it back, and tells the bots there; `false` when nothing changed.
    pub(crate) fn set_channel_deleted(&self, channel: PlaceIx, deleted: bool) -> Result<bool, ActionError> {
        let event = if deleted { "channelDeleted" } else { "channelRestored" };
        self.change_channel(channel, event, |channel| std::mem::replace(&mut channel.deleted, deleted) != deleted)
    }

    fn change_channel(
        &self,
        place: PlaceIx,
        event: &str,
        change: impl FnOnce(&mut Channel) -> bool,
    ) -> Result<bool, ActionError> {
        let (team, channel) = {
            let world = &mut *lock(&self.world);
            let (team, channel) = not_general(world, place)?;
            let channel = &mut world.teams[team.0].channels[channel];
            if !change(channel) {
                return Ok(false);
            }
            (team, described(channel))
        };
        self.tell_team(team, None, &about(event, &channel));
        Ok(true)
    }

    /// Shares a shared channel with a team, or takes that back, and tells the bots; `false` when nothing
    /// changed.
    pub(crate) fn share_channel(&self, place: PlaceIx, with: TeamIx, share: bool) -> Result<bool, ActionError> {
        let (team, channel, with) = {
            let world = &mut *lock(&self.world);
            let (team, channel) = of_kind(world, place, &[ChannelKind::Shared])?;
            let channel = &mut world.teams[team.0].channels[channel];
            let changed = if share { channel.shared_with.insert(with) } else { channel.shared_with.remove(&with) };
            if !changed {
                return Ok(false);
            }
            let channel = described(channel);
            let other = &world.teams[with.0];
            let tenant = &world.tenants[other.tenant.0].id;
            let with = json!({"id": other.id, "name": other.name, "aadGroupId": other.group_id, "tenantId": tenant});
            (team, channel, with)
        };
        let (event, list) =
            if share { ("channelShared", "sharedWithTeams") } else { ("channelUnshared", "unsharedFromTeams") };
        let mut more = about(event, &channel);
        more["channelData"][list] = json!([with]);
        self.tell_team(team, Some(place), &more);
        Ok(true)
    }

    /// Puts a person in a private or shared channel, or takes them out, and tells the bots; `false` when
    /// nothing changed.
    pub(crate) fn change_channel_member(
        &self,
        person: PersonIx,
        place: PlaceIx,
        join: bool,
    ) -> Result<bool, ActionError> {
        let events: Vec<(AppIx, Value)> = {
            let world = &mut *lock(&self.world);
            let (team, channel) = of_kind(world, place, &[ChannelKind::Private, ChannelKind::Shared])?;
            let members = &mut world.teams[team.0].channels[channel].members;
            let changed = if join { members.insert(person) } else { members.remove(&person) };
            if !changed {
                return Ok(false);
            }
            let channel = described(&world.teams[team.0].channels[channel]);
            let event = |bot: &AppIx| {
                let scene = in_team(self, world, *bot, team, Some(place), Some(person))?;
                Some((*bot, scene.channel_member_changed(person, join, &channel)))
            };
            world.teams[team.0].apps.iter().filter_map(event).collect()
        };
        for (bot, event) in events {
            self.tell(bot, [event]);
        }
        Ok(true)
    }
}

/// Team and place in its list of a channel that may be changed: General is the team itself.
fn not_general(world: &World, place: PlaceIx) -> Result<(TeamIx, usize), ActionError> {
    match world.places[place.0].kind {
        PlaceKind::Channel { team, channel } if channel > 0 => Ok((team, channel)),
        _ => Err(ActionError::UnknownChannel(world.places[place.0].id.clone())),
    }
}

fn of_kind(world: &World, place: PlaceIx, kinds: &[ChannelKind]) -> Result<(TeamIx, usize), ActionError> {
    let (team, channel) = not_general(world, place)?;
    let channel_is = &world.teams[team.0].channels[channel];
    if kinds.contains(&channel_is.kind) {
        return Ok((team, channel));
    }
    Err(ActionError::WrongKindOfChannel(channel_is.name.clone()))
}

fn described(channel: &Channel) -> Value {
    json!({"id": channel.id, "name": channel.name, "type": channel.kind.as_str()})
}

fn about(event: &str, channel: &Value) -> Value {
    json!({"channelData": {"eventType": event, "channel": channel}})
}
