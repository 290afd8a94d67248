//! The activities Teams sends, built from the world.

mod membership;

pub(crate) use membership::Cause;

use serde_json::{Map, Value, json};

use crate::{
    app::App,
    clock,
    world::{AppIx, PersonIx, PlaceIx, PlaceKind, TeamIx, World},
};

/// A person acting towards a bot in a place: what every activity tells.
pub(crate) struct Scene<'a> {
    pub(crate) app: &'a App,
    pub(crate) world: &'a World,
    pub(crate) bot: AppIx,
    pub(crate) actor: PersonIx,
    pub(crate) place: PlaceIx,
    /// Root message of a thread.
    pub(crate) root: Option<u64>,
}

/// How much an activity tells of who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// Only the ids.
    Ids,
    /// The name, too.
    Name,
    /// Their client as well: language, time zone, time of day.
    Client,
}

impl Scene<'_> {
    /// An event: something that happened, with an `f:` id.
    pub(crate) fn event(&self, kind: &str, more: Value) -> Value {
        self.activity(kind, &self.event_id(), Detail::Ids, more)
    }

    /// The same, with the name of who did it.
    pub(crate) fn named_event(&self, kind: &str, more: Value) -> Value {
        self.activity(kind, &self.event_id(), Detail::Name, more)
    }

    /// A message or invoke: also tells of the person's client.
    pub(crate) fn said(&self, kind: &str, id: &str, more: Value) -> Value {
        self.activity(kind, id, Detail::Client, more)
    }

    pub(crate) fn event_id(&self) -> String {
        format!("f:{}", self.app.guid())
    }

    fn activity(&self, kind: &str, id: &str, detail: Detail, more: Value) -> Value {
        let now = self.app.clock.epoch_ms();
        let spec = &self.world.people[self.actor.0].spec;
        let mut activity = json!({
            "type": kind, "id": id, "timestamp": clock::utc(now), "serviceUrl": self.app.service_url(),
            "channelId": "msteams",
            "from": account(self.world, self.bot, self.actor),
            "conversation": self.conversation(),
            "recipient": {"id": self.bot_id(), "name": self.world.apps[self.bot.0].name},
            "channelData": self.channel_data(kind),
        });
        if detail >= Detail::Name {
            activity["from"]["name"] = json!(self.world.people[self.actor.0].name);
        }
        if detail == Detail::Client {
            activity["locale"] = json!(spec.locale);
            activity["localTimestamp"] = json!(clock::local(now, &spec.time_zone));
            activity["localTimezone"] = json!(spec.time_zone);
            activity["entities"] = json!([self.client_info()]);
        }
        merge(&mut activity, more);
        activity
    }

    /// What clients tell about themselves.
    pub(crate) fn client_info(&self) -> Value {
        let spec = &self.world.people[self.actor.0].spec;
        let country = spec.locale.rsplit('-').next().unwrap_or_default();
        json!({
            "type": "clientInfo", "locale": spec.locale, "country": country, "platform": "Web",
            "timezone": spec.time_zone,
        })
    }

    pub(crate) fn bot_id(&self) -> String {
        format!("28:{}", self.world.apps[self.bot.0].app_id)
    }

    fn conversation(&self) -> Value {
        let place = &self.world.places[self.place.0];
        let tenant = &self.world.tenants[place.tenant.0].id;
        let id = self.root.map_or_else(|| place.id.clone(), |root| format!("{};messageid={root}", place.id));
        let mut conversation = json!({"conversationType": place.kind.as_str(), "tenantId": tenant, "id": id});
        // Personal chats have no such member at all.
        if place.kind.person().is_none() {
            conversation["isGroup"] = json!(true);
        }
        conversation
    }

    fn channel_data(&self, kind: &str) -> Value {
        let place = &self.world.places[self.place.0];
        let tenant = &self.world.tenants[place.tenant.0].id;
        match place.kind {
            PlaceKind::Personal { .. } | PlaceKind::GroupChat(_) => json!({"tenant": {"id": tenant}}),
            PlaceKind::Channel { team, .. } => {
                let team = &self.world.teams[team.0];
                // Events about the team tell more of it, all others where in the team they are.
                if matches!(kind, "conversationUpdate" | "installationUpdate") {
                    let team = json!({"id": team.id, "name": team.name, "aadGroupId": team.group_id});
                    return json!({"tenant": {"id": tenant}, "team": team});
                }
                json!({
                    "tenant": {"id": tenant}, "team": {"id": team.id}, "channel": {"id": place.id},
                    "teamsTeamId": team.id, "teamsChannelId": place.id,
                })
            }
        }
    }
}

/// General of a team.
pub(crate) fn general(world: &World, team: TeamIx) -> Option<PlaceIx> {
    world.teams[team.0].channels.first().map(|channel| channel.place)
}

fn account(world: &World, bot: AppIx, person: PersonIx) -> Value {
    json!({"id": world.mri(bot, person), "aadObjectId": world.people[person.0].spec.id})
}

/// Adds members to an object, objects within it included; what is there already is replaced.
fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (name, value) in more {
                merge(into.entry(name).or_insert_with(|| Value::Object(Map::new())), value);
            }
        }
        (into, more) => *into = more,
    }
}
