//! The activities Teams sends, built from the world.

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

impl Scene<'_> {
    /// An event: something that happened, with an `f:` id.
    pub(crate) fn event(&self, kind: &str, more: Value) -> Value {
        let id = format!("f:{}", self.app.guid());
        self.activity(kind, &id, false, more)
    }

    /// A message or invoke: also tells of the person's client.
    pub(crate) fn said(&self, kind: &str, id: &str, more: Value) -> Value {
        self.activity(kind, id, true, more)
    }

    fn activity(&self, kind: &str, id: &str, from_client: bool, more: Value) -> Value {
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
        if from_client {
            let name = &self.world.people[self.actor.0].name;
            activity["from"]["name"] = json!(name);
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
        match (place.kind, self.root) {
            (PlaceKind::Personal { .. }, _) => {
                json!({"conversationType": "personal", "tenantId": tenant, "id": place.id})
            }
            (PlaceKind::Channel { .. }, root) => {
                let id = root.map_or_else(|| place.id.clone(), |root| format!("{};messageid={root}", place.id));
                json!({"isGroup": true, "conversationType": "channel", "tenantId": tenant, "id": id})
            }
        }
    }

    fn channel_data(&self, kind: &str) -> Value {
        let place = &self.world.places[self.place.0];
        let tenant = &self.world.tenants[place.tenant.0].id;
        match place.kind {
            PlaceKind::Personal { .. } => json!({"tenant": {"id": tenant}}),
            PlaceKind::Channel { team, .. } => {
                let team = &self.world.teams[team.0];
                // Only events about the team tell more than its id.
                let about_team = matches!(kind, "conversationUpdate" | "installationUpdate");
                let team = if about_team {
                    json!({"id": team.id, "name": team.name, "aadGroupId": team.group_id})
                } else {
                    json!({"id": team.id})
                };
                json!({"tenant": {"id": tenant}, "team": team})
            }
        }
    }

    /// `installationUpdate` and the `conversationUpdate` that goes with it, when the bot comes to a
    /// person or a team.
    pub(crate) fn bot_added(&self) -> [Value; 2] {
        let spec = &self.world.people[self.actor.0].spec;
        let client = json!({"locale": spec.locale, "entities": [{"type": "clientInfo", "locale": spec.locale}]});
        let (mut install, mut update) = (json!({"action": "add"}), json!({}));
        merge(&mut install, client);
        match self.world.places[self.place.0].kind {
            PlaceKind::Personal { person, .. } => {
                install["channelData"] = json!({"source": {"name": "message"}});
                let person = account(self.world, self.bot, person);
                update["membersAdded"] = json!([{"id": self.bot_id()}, person]);
            }
            PlaceKind::Channel { .. } => {
                let channel = &self.world.places[self.place.0].id;
                let settings = json!({"selectedChannel": {"id": channel}});
                install["channelData"] =
                    json!({"settings": settings, "channel": {"id": channel}, "source": {"name": "message"}});
                update["channelData"] = json!({"settings": settings, "eventType": "teamMemberAdded"});
                update["membersAdded"] = json!([{"id": self.bot_id()}]);
            }
        }
        [self.event("installationUpdate", install), self.event("conversationUpdate", update)]
    }

    /// What the bot is told when it is taken away.
    pub(crate) fn bot_removed(&self) -> Vec<Value> {
        let locale = &self.world.people[self.actor.0].spec.locale;
        let gone = json!({"action": "remove", "locale": locale, "channelData": {"source": {"name": "message"}}});
        let mut events = vec![self.event("installationUpdate", gone)];
        if let PlaceKind::Channel { .. } = self.world.places[self.place.0].kind {
            let update = json!({
                "membersRemoved": [{"id": self.bot_id()}], "channelData": {"eventType": "teamMemberRemoved"},
            });
            events.push(self.event("conversationUpdate", update));
        }
        events
    }

    /// The person has joined or left the team of this place.
    pub(crate) fn member_changed(&self, person: PersonIx, joined: bool) -> Value {
        let (list, kind) =
            if joined { ("membersAdded", "teamMemberAdded") } else { ("membersRemoved", "teamMemberRemoved") };
        let member = account(self.world, self.bot, person);
        self.event("conversationUpdate", json!({list: [member], "channelData": {"eventType": kind}}))
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
