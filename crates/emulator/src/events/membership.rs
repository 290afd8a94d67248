use serde_json::{Value, json};

use super::{Scene, account, merge};
use crate::world::{PersonIx, PlaceKind};

/// Why a bot comes or goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Somebody installed or uninstalled the app.
    #[default]
    Install,
    /// A new version of the app has a bot, or has it no more.
    Upgrade,
}

impl Cause {
    fn coming(self) -> &'static str {
        match self {
            Self::Install => "add",
            Self::Upgrade => "add-upgrade",
        }
    }

    fn going(self) -> &'static str {
        match self {
            Self::Install => "remove",
            Self::Upgrade => "remove-upgrade",
        }
    }
}

impl Scene<'_> {
    /// `installationUpdate` and the `conversationUpdate` that goes with it, when the bot comes to a
    /// person, a group chat or a team. In a team the place is the channel chosen by who installs it.
    pub(crate) fn bot_added(&self, cause: Cause) -> [Value; 2] {
        let spec = &self.world.people[self.actor.0].spec;
        let client = json!({"locale": spec.locale, "entities": [{"type": "clientInfo", "locale": spec.locale}]});
        let mut install = json!({"action": cause.coming(), "channelData": {"source": {"name": "message"}}});
        let mut update = json!({"membersAdded": [{"id": self.bot_id()}]});
        merge(&mut install, client);
        match self.world.places[self.place.0].kind {
            PlaceKind::Personal { person, .. } => {
                let person = account(self.world, self.bot, person);
                update["membersAdded"] = json!([{"id": self.bot_id()}, person]);
            }
            PlaceKind::GroupChat(_) => {}
            PlaceKind::Channel { team, channel } => {
                let channel = &self.world.teams[team.0].channels[channel];
                let settings = json!({"selectedChannel": {"id": channel.id}});
                install["channelData"]["settings"] = settings.clone();
                install["channelData"]["channel"] = json!({"id": channel.id});
                update["channelData"] = json!({"settings": settings, "eventType": "teamMemberAdded"});
                for event in [&mut install, &mut update] {
                    event["conversation"] = json!({"name": channel.name});
                }
            }
        }
        [self.event("installationUpdate", install), self.event("conversationUpdate", update)]
    }

    /// What the bot is told when it is taken away.
    pub(crate) fn bot_removed(&self, cause: Cause) -> Vec<Value> {
        let locale = &self.world.people[self.actor.0].spec.locale;
        let source = json!({"source": {"name": "message"}});
        let gone = json!({"action": cause.going(), "locale": locale, "channelData": source});
        let mut events = vec![self.event("installationUpdate", gone)];
        let mut update = json!({"membersRemoved": [{"id": self.bot_id()}]});
        match self.world.places[self.place.0].kind {
            PlaceKind::Personal { .. } => return events,
            PlaceKind::GroupChat(_) => {}
            PlaceKind::Channel { .. } => update["channelData"] = json!({"eventType": "teamMemberRemoved"}),
        }
        events.push(self.event("conversationUpdate", update));
        events
    }

    /// The person has joined or left the team or group chat of this place.
    pub(crate) fn member_changed(&self, person: PersonIx, joined: bool) -> Value {
        let kind = if joined { "teamMemberAdded" } else { "teamMemberRemoved" };
        let in_team = self.world.places[self.place.0].kind.is_channel();
        let more = if in_team { json!({"channelData": {"eventType": kind}}) } else { json!({}) };
        self.members_event(person, joined, more)
    }

    /// The person has joined or left this private or shared channel.
    pub(crate) fn channel_member_changed(&self, person: PersonIx, joined: bool, channel: &Value) -> Value {
        let kind = if joined { "channelMemberAdded" } else { "channelMemberRemoved" };
        self.members_event(person, joined, json!({"channelData": {"eventType": kind, "channel": channel}}))
    }

    fn members_event(&self, person: PersonIx, joined: bool, mut more: Value) -> Value {
        let list = if joined { "membersAdded" } else { "membersRemoved" };
        more[list] = json!([account(self.world, self.bot, person)]);
        self.event("conversationUpdate", more)
    }
}
