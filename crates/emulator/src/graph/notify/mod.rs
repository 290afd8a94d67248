//! Activity-feed notifications.
//!
//! Source: Microsoft Learn, "Send activity feed notifications to users in Microsoft Teams".

mod request;

use axum::{http::StatusCode, response::Response};

use super::{
    Caller,
    chats::GraphChat,
    counted,
    directory::find_user,
    error::{bad_request, error, forbidden, not_found},
    teams,
};
use crate::{
    app::App,
    faults::Aim,
    http::{Call, empty},
    lock::lock,
    notifications::FeedNotification,
    operation::Operation,
    world::{PersonIx, Roster, World},
};
use request::{Recipient, Request};

/// A bulk call is refused when its token has less than this to live, seconds.
const BULK_TOKEN_LEFT_S: u64 = 45 * 60;

/// Who is to be notified, or why nobody is: the answer.
type Recipients = Result<Vec<PersonIx>, Response>;

/// `POST /users/{user}/teamwork/sendActivityNotification`.
pub(super) async fn user(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    let person = find_user(&lock(&app.world), caller, key);
    let aim = Aim { conversation: None, person };
    send(app, call, caller, (Operation::Notify, StatusCode::NO_CONTENT), &aim, |world, _| {
        let person = person.ok_or_else(|| not_found(app, "Resource", key))?;
        if has_app(world, caller, person) { Ok(vec![person]) } else { Err(not_installed(app)) }
    })
    .await
}

/// `POST /teams/{team}/sendActivityNotification`.
pub(super) async fn team(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    send(app, call, caller, (Operation::Notify, StatusCode::NO_CONTENT), &Aim::default(), |world, request| {
        let team = teams::find(world, caller, key).ok_or_else(|| not_found(app, "Team", key))?;
        let team = &world.teams[team.0];
        if !team.apps.contains(&caller.app) {
            return Err(not_installed(app));
        }
        let wrong = || bad_request(app, "The recipient is not of this team.");
        match request.recipient(app)? {
            Recipient::User(id) => {
                let person = find_user(world, caller, &id).filter(|person| team.members.contains(person));
                Ok(vec![person.ok_or_else(wrong)?])
            }
            Recipient::Team(id) if id == team.group_id => Ok(team.members.iter().copied().collect()),
            Recipient::Channel(id, channel) if id == team.group_id => {
                let channel = team.live_channels().find(|one| one.id == channel).ok_or_else(wrong)?;
                match world.roster(channel.place) {
                    Roster::One(person) => Ok(vec![person]),
                    Roster::Many(members) => Ok(members.iter().copied().collect()),
                }
            }
            Recipient::Team(_) | Recipient::Channel(..) | Recipient::Chat(_) => Err(wrong()),
        }
    })
    .await
}

/// `POST /chats/{chat}/sendActivityNotification`.
pub(super) async fn chat(app: &App, call: &Call, caller: Caller, key: &str) -> Response {
    send(app, call, caller, (Operation::Notify, StatusCode::NO_CONTENT), &Aim::default(), |world, request| {
        let chat = GraphChat::find(world, caller, key).ok_or_else(|| not_found(app, "Chat", key))?;
        let (members, installed) = match chat {
            GraphChat::Personal(bot, person) => (vec![person], bot == caller.app),
            GraphChat::Group(chat) => {
                let chat = &world.group_chats[chat.0];
                (chat.members.iter().copied().collect(), chat.apps.contains(&caller.app))
            }
        };
        if !installed {
            return Err(not_installed(app));
        }
        match request.recipient(app)? {
            Recipient::Chat(id) if id == key => Ok(members),
            Recipient::User(id) => match find_user(world, caller, &id).filter(|person| members.contains(person)) {
                Some(person) => Ok(vec![person]),
                None => Err(bad_request(app, "The recipient is not in this chat.")),
            },
            Recipient::Team(_) | Recipient::Channel(..) | Recipient::Chat(_) => {
                Err(bad_request(app, "The recipient is not of this chat."))
            }
        }
    })
    .await
}

/// `POST /teamwork/sendActivityNotificationToRecipients`: whom it does not reach is not told.
pub(super) async fn bulk(app: &App, call: &Call, caller: Caller) -> Response {
    if caller.expires_s < app.clock.epoch_s() + BULK_TOKEN_LEFT_S {
        app.count(Operation::NotifyBulk);
        let message = "The token must be good for 45 minutes more: ask for a new one.";
        return error(app, StatusCode::PRECONDITION_FAILED, "PreconditionFailed", message, None);
    }
    send(app, call, caller, (Operation::NotifyBulk, StatusCode::ACCEPTED), &Aim::default(), |world, request| {
        let ids = request.recipients(app)?;
        let reached = |id: &String| find_user(world, caller, id).filter(|person| has_app(world, caller, *person));
        Ok(ids.iter().filter_map(reached).collect())
    })
    .await
}

async fn send(
    app: &App,
    call: &Call,
    caller: Caller,
    (operation, success): (Operation, StatusCode),
    aim: &Aim,
    recipients: impl FnOnce(&World, &Request) -> Recipients,
) -> Response {
    counted(app, call, caller, operation, aim, || {
        let request = match Request::read(app, call) {
            Ok(request) => request,
            Err(answer) => return answer,
        };
        let notification = {
            let world = lock(&app.world);
            let people = match recipients(&world, &request) {
                Ok(people) => people,
                Err(answer) => return answer,
            };
            FeedNotification {
                seq: 0,
                app_id: world.apps[caller.app.0].app_id.clone(),
                tenant_id: world.tenants[caller.tenant.0].id.clone(),
                recipients: people.iter().map(|person| world.people[person.0].spec.id.clone()).collect(),
                activity_type: request.activity_type,
                at_ms: app.clock.epoch_ms(),
                body: request.body,
            }
        };
        app.keep_notification(notification);
        empty(success)
    })
    .await
}

fn has_app(world: &World, caller: Caller, person: PersonIx) -> bool {
    world.chat_if_any(caller.app, person).is_some_and(|chat| chat.installed)
}

fn not_installed(app: &App) -> Response {
    forbidden(app, "The app is not installed for the recipient.")
}
