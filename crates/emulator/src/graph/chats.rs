use axum::response::Response;
use serde_json::{Value, json};

use super::{
    Caller,
    apps::teams_app,
    counted,
    directory::find_user,
    entity,
    error::not_found,
    odata::{Collection, Kind, list as answer_list, selected},
    teams::answer_members,
};
use crate::{
    app::App,
    faults::Aim,
    http::Call,
    lock::lock,
    operation::Operation,
    world::{AppIx, GroupChatIx, PersonIx, World},
};

const CHAT: [&str; 5] = ["id", "topic", "chatType", "tenantId", "webUrl"];
/// Conditions may look at the apps, too.
const KNOWN: [&str; 6] = ["id", "topic", "chatType", "tenantId", "webUrl", "installedApps"];

/// A chat as Graph knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GraphChat {
    Personal(AppIx, PersonIx),
    Group(GroupChatIx),
}

/// `GET /users/{user}/chats`: those with bots they have, and their group chats.
pub(super) async fn of_user(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    let person = find_user(&lock(&app.world), caller, key);
    let aim = Aim { conversation: None, person };
    counted(app, call, caller, Operation::Chats, &aim, || {
        let Some(person) = person else { return not_found(app, "Resource", key) };
        let world = lock(&app.world);
        let installed = |app: &AppIx| world.chat_if_any(*app, person).is_some_and(|chat| chat.installed);
        let personal = (0..world.apps.len()).map(AppIx).filter(installed).map(|app| GraphChat::Personal(app, person));
        let group = world.people[person.0].chats.iter().map(|chat| GraphChat::Group(*chat));
        let chats: Vec<GraphChat> = personal.chain(group).collect();
        let context = format!("users('{key}')/chats");
        answer_list(
            app,
            call,
            &Collection {
                kind: Kind::Teams,
                context: &context,
                len: chats.len(),
                property: &|nth, name| chats[nth].property(&world, name),
                known: &KNOWN,
                usual: &|_| &CHAT,
            },
        )
    })
    .await
}

/// `GET /chats/{chat}`.
pub(super) async fn one(app: &App, call: &Call, caller: Caller, id: &str) -> Response {
    counted(app, call, caller, Operation::Chat, &Aim::default(), || {
        let world = lock(&app.world);
        match GraphChat::find(&world, caller, id) {
            Some(chat) => entity(app, "chats", selected(call, &CHAT, &|name| chat.property(&world, name))),
            None => not_found(app, "Chat", id),
        }
    })
    .await
}

/// `GET /chats/{chat}/members`.
pub(super) async fn members(app: &App, call: &Call, caller: Caller, id: &str) -> Response {
    counted(app, call, caller, Operation::ChatMembers, &Aim::default(), || {
        let world = lock(&app.world);
        let Some(chat) = GraphChat::find(&world, caller, id) else { return not_found(app, "Chat", id) };
        let people: Vec<PersonIx> = match chat {
            GraphChat::Personal(_, person) => vec![person],
            GraphChat::Group(chat) => world.group_chats[chat.0].members.iter().copied().collect(),
        };
        let context = format!("chats('{id}')/members");
        // In a chat everybody may do everything, and Graph calls that an owner.
        answer_members(app, call, &world, &context, id, &people, |_| true)
    })
    .await
}

impl GraphChat {
    /// A chat of the caller's tenant, by the id Graph or the Connector gives it.
    pub(super) fn find(world: &World, caller: Caller, id: &str) -> Option<Self> {
        if let Some(chat) = world.group_chat(id) {
            return (world.group_chats[chat.0].tenant == caller.tenant).then_some(Self::Group(chat));
        }
        let (person, app) = id.strip_prefix("19:")?.strip_suffix("@unq.gbl.spaces")?.split_once('_')?;
        let (app, person) = (world.app(app)?, find_user(world, caller, person)?);
        world.chat_if_any(app, person).filter(|chat| chat.installed).map(|_| Self::Personal(app, person))
    }

    pub(super) fn property(self, world: &World, name: &str) -> Value {
        let (tenant, apps) = match self {
            Self::Personal(app, person) => (world.people[person.0].tenant, vec![app]),
            Self::Group(chat) => {
                let chat = &world.group_chats[chat.0];
                (chat.tenant, chat.apps.iter().copied().collect())
            }
        };
        match (name, self) {
            ("id", _) => json!(self.id(world)),
            ("topic", Self::Group(chat)) => json!(world.group_chats[chat.0].topic),
            ("chatType", Self::Personal(..)) => json!("oneOnOne"),
            ("chatType", Self::Group(_)) => json!("group"),
            ("tenantId", _) => json!(world.tenants[tenant.0].id),
            ("webUrl", _) => json!(format!("https://teams.microsoft.com/l/chat/{}/0", self.id(world))),
            ("installedApps", _) => apps.iter().map(|app| json!({"teamsApp": teams_app(&world.apps[app.0])})).collect(),
            _ => Value::Null,
        }
    }

    fn id(self, world: &World) -> String {
        match self {
            Self::Personal(app, person) => {
                let (user, app) = (&world.people[person.0].spec.id, &world.apps[app.0].app_id);
                format!("19:{user}_{app}@unq.gbl.spaces")
            }
            Self::Group(chat) => world.group_chats[chat.0].id.clone(),
        }
    }
}
