use serde::Deserialize;

use super::{Answer, Failed, body, changed, created, done};
use crate::{
    actions::{ActionError, TeamChange},
    app::App,
    events::Cause,
    http::Call,
    lock::lock,
    world::{ChannelKind, TeamIx},
};

/// Which bot is meant, and where in a team.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Install {
    /// The first when absent.
    app: Option<String>,
    channel: Option<String>,
    upgrade: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewChannel {
    name: String,
    #[serde(default)]
    kind: ChannelKind,
    #[serde(default)]
    members: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewChat {
    #[serde(default)]
    topic: Option<String>,
    people: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Who {
    person: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherTeam {
    team: String,
}

impl Install {
    fn cause(&self) -> Cause {
        if self.upgrade { Cause::Upgrade } else { Cause::Install }
    }
}

/// `POST teams/{team}/{verb}`
pub(super) fn team(app: &App, call: &Call, key: &str, verb: &str) -> Answer {
    let team = find(app, key)?;
    let change = |change| Ok(changed(app.change_team(team, change)));
    match verb {
        "install" => {
            let install: Install = body(call)?;
            let bot = app.find_app(install.app.as_deref())?;
            let channel = install.channel.as_deref().map(|key| app.find_channel_of(team, key)).transpose()?;
            Ok(changed(app.install_in_team(bot, team, channel, install.cause())))
        }
        "uninstall" => {
            let install: Install = body(call)?;
            let bot = app.find_app(install.app.as_deref())?;
            Ok(changed(app.uninstall_from_team(bot, team, install.cause())))
        }
        "rename" => {
            app.rename_team(team, &body::<Named>(call)?.name)?;
            Ok(done())
        }
        "channels" => {
            let new: NewChannel = body(call)?;
            let members = app.find_people(new.members.iter().map(String::as_str))?;
            Ok(created(&app.create_channel(team, &new.name, new.kind, &members)?))
        }
        "archive" => change(TeamChange::Archive),
        "unarchive" => change(TeamChange::Unarchive),
        "delete" => change(TeamChange::Delete),
        "hard_delete" => change(TeamChange::HardDelete),
        "restore" => change(TeamChange::Restore),
        _ => Err(Failed::NoSuchPath),
    }
}

/// `POST channels/{channel}/{verb}`
pub(super) fn channel(app: &App, call: &Call, id: &str, verb: &str) -> Answer {
    let channel = app.find_channel(id)?;
    Ok(match verb {
        "rename" => {
            app.rename_channel(channel, &body::<Named>(call)?.name)?;
            done()
        }
        "delete" | "restore" => changed(app.set_channel_deleted(channel, verb == "delete")?),
        "share" | "unshare" => {
            let with = find(app, &body::<OtherTeam>(call)?.team)?;
            changed(app.share_channel(channel, with, verb == "share")?)
        }
        "add" | "remove" => {
            let person = app.find_person(&body::<Who>(call)?.person)?;
            changed(app.change_channel_member(person, channel, verb == "add")?)
        }
        _ => return Err(Failed::NoSuchPath),
    })
}

/// `POST chats`
pub(super) fn create_chat(app: &App, call: &Call) -> Answer {
    let new: NewChat = body(call)?;
    let people = app.find_people(new.people.iter().map(String::as_str))?;
    Ok(created(&app.create_group_chat(new.topic.as_deref(), &people)?))
}

/// `POST chats/{chat}/{verb}`
pub(super) fn chat(app: &App, call: &Call, id: &str, verb: &str) -> Answer {
    let chat = app.find_group_chat(id)?;
    Ok(changed(match verb {
        "install" => {
            let install: Install = body(call)?;
            app.install_in_chat(app.find_app(install.app.as_deref())?, chat, install.cause())
        }
        "uninstall" => {
            let install: Install = body(call)?;
            app.uninstall_from_chat(app.find_app(install.app.as_deref())?, chat, install.cause())
        }
        "add" | "remove" => {
            let person = app.find_person(&body::<Who>(call)?.person)?;
            app.change_chat_member(person, chat, verb == "add")?
        }
        _ => return Err(Failed::NoSuchPath),
    }))
}

fn find(app: &App, key: &str) -> Result<TeamIx, ActionError> {
    lock(&app.world).team(key).ok_or_else(|| ActionError::UnknownTeam(key.to_owned()))
}
