use pregon_model::{Activity, ActivityKind, ConversationType, EventType, InstallAction};
use reqwest::Method;

use crate::{
    bot::Received,
    entra::verified,
    setup::{Setup, message},
};

fn parsed(received: &Received) -> Activity {
    serde_json::from_value(received.activity.clone()).unwrap()
}

#[tokio::test]
async fn an_install_in_a_team_tells_the_bot_twice_with_a_valid_signature() {
    let setup = Setup::start().await;
    let team = setup.team();
    assert!(setup.emulator.install_in_team(&setup.app.app_id, &team.id).unwrap());
    assert!(!setup.emulator.install_in_team(&setup.app.app_id, &team.group_id).unwrap());
    setup.emulator.delivered().await;
    let received = setup.bot.take();
    assert_eq!(received.len(), 2);
    let (update, install) = (parsed(&received[0]), parsed(&received[1]));
    assert_eq!(update.kind, ActivityKind::ConversationUpdate);
    assert_eq!(update.members_added[0].id, update.recipient.as_ref().unwrap().id);
    assert_eq!(update.channel_data.as_ref().unwrap().event_type, Some(EventType::TeamMemberAdded));
    assert_eq!(
        (install.kind.clone(), install.action.clone()),
        (ActivityKind::InstallationUpdate, Some(InstallAction::Add))
    );
    for activity in [&update, &install] {
        let conversation = activity.conversation.as_ref().unwrap();
        assert_eq!((conversation.id.as_str(), conversation.kind()), (team.id.as_str(), ConversationType::Channel));
        let data = activity.channel_data.as_ref().unwrap();
        assert_eq!(data.team.as_ref().unwrap().aad_group_id.as_ref().unwrap().as_str(), team.group_id);
        assert_eq!(activity.tenant_id().unwrap().as_str(), setup.tenant);
    }

    let headers = &received[0].headers;
    assert_eq!(headers["x-ms-conversation-id"], team.id.as_str());
    assert_eq!(headers["x-ms-tenant-id"], setup.tenant.as_str());
    let token = headers["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap();
    let keys = format!("{}/v1/.well-known/keys", setup.emulator.base_url());
    let claims = verified(&setup, &keys, token, &setup.app.app_id).await;
    assert_eq!(claims["iss"], "https://api.botframework.com");
    assert_eq!(claims["serviceurl"], setup.emulator.service_url());
    assert_eq!(update.service_url.unwrap().as_str(), setup.emulator.service_url());
}

#[tokio::test]
async fn a_personal_install_names_bot_and_person_and_the_chat_stays_the_same() {
    let setup = Setup::start().await;
    let person = setup.person(0);
    let actor = setup.emulator.person(&person.id).unwrap();
    assert!(actor.install());
    assert!(!actor.install());
    setup.emulator.delivered().await;
    let received = setup.bot.take();
    let (update, install) = (parsed(&received[0]), parsed(&received[1]));
    let members: Vec<_> = update.members_added.iter().map(|member| member.id.as_str()).collect();
    assert_eq!(members, [format!("28:{}", setup.app.app_id), person.bots[0].member_id.clone()]);
    assert_eq!(install.action, Some(InstallAction::Add));
    let chat = install.conversation.unwrap().id;
    assert_eq!(setup.chat(&person).await, chat.as_str());

    assert!(actor.uninstall());
    setup.emulator.delivered().await;
    let received = setup.bot.take();
    assert_eq!(received.len(), 1);
    assert_eq!(parsed(&received[0]).action, Some(InstallAction::Remove));
    actor.install();
    setup.emulator.delivered().await;
    assert_eq!(parsed(&setup.bot.take()[0]).conversation.unwrap().id, chat);
}

#[tokio::test]
async fn who_leaves_and_joins_a_team_is_told() {
    let setup = Setup::installed().await;
    let person = setup.person(1);
    let actor = setup.emulator.person(&person.id).unwrap();
    for kind in ["teamMemberRemoved", "teamMemberAdded"] {
        let changed = if kind == "teamMemberAdded" { actor.join(None) } else { actor.leave(None) };
        assert!(changed.unwrap());
        setup.emulator.delivered().await;
        let activity = parsed(&setup.bot.take()[0]);
        let members = if kind == "teamMemberAdded" { &activity.members_added } else { &activity.members_removed };
        assert_eq!(members[0].aad_object_id.as_ref().unwrap().as_str(), person.id);
        assert_eq!(activity.event_type().unwrap().as_str(), kind);
    }
}

#[tokio::test]
async fn a_person_writes_in_the_chat_and_mentions_the_bot_in_a_channel() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let actor = setup.emulator.person(&person.id).unwrap();
    let id = actor.write("help").unwrap();
    setup.emulator.delivered().await;
    let activity = parsed(&setup.bot.take()[0]);
    assert_eq!(activity.id.as_ref().unwrap().as_str(), id);
    assert_eq!(activity.text.as_deref(), Some("help"));
    assert_eq!(activity.local_timezone.as_deref(), Some(person.time_zone.as_str()));

    let channel = setup.team().channels[2].clone();
    let root = actor.write_in_channel(&channel.name, None, "status").unwrap();
    actor.write_in_channel(&channel.id, Some(&root), "and now?").unwrap();
    setup.emulator.delivered().await;
    for received in setup.bot.take() {
        let activity = parsed(&received);
        let thread = format!("{};messageid={root}", channel.id);
        assert_eq!(activity.conversation.as_ref().unwrap().id.as_str(), thread);
        assert!(["status", "and now?"].contains(&activity.text_without_bot_mention().as_str()));
    }
    // The bot can answer in the thread a person began.
    setup.say(&format!("{};messageid={root}", channel.id), "all quiet").await;
}

#[tokio::test]
async fn a_refused_activity_is_delivered_once_more_and_then_given_up() {
    let setup = Setup::installed().await;
    let actor = setup.emulator.person(&setup.person(0).id).unwrap();
    setup.bot.refuse(1);
    actor.write("first").unwrap();
    setup.emulator.delivered().await;
    assert_eq!(setup.bot.take().len(), 2);
    setup.bot.refuse(2);
    actor.write("second").unwrap();
    setup.emulator.delivered().await;
    assert_eq!(setup.bot.take().len(), 2);
    let stats = setup.emulator.stats().outgoing;
    assert_eq!((stats.redelivered, stats.failed, stats.pending()), (2, 1, 0));
}

#[tokio::test]
async fn a_person_cannot_write_to_a_bot_that_is_not_there() {
    let setup = Setup::start().await;
    let actor = setup.emulator.person(&setup.person(0).id).unwrap();
    assert!(actor.write("hello?").is_err());
    assert!(actor.write_in_channel("General", None, "hello?").is_err());
}

#[tokio::test]
async fn a_person_cannot_edit_through_the_bot_what_they_wrote() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    let own = setup.emulator.person(&person.id).unwrap().write("mine").unwrap();
    let path = format!("conversations/{chat}/activities/{own}");
    let edit = setup.call(Method::PUT, &path).json(&message("yours")).send().await.unwrap();
    assert_eq!(crate::setup::refusal(edit).await, (403, "NotEnoughPermissions".to_owned()));
}

#[tokio::test]
async fn bots_are_told_of_edits_deletes_new_names_and_new_channels() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let actor = setup.emulator.person(&person.id).unwrap();
    let id = actor.write("frist").unwrap();
    setup.emulator.delivered().await;
    setup.bot.take();
    actor.edit(None, &id, "first").unwrap();
    actor.delete(None, &id).unwrap();
    assert!(actor.edit(None, &id, "gone").is_err());
    let team = setup.team();
    setup.emulator.rename_team(&team.id, "Harbor Operations").unwrap();
    let channel = setup.emulator.create_channel(&team.group_id, "Weather").unwrap();
    setup.emulator.delivered().await;
    let mut told: Vec<_> = setup.bot.take().iter().map(parsed).collect();
    let kind = |activity: &Activity| activity.event_type().unwrap().to_string();
    told.sort_by_key(kind);
    let kinds: Vec<_> = told.iter().map(kind).collect();
    assert_eq!(kinds, ["channelCreated", "editMessage", "softDeleteMessage", "teamRenamed"]);
    assert_eq!(told[0].channel_data.as_ref().unwrap().channel.as_ref().unwrap().id.as_str(), channel);
    assert_eq!((told[1].text.as_deref(), told[1].id.as_ref().unwrap().as_str()), (Some("first"), id.as_str()));
    let renamed = told[3].channel_data.as_ref().unwrap().team.as_ref().unwrap();
    assert_eq!(renamed.name.as_deref(), Some("Harbor Operations"));
    setup.say(&channel, "the new channel takes messages").await;
}
